# SPDX-License-Identifier: GPL-2.0-only
"""
usage: ftp_dialogues.py

Commands and replies of FTP through a director: prints what came through, the entries,
and whether data connections work. The same is to be printed with either module.
"""
from ftp_talk import *

COMMANDS = {
    4: ['PORT {plain}', 'PORT  {plain}', 'PORT{plain}', 'port {plain}',
        'EPRT |1|{addr}|{port}|', 'EPRT !1!{addr}!{port}!', 'EPRT |2|{addr}|{port}|'],
    6: ['EPRT |2|{addr}|{port}|', 'eprt |2|{addr}|{port}|', 'EPRT |1|{addr}|{port}|'],
}
REPLIES = {
    4: [('PASV', '227 Entering Passive Mode (10,2,0,11,{p1},{p2}).'),
        ('pasv', '227 =10,2,0,11,{p1},{p2}'),
        ('PASV', '227 x (10,2,0,17,{p1},{p2})'),
        ('PASV', '227 x (10,2,0,11,256,1)'),
        ('PASV', '227 x (10,2,0,11,25)'),
        ('PASV', '200-x\r\n227 x (10,2,0,11,{p1},{p2})'),
        ('PASV', '229 x (|||{port}|)'),
        ('EPSV', '229 Entering Extended Passive Mode (|||{port}|)'),
        ('EPSV 1', '229 x (!!!{port}!)'),
        ('EPSV 2', '229 x (!!!{port}!)'),
        ('EPSV ALL', '229 x (!!!{port}!)'),
        ('EPSV', '229 x (|1|10.2.0.17|{port}|)'),
        ('EPSV', '229 x (|||0|)')],
    6: [('PASV', '227 x (10,2,0,11,{p1},{p2})'),
        ('EPSV', '229 Entering Extended Passive Mode (|||{port}|)'),
        ('EPSV 2', '229 x (!!!{port}!)'),
        ('EPSV 1', '229 x (!!!{port}!)'),
        ('EPSV', '229 x (|2|fd02::17|{port}|)')],
}
cport = 30000


def active(version, command):
    global cport
    cport += 2
    s = Session(version, cport)
    addr, port = CLIENT[version], cport + 1
    text = command.format(addr=addr, port=port, plain=','.join(
        addr.split('.') + [str(port >> 8), str(port & 255)])) + '\r\n'
    waiting = listen('client', version, addr, port)
    print(repr(text), '->', repr(s.client_says(text)))
    print('  ', entries(20))
    if entries(20):
        data = connect('rs1', version, (SERVER[version], 20), (addr, port))
        accepted, peer = waiting.accept()
        print('   from', peer[:2], transfer(data, accepted, b'x' * 20000),
              transfer(accepted, data, b'y' * 20000))
        # Reset: the next connection from port 20 goes elsewhere.
        data.close()
        accepted.close()
    waiting.close()
    s.close()


def passive(version, command, reply):
    global cport
    cport += 2
    s = Session(version, cport)
    port = 40000 + cport % 10000
    reply = reply.format(port=port, p1=port >> 8, p2=port & 255) + '\r\n'
    s.client_says(command + '\r\n')
    got = s.server_says(reply)
    print(repr(command), repr(reply), '->', repr(got))
    # A later line has its numbers changed.
    print('  ', repr(s.client_says('NOOP\r\n')), repr(s.server_says('200 ok\r\n')))
    print('  ', entries(port))
    if entries(port):
        other = SERVER[version].replace('11', '17') in reply.replace(',', '.')
        waiting = listen('rs1', version,
                         SERVER[version].replace('11', '17') if other else SERVER[version], port)
        data = connect('client', version, (CLIENT[version], cport + 1), (VIP[version], port))
        accepted = waiting.accept()[0]
        print('  ', transfer(data, accepted, b'x' * 20000),
              transfer(accepted, data, b'y' * 20000), entries(port))
        data.close()
        accepted.close()
        waiting.close()
    s.close()


for v in (4, 6):
    for c in COMMANDS[v]:
        active(v, c)
    for c, r in REPLIES[v]:
        passive(v, c, r)
