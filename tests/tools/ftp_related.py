# SPDX-License-Identifier: GPL-2.0-only
"""
usage: ftp_related.py

A passive data connection through a director whose firewall lets RELATED connections
pass alone. Prints what is wrong, and exits 1.
"""
import sys
from ftp_talk import *

s = Session(4, 33000)
waiting = listen('rs1', 4, SERVER[4], 40001)
s.client_says('PASV\r\n')
reply = s.server_says('227 x (10,2,0,11,%d,%d)\r\n' % (40001 >> 8, 40001 & 255))
if passive_place(reply) != (VIP[4], 40001):
    sys.exit('told the client: ' + reply)
data = connect('client', 4, (CLIENT[4], 33001), (VIP[4], 40001))
if not transfer(data, waiting.accept()[0], b'x' * 5000):
    sys.exit('no data')
