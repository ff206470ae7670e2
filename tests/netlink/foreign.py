# SPDX-License-Identifier: GPL-2.0-only
"""
Foreign user and network namespaces: whose root may do all there and is nobody on
this host, as in a container without privileges.
"""
import ctypes
import os

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_DUMPABLE = 4
NOBODY = 65534


def become_nobody():
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def enter_foreign_namespaces():
    """This process is root of namespaces of its own from here on."""
    if os.getuid() != NOBODY:
        become_nobody()
    libc = ctypes.CDLL(None, use_errno=True)
    # Who changed its user may not write its own maps otherwise.
    libc.prctl(PR_SET_DUMPABLE, 1)
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare: " + os.strerror(ctypes.get_errno()))
    for file, text in (("setgroups", "deny"), ("uid_map", "0 %d 1" % NOBODY),
                       ("gid_map", "0 %d 1" % NOBODY)):
        with open("/proc/self/" + file, "w") as f:
            f.write(text)
