#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""
soak: real requests, as long as they are wanted, each of which must be answered.

    soak.py serve NAME ADDRESS:PORT...          HTTP there; prints "ready"
    soak.py ask http|udp=ADDRESS:PORT...        until the standard input ends or has
                                                a line; what was asked and what failed

A GET of /N is answered by the server's name and N bytes; a connection asks five times,
a byte up to 100,000 at a time. A datagram is answered by tests/tools/traffic.c; it may
be lost, so it is sent again, five times.
"""
import http.client
import http.server
import random
import select
import socket
import sys
import threading
import time

PATIENCE = 90


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers /N."""
    protocol_version = "HTTP/1.1"
    name = b""

    def do_GET(self):
        size = int(self.path[1:])
        body = self.name + b"\n" + b"x" * size
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True

    def server_bind(self):
        # Not HTTPServer's, which asks for the host's name.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = self.server_address

    def handle_error(self, *_):
        pass


def place(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


def serve(name, *places):
    Handler.name = name.encode()
    for where in places:
        server = Server(place(where), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print("ready", flush=True)
    threading.Event().wait()


def ask_http(where):
    """The names that answered; raises what went wrong."""
    conn = http.client.HTTPConnection(*where, timeout=PATIENCE)
    try:
        for _ in range(5):
            size = random.choice((1, 1000, 20000, 100000))
            conn.request("GET", f"/{size}")
            got = conn.getresponse().read()
            name, _, body = got.partition(b"\n")
            if body != b"x" * size:
                raise ValueError(f"{len(body)} bytes of {size}, or others")
            yield name.decode()
    finally:
        conn.close()


def ask_udp(where):
    """As above."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(PATIENCE / 5)
        sock.connect(where)
        question = b"%d" % random.getrandbits(60)
        for again in range(5):
            try:
                sock.send(question)
                name, _, text = sock.recv(1000).partition(b"\n")
            except socket.timeout:
                if again == 4:
                    raise
                continue
            if text != question:
                raise ValueError(f"{text} for {question}")
            break
        yield name.decode()


class Asker(threading.Thread):
    """One kind of request after another; counts."""

    def __init__(self, kind, where, over):
        super().__init__()
        self.kind, self.where, self.over = kind, where, over
        self.names, self.failed = {}, []

    def run(self):
        ask = {"http": ask_http, "udp": ask_udp}[self.kind]
        while not self.over.is_set():
            began = time.monotonic()
            try:
                for name in ask(place(self.where)):
                    self.names[name] = self.names.get(name, 0) + 1
            except (OSError, ValueError, http.client.HTTPException) as e:
                self.failed.append(f"{time.strftime('%T')}, after "
                                   f"{time.monotonic() - began:.1f} s: {e!r}")
            # An idle moment is real, too.
            self.over.wait(random.random() / 5)


def main(verb, *args):
    if verb == "serve":
        serve(*args)
    over = threading.Event()
    askers = [Asker(*arg.split("="), over) for arg in args]
    for asker in askers:
        asker.start()
    print("ready", flush=True)
    select.select([sys.stdin], [], [])
    over.set()
    failed = 0
    for asker in askers:
        asker.join()
        names = " ".join(f"{n}:{asker.names[n]}" for n in sorted(asker.names))
        print(f"asked {asker.kind} {asker.where} "
              f"{sum(asker.names.values())} answers, {names}")
        for text in asker.failed:
            print(f"failed {asker.kind} {asker.where} {text}")
        failed += len(asker.failed) + (not asker.names)
    sys.exit(failed != 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
