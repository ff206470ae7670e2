# SPDX-License-Identifier: GPL-2.0-only
"""
A generic netlink client for the family IPVS, made for sending what no decent
client sends: attributes are bytes until the last moment, and nothing is checked.
No libraries, since every one of them refuses to build a broken message.
"""
import errno
import os
import socket
import struct

NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 1, 4, 0x300
NLMSG_ERROR, NLMSG_DONE = 2, 3
GENL_ID_CTRL = 16

(NEW_SERVICE, SET_SERVICE, DEL_SERVICE, GET_SERVICE, NEW_DEST, SET_DEST,
 DEL_DEST, GET_DEST, NEW_DAEMON, DEL_DAEMON, GET_DAEMON, SET_CONFIG,
 GET_CONFIG, SET_INFO, GET_INFO, ZERO, FLUSH) = range(1, 18)

# top level
SERVICE, DEST, DAEMON, TIMEOUT_TCP, TIMEOUT_TCP_FIN, TIMEOUT_UDP = range(1, 7)
# in SERVICE
(AF, PROTOCOL, ADDR, PORT, FWMARK, SCHED_NAME, FLAGS, TIMEOUT, NETMASK, STATS,
 PE_NAME) = range(1, 12)
# in DEST
D_ADDR, D_PORT, D_METHOD, D_WEIGHT, D_UPPER, D_LOWER = range(1, 7)
D_FAMILY, D_TUN_TYPE, D_TUN_PORT, D_TUN_FLAGS = 11, 13, 14, 15
NAMES_SERVICE = {1: "af", 2: "protocol", 3: "addr", 4: "port", 5: "fwmark",
                 6: "sched", 7: "flags", 8: "timeout", 9: "netmask"}


def u8(n):
    return struct.pack("=B", n)


def u16(n):
    return struct.pack("=H", n)


def be16(n):
    return struct.pack(">H", n)


def u32(n):
    return struct.pack("=I", n & 0xffffffff)


def ip4(text):
    return socket.inet_aton(text) + bytes(12)


def attr(kind, payload):
    """One attribute, padded."""
    return (struct.pack("=HH", 4 + len(payload), kind) + payload +
            bytes(-len(payload) % 4))


def attrs(pairs):
    """Attributes from a dict or a list of pairs."""
    if isinstance(pairs, dict):
        pairs = pairs.items()
    return b"".join(attr(k, v) for k, v in pairs)


def parse(data):
    """Attributes of a reply, as a list of (type, payload)."""
    out = []
    while len(data) >= 4:
        size, kind = struct.unpack_from("=HH", data)
        if size < 4:
            break
        out.append((kind & 0x3fff, data[4:size]))
        data = data[(size + 3) & ~3:]
    return out


class Socket:
    """A netlink socket that knows the family's number and groups."""

    def __init__(self, name="IPVS"):
        self.s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
        self.s.bind((0, 0))
        self.s.settimeout(20)
        # extended acknowledgements: 11 of SOL_NETLINK (270)
        self.s.setsockopt(270, 11, 1)
        self.seq = 0
        self.text = ""
        self.named = None
        self.interrupted = False
        code, replies = self.raw(GENL_ID_CTRL, 3,
                                 attr(2, name.encode() + b"\0"))
        if code:
            raise OSError(code, f"no family {name}")
        about = dict(parse(replies[0][4:]))
        self.family = struct.unpack("=H", about[1][:2])[0]
        self.groups = {}
        for _, group in parse(about.get(7, b"")):
            group = dict(parse(group))
            self.groups[group[1].rstrip(b"\0").decode()] = \
                struct.unpack("=I", group[2])[0]

    def raw(self, kind, command, payload, flags=NLM_F_REQUEST | NLM_F_ACK,
            header=None, cut=None):
        """
        Sends one message; returns (errno, [payload of each reply]). header
        replaces the generic header, cut shortens the message.
        """
        self.seq += 1
        if header is None:
            header = struct.pack("=BBH", command, 1, 0)
        body = header + payload
        if cut is not None:
            body = body[:cut]
        self.s.send(struct.pack("=IHHII", 16 + len(body), kind, flags,
                                self.seq, 0) + body)
        replies = []
        self.text = ""
        self.named = None
        self.interrupted = False
        while True:
            data = self.s.recv(1 << 18)
            while len(data) >= 16:
                size, kind_, flags_, seq, _ = struct.unpack_from("=IHHII", data)
                body, data = data[16:size], data[(size + 3) & ~3:]
                if seq != self.seq:
                    continue
                # NLM_F_DUMP_INTR: what is dumped changed meanwhile
                self.interrupted |= bool(flags_ & 0x10)
                if kind_ == NLMSG_ERROR:
                    code = -struct.unpack_from("=i", body)[0]
                    self.extack(flags_, body)
                    return code, replies
                if kind_ == NLMSG_DONE:
                    code = -struct.unpack_from("=i", body)[0] if body else 0
                    return code, replies
                replies.append(body)
                if not flags & NLM_F_ACK and not flags_ & 2:
                    return 0, replies

    def extack(self, flags, body):
        """Keeps the text of an extended acknowledgement, and what it is about:
        ("at", offset of an attribute) or ("missing", type)."""
        if not flags & 0x200:
            return
        skip = 20
        if not flags & 0x100:
            skip = 4 + struct.unpack_from("=I", body, 4)[0]
        for kind, payload in parse(body[(skip + 3) & ~3:]):
            if kind == 1:
                self.text = payload.rstrip(b"\0").decode()
            elif kind in (2, 5):
                self.named = ("at" if kind == 2 else "missing",
                              struct.unpack("=I", payload)[0])

    def ask(self, command, payload=b"", **more):
        return self.raw(self.family, command, payload, **more)

    def dump(self, command, payload=b""):
        return self.ask(command, payload,
                        flags=NLM_F_REQUEST | NLM_F_ACK | NLM_F_DUMP)

    def table(self):
        """
        All services and servers and the timeouts, as one comparable value;
        counters are left out.
        """
        out = []
        for reply in self.dump(GET_SERVICE)[1]:
            service = dict(parse(dict(parse(reply[4:]))[SERVICE]))
            out.append([(k, v) for k, v in sorted(service.items())
                        if k not in (10, 12)])
            key = attr(SERVICE, attrs([(k, v) for k, v in service.items()
                                       if k in (AF, PROTOCOL, ADDR, PORT,
                                                FWMARK)]))
            for dest in self.dump(GET_DEST, key)[1]:
                dest = parse(dict(parse(dest[4:]))[DEST])
                out.append([(k, v) for k, v in dest
                            if k not in (7, 8, 9, 10, 12)])
        code, replies = self.ask(GET_CONFIG)
        out.append(parse(replies[0][4:]) if replies else code)
        return out


def errno_name(code):
    if not code:
        return "0"
    return {95: "EOPNOTSUPP"}.get(code, errno.errorcode.get(code, str(code)))


def in_namespace(name):
    """Moves this process into a network namespace made by ip-netns(8)."""
    import ctypes
    fd = os.open(f"/run/netns/{name}", os.O_RDONLY)
    if ctypes.CDLL(None, use_errno=True).setns(fd, 0x40000000):
        raise OSError(ctypes.get_errno(), "setns")
    os.close(fd)
