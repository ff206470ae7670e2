# SPDX-License-Identifier: GPL-2.0-only
"""
Both ends of FTP control connections through a director, for network tests: what one
end writes and the other reads, the data connections that come of it, and the
director's entries. Needs the namespaces of topo/nat.sh.
"""
import array
import ctypes
import fcntl
import os
import re
import socket

VIP = {4: '10.1.0.100', 6: 'fd01::100'}
CLIENT = {4: '10.1.0.2', 6: 'fd01::2'}
SERVER = {4: '10.2.0.11', 6: 'fd02::11'}
FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}
CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


def enter(name):
    """Everything made from here on is in that namespace; sockets stay where they are."""
    with open('/run/netns/' + name) as f:
        if libc.setns(f.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), name)


def make_socket(where, version):
    enter(where)
    s = socket.socket(FAMILY[version], socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.settimeout(20)
    return s


def listen(where, version, addr, port):
    s = make_socket(where, version)
    s.bind((addr, port))
    s.listen()
    return s


def connect(where, version, source, to):
    s = make_socket(where, version)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    s.bind(source)
    s.connect(to)
    return s


class Session:
    """One control connection."""

    def __init__(self, version, cport, vport=21, dport=21):
        self.version, self.vport = version, vport
        self.cport = cport
        waiting = listen('rs1', version, SERVER[version], dport)
        self.client = connect('client', version, (CLIENT[version], cport),
                              (VIP[version], vport))
        self.server = waiting.accept()[0]
        self.server.settimeout(20)
        self.server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        waiting.close()
        self.server_says('220 ready\r\n')

    def hear(self, s, length):
        """What the other end reads: whole lines, or as many bytes as were written."""
        text = b''
        while len(text) < length or not text.endswith(b'\n'):
            part = s.recv(4096)
            if not part:
                break
            text += part
        return text.decode('latin1')

    def server_says(self, text):
        self.server.sendall(text.encode('latin1'))
        return self.hear(self.client, 1)

    def client_says(self, text):
        self.client.sendall(text.encode('latin1'))
        return self.hear(self.server, len(text))

    def close(self):
        self.client.close()
        self.server.close()


def entries(*ports):
    """The director's entries of these virtual ports, without their timers."""
    enter('director')
    found = []
    with open('/proc/net/ip_vs_conn') as f:
        for line in f.readlines()[1:]:
            words = line.split()
            if int(words[4], 16) in ports:
                found.append(' '.join(words[:8]))
    return sorted(found)


def used():
    enter('director')
    with open('/proc/net/ip_vs_app') as f:
        return f.read()


def transfer(connected, accepted, what):
    connected.settimeout(20)
    accepted.settimeout(20)
    connected.sendall(what)
    got = b''
    while len(got) < len(what):
        part = accepted.recv(65536)
        if not part:
            break
        got += part
    return got == what


def outstanding(s):
    """Bytes that the peer has not acknowledged."""
    n = array.array('i', [0])
    fcntl.ioctl(s, 0x5411, n)    # SIOCOUTQ
    return n[0]


def passive_place(reply):
    """Where a client would connect to: (address or None, port)."""
    plain = re.search(r'(\d+),(\d+),(\d+),(\d+),(\d+),(\d+)', reply)
    if plain:
        n = [int(x) for x in plain.groups()]
        return '.'.join(map(str, n[:4])), n[4] * 256 + n[5]
    ext = re.search(r'\|\|\|(\d+)\|', reply)
    return (None, int(ext.group(1))) if ext else (None, None)
