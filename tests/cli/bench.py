# SPDX-License-Identifier: GPL-2.0-only
#
# Two programs, what they did, and whether it was the same.
#
import difflib
import os
import re
import shutil
import subprocess

HERE = os.path.dirname(os.path.realpath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
SCRIPTS = {'ipvsadm-save': 'ipvsadm-save',
           'ipvsadm-restore': 'ipvsadm-restore',
           'init': 'service/ipvsadm'}


def near_copy(path, work, name):
    """A copy of a program and its libraries in memory: starts faster."""
    lib = os.path.join(work, 'lib')
    os.makedirs(lib, exist_ok=True)
    os.environ.pop('LD_LIBRARY_PATH', None)
    needed = subprocess.run(['ldd', path], capture_output=True, text=True)
    for library in re.findall(r'=> (/\S+)', needed.stdout):
        shutil.copy(library, lib)
    os.environ['LD_LIBRARY_PATH'] = lib
    copy = os.path.join(work, name + '.program')
    shutil.copy(path, copy)
    return copy


class Tool:
    """One of the two programs, under the same name in a PATH of its own."""

    def __init__(self, path, work, name):
        self.path = near_copy(path, work, name)
        self.bin = os.path.join(work, name)
        os.mkdir(self.bin)
        os.symlink(self.path, os.path.join(self.bin, 'ipvsadm'))
        for script, source in SCRIPTS.items():
            with open(os.path.join(TOP, 'ipvsadm', source)) as file:
                text = file.read()
            copy = os.path.join(self.bin, script)
            with open(copy, 'w') as file:
                file.write(re.sub(r'(?m)^PATH=', f'PATH={self.bin}:', text))
            os.chmod(copy, 0o755)

    def call(self, args, stdin=b'', env=None):
        full = dict(os.environ, PATH=self.bin + ':' + os.environ['PATH'])
        full.update(env or {})
        done = subprocess.run(['ipvsadm'] + args, executable=self.path,
                              input=stdin, capture_output=True, env=full,
                              timeout=60)
        return Result(done)

    def shell(self, line):
        full = dict(os.environ, PATH=self.bin + ':' + os.environ['PATH'])
        done = subprocess.run(['/bin/bash', '-c', line], capture_output=True,
                              stdin=subprocess.DEVNULL, env=full, timeout=60)
        return Result(done)


class Result:
    def __init__(self, done):
        self.status = done.returncode
        self.out = done.stdout.decode('utf-8', 'backslashreplace')
        self.err = done.stderr.decode('utf-8', 'backslashreplace')
        self.rules = None

    def key(self):
        return (self.status, self.err, self.out, self.rules)


class Bench:
    """Both tools, the counters and the neutral helper for the state."""

    def __init__(self, stock, ours, texts=False):
        self.texts = texts
        self.stock, self.ours = stock, ours
        self.helper = stock or ours
        self.passed = self.failed = self.skipped = 0
        self.base = None

    def reset(self, setup=(), everything=False):
        lines = ['-C'] + list(setup)
        if everything:
            for state in 'master', 'backup':
                self.helper.call(['--stop-daemon', state])
            lines.append('--set 900 120 300')
        text = '\n'.join(lines) + '\n'
        done = self.helper.call(['-R'], text.encode())
        # What our module lacks it refuses; the rest makes a table as well.
        if (done.status or done.err) and not self.texts:
            raise SystemExit(f'cannot set up: {done.err}')
        self.base = self.rules()

    def rules(self):
        return self.helper.call(['-S', '-n']).out

    def verdict(self, ok, name, detail=''):
        if ok:
            self.passed += 1
            return
        self.failed += 1
        print(f'FAIL {name}\n{detail}', flush=True)

    def without_texts(self, err, like):
        """Without the kernel's own words, unless they are expected."""
        if not self.texts:
            return err
        return ''.join(line for line in err.splitlines(True)
                       if not line.startswith('ipvsadm: ') or line in like)

    def compare(self, name, stock, ours):
        if stock is None:
            return
        fields = 'status', 'stderr', 'stdout', 'rules'
        detail = ''
        ours.err = self.without_texts(ours.err, stock.err)
        for field, a, b in zip(fields, stock.key(), ours.key()):
            if a != b:
                detail += f'  {field}:\n' + diff(a, b)
        self.verdict(not detail, name, detail)


def diff(a, b):
    lines = difflib.ndiff(str(a).splitlines(), str(b).splitlines())
    changed = [line for line in lines if line[0] in '+-']
    return ''.join(f'    {line!r}\n' for line in changed[:12])


PRELOAD = r'''
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define WRAP(name) \
FILE *name(const char *path, const char *mode) \
{ \
	FILE *(*real)(const char *, const char *) = dlsym(RTLD_NEXT, #name); \
	const char *file = getenv("CONN_FILE"); \
	return real(file && !strcmp(path, "/proc/net/ip_vs_conn") ? \
		    file : path, mode); \
}
WRAP(fopen)
WRAP(fopen64)
'''


def preload_conns(work):
    source, library = work + '/conn.c', work + '/conn.so'
    if not os.path.exists(library):
        with open(source, 'w') as file:
            file.write(PRELOAD)
        subprocess.run(['gcc', '-shared', '-fPIC', '-o', library, source],
                       check=True)
    return library
