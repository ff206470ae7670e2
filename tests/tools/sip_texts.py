#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""
sip_texts - datagrams with and without a Call-ID, and what a director makes of them.

usage: sip_texts.py VIP PORT     send each to the service, from an address of its own
                                 in 10.8.0.0/16, which is this host's; print each text
                                 and the data of the template it has made, "-": none
"""
import random
import re
import socket
import sys

INVITE = b'INVITE sip:a@b SIP/2.0\r\n'

# What is written down: each stands for a rule.
BOOK = [
    b'Call-ID: v\r\n', b'i: v\r\n', b'I:v\r\n', b'call-id:v\r\n', b'CALL-ID\t:\tv\r\n',
    b'Call-ID  : v\r\n', b'Call-ID: v\n', b'Call-ID: v\r', b'Via: x\nCall-ID: v\n',
    b'Call-ID:\r\n v\r\n', b'Call-ID:\r\n\t v\r\n', b'Call-ID\r\n : v\r\n',
    b'Call-ID:\r\n \r\n v\r\n', b'Call-ID:\r\nv\r\n', b'Call-ID\r\n', b'Call-ID v\r\n',
    b'Call-ID: v', b'Call-ID: v z\r\n', b'Call-ID: v#x\r\n', b'Call-ID: v@\r\n',
    b'Call-ID: v@\r\ni: w\r\n', b'Call-ID: @w\r\n', b'Call-ID: @w\r\ni: w\r\n',
    b'Call-ID: v@w\r\n', b'Call-ID: v@w@x\r\n', b'Call-ID: v@w@x\r\ni: w\r\n',
    b'Call-ID: \r\n', b'Call-ID: \r\ni: w\r\n', b'Call-ID:\r\ni: w\r\n',
    b'Call-ID: #\r\ni: w\r\n', b'Call-ID: v#\r\ni: w\r\n', b'Call-ID v\r\ni: w\r\n',
    b'Call-ID\r\n: v\r\ni: w\r\n', b'CallID: v\r\n', b'Call-IDs: v\r\n',
    b'Call-IDs: v\r\ni: w\r\n', b'is: v\r\ni: w\r\n', b'i\xe9: v\r\ni: w\r\n',
    b'i1: v\r\ni: w\r\n', b'i-: v\r\ni: w\r\n', b'i \r\n : v\r\ni: w\r\n',
    b' Call-ID: v\r\n', b'X: y\r\n Call-ID: v\r\n', b'X: y\r\n\ti: v\r\ni: w\r\n',
    b'\r\nCall-ID: v\r\n', b'\r\n\r\nCall-ID: v\r\n', b'\n\nCall-ID: v\n',
    b'\n\n\nCall-ID: v\n', b'\r\rCall-ID: v\n', b'\n\rCall-ID: v\n', b'\n\r\nCall-ID: v\n',
    b'Call-ID: caf\xe9\r\n', b'Call-ID: caf\xc3\xa9\r\n', b'Call-ID: \xd7\r\n',
    b'Call-ID: \xf7v\r\ni: w\r\n', b'Call-ID: \xff\xc0\r\n', b'Call-ID: v\0\r\n',
    b'Call-ID: \xaa\r\ni: w\r\n', b'Call-ID: \xb5\r\ni: w\r\n',
    b'Call-ID: !"%\'()*+-./:<>?[\\]_`{}~09azAZ\r\n', b'Call-ID: a$\r\n', b'Call-ID: a&b\r\n',
    b'Call-ID: a,b\r\n', b'Call-ID: a;b\r\n', b'Call-ID: a=b\r\n', b'Call-ID: a^b\r\n',
    b'Call-ID: a|b\r\n', b'Call-ID: ' + b'v' * 255 + b'\r\n',
    b'Call-ID: ' + b'v' * 256 + b'\r\n', b'Call-ID: ' + b'v' * 256 + b'\r\ni: w\r\n',
    b'Call-ID: ' + b'v' * 127 + b'@' + b'w' * 127 + b'\r\n',
    b'Call-ID: ' + b'v' * 128 + b'@' + b'w' * 127 + b'\r\n',
    b'Call-ID: ' + b'v' * 256 + b'@\r\ni: w\r\n', b'Call-ID: ' + b'v' * 300 + b'\r\n',
    b'Call-ID: a\r\nCall-ID: b\r\n', b'Call-ID: @\r\n\r\nCall-ID: b\r\n',
    b'Call-ID: a@i: w\r\n', b'Call-ID: a@ i: w\r\n', b'Call-ID: @\ri: w\r\n',
    b'Call-ID: @\r\n\r\ni: w\r\n', b'Call-ID: a@\n\ni: w\r\n', b'Call-ID:#\n\ni: w\r\n',
    b'Call-ID: \n\ni: w\r\n',
]
WHOLE = [b'', b'\0', b'\r\n', b'Call-ID: v\r\n', b'i: v\r\n', b'\ni: v\n', b'\ri: v\r',
         b'\0\xff\r\n\xfe', b'\ni', b'\ni:', b'\ni:v', b'\ni:v\n', b'\nCall-ID']
# Where the Call-ID of a long datagram ends.
DEPTHS = [1000, 1400, 4000, 8000, 15000, 16384, 16500, 60000]
FAR = 16384

PIECES = [b'\r\n', b'\n', b'\r', b' ', b'\t', b'Call-ID', b'call-id', b'CALL-id', b'i', b'I',
          b':', b': ', b'@', b'v', b'w.x', b'#', b'\xe9', b'\0', b'l', b'\r\ni: ', b'\n\n',
          b'\r\nCall-ID: ', b'x' * 120]


def long_one(depth):
    call_id = b'\r\nCall-ID: v\r\n'
    return (INVITE + b'X: y\r\n' * (depth // 6))[:depth - len(call_id) + 1] + call_id


def texts(spun):
    dice = random.Random(6)
    yield from (INVITE + text for text in BOOK)
    yield from WHOLE
    for _ in range(spun):
        yield b''.join(dice.choice(PIECES) for _ in range(dice.randrange(2, 14)))
    yield from (long_one(depth) for depth in DEPTHS)


def client(i):
    return '10.8.%d.%d' % divmod(i, 256)


def templates():
    """Data of templates, by client."""
    found = {}
    with open('/proc/net/ip_vs_conn', 'rb') as f:
        for line in f.read().split(b'\n')[1:]:
            columns = [c for c in line.split(b' ') if c]
            if len(columns) > 10:
                found[columns[1]] = columns[10]
    return found


def short(data):
    return re.sub(r'(.{1,10}?)\1{9,}', lambda m: '%s{%d}' % (m[1], len(m[0]) // len(m[1])),
                  repr(data)[2:-1])


def send(text, src, dst):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind((src, 0))
        try:
            s.sendto(text, dst)
        except PermissionError:
            pass  # it was dropped


def main(vip, port):
    book = list(texts(500))
    for i, text in enumerate(book):
        send(text, client(i), (vip, int(port)))
    found = templates()
    for i, text in enumerate(book):
        value = found.get(socket.inet_aton(client(i)).hex().upper().encode())
        told = 'far %d:' % (len(text) - 1) if len(text) > FAR else short(text)
        print(told, '->', '-' if value is None else short(value))


if __name__ == '__main__':
    main(*sys.argv[1:])
