# SPDX-License-Identifier: GPL-2.0-only
"""
usage: ftp_split.py

FTP through a director when lines are split over segments: every reply is cut in each
place of its address, commands in their middle; later text keeps its numbers. Prints
what is wrong, and exits 1.
"""
import sys
import time
from ftp_talk import *

wrong = []
cport = 31000


def check(what, wanted, got):
    if wanted != got:
        wrong.append('%s: wanted %r, got %r' % (what, wanted, got))


def write_parts(to, other, text, *cuts):
    """One segment a part: each has been read before the next is written."""
    got = ''
    for part in [text[a:b] for a, b in zip((0,) + cuts, cuts + (len(text),))]:
        to.sendall(part.encode())
        # The peer's window tells that it has come; a part may leave no byte.
        while outstanding(to):
            time.sleep(0.01)
    while not got.endswith('\n'):
        got += other.recv(4096).decode()
    return got


def passive_split(cut):
    global cport
    cport += 2
    s = Session(4, cport)
    port = 40000 + cport % 10000
    place = '10,2,0,11,%d,%d' % (port >> 8, port & 255)
    reply = '227 Entering Passive Mode (%s).\r\n' % place
    write_parts(s.client, s.server, 'PASV\r\n', 2)
    got = write_parts(s.server, s.client, reply, 27 + cut)
    check('reply cut at %d' % cut,
          reply.replace('10,2,0,11', VIP[4].replace('.', ',')), got)
    check('the next command', 'NOOP\r\n', s.client_says('NOOP\r\n'))
    check('the next reply', '200 ok\r\n', s.server_says('200 ok\r\n'))
    waiting = listen('rs1', 4, SERVER[4], port)
    data = connect('client', 4, (CLIENT[4], cport + 1), (VIP[4], port))
    accepted = waiting.accept()[0]
    check('data', True, transfer(data, accepted, b'x' * 5000))
    for each in (data, accepted, waiting):
        each.close()
    s.close()


def active_split():
    global cport
    cport += 2
    s = Session(4, cport)
    addr, port = CLIENT[4], cport + 1
    waiting = listen('client', 4, addr, port)
    text = 'TYPE I\r\nPORT %s,%d,%d\r\n' % (addr.replace('.', ','), port >> 8, port & 255)
    check('command', text, ''.join(
        [write_parts(s.client, s.server, text, 15, 22)]))
    data = connect('rs1', 4, (SERVER[4], 20), (addr, port))
    accepted, peer = waiting.accept()
    check('who connects', (VIP[4], 20), peer)
    check('data', True, transfer(data, accepted, b'x' * 5000))
    for each in (data, accepted, waiting):
        each.close()
    s.close()


def waiting_entries():
    """Active data connections that have had no packet."""
    return [e for e in entries(20) if e.endswith('LISTEN')]


def strangers():
    """What is ignored: another host's address, a port that is a service."""
    global cport
    cport += 2
    s = Session(4, cport)
    s.client_says('PORT 10,1,0,77,200,1\r\n')
    check('entries of another address', [], waiting_entries())
    s.client_says('PASV\r\n')
    reply = '227 x (10,2,0,11,0,80)\r\n'
    check('a service of its own', reply, s.server_says(reply))
    check('entries of it', [], entries(80))
    for i in range(20):
        s.client_says('PORT %s,200,%d\r\n' % (CLIENT[4].replace('.', ','), i))
    check('data connections that wait', 4, len(waiting_entries()))
    check('control connections', True, 'ftp' in used())
    s.close()


for c in range(1, 17):
    passive_split(c)
active_split()
strangers()
print('\n'.join(wrong) or 'all right')
sys.exit(bool(wrong))
