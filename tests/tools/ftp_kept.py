# SPDX-License-Identifier: GPL-2.0-only
"""
usage: ftp_kept.py IPVSADM

A control connection whose time is up stays while one of its data connections does, and
goes on. Prints what is wrong, and exits 1.
"""
import subprocess
import sys
import time
from ftp_talk import *

IPVSADM = sys.argv[1]


def timeout(seconds):
    subprocess.run(['ip', 'netns', 'exec', 'director', IPVSADM, '--set', str(seconds),
                    '0', '0'], check=True)


def control():
    """The words of its entry; listings hide it from its deadline on until it is given
    more time."""
    enter('director')
    with open('/proc/net/ip_vs_conn') as f:
        for line in f.readlines()[1:]:
            words = line.split()
            if int(words[2], 16) == 32000:
                return words
    return None


# Its packets give the control connection twenty seconds, those of the data connection,
# which is there from PORT on, an hour.
timeout(20)
s = Session(4, 32000)
place = '%s,%d,%d' % (CLIENT[4].replace('.', ','), 32001 >> 8, 32001 & 255)
waiting = listen('client', 4, CLIENT[4], 32001)
s.client_says('PORT %s\r\n' % place)
while outstanding(s.client) or outstanding(s.server):
    time.sleep(0.01)
timeout(3600)
data = connect('rs1', 4, (SERVER[4], 20), (CLIENT[4], 32001))
accepted = waiting.accept()[0]
if not transfer(data, accepted, b'x' * 5000):
    sys.exit('no data')
# No packet comes: only that its time is up gives it more.
end = time.monotonic() + 300
found = None
while not found or int(found[-1]) <= 20:
    if time.monotonic() > end:
        sys.exit('it has gone, or its time is not up: %r' % found)
    time.sleep(0.2)
    found = control()
for says, what in ((s.client_says, 'NOOP\r\n'), (s.server_says, '200 ok\r\n')):
    if says(what) != what:
        sys.exit('%r does not come through' % what)
if not transfer(accepted, data, b'y' * 5000):
    sys.exit('no data afterwards')
