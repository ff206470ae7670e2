// SPDX-License-Identifier: GPL-2.0-only
/*
 * traffic bulk - many bytes there and back, compared one by one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "traffic.h"

static unsigned char pattern(size_t i)
{
	return (i * 2654435761u) >> 13;
}

/* Goes through any path of 1280 bytes, tunnels included; so many are under way. */
enum { DATAGRAM = 1100, WINDOW = 32 };

/* Datagrams may overtake each other: each begins with its number. */
static void send_datagram(int fd, uint32_t number)
{
	unsigned char out[DATAGRAM];
	size_t i;

	memcpy(out, &number, sizeof(number));
	for (i = sizeof(number); i < DATAGRAM; i++)
		out[i] = pattern(number * DATAGRAM + i);
	if (send(fd, out, DATAGRAM, 0) != DATAGRAM)
		die("send: %m");
}

/* Wait for the echo of one, any; returns its number. */
static uint32_t receive_datagram(int fd, char *name)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	unsigned char in[GREETING + DATAGRAM], *body;
	uint32_t number;
	ssize_t n;
	size_t i;

	n = poll(&p, 1, PATIENCE_MS) > 0 ? recv(fd, in, sizeof(in), 0) : -1;
	body = n > 0 ? memchr(in, '\n', n) : NULL;
	if (!body || in + n - ++body != DATAGRAM)
		die("no answer, or not of %d bytes: %zd", DATAGRAM, n);
	memcpy(&number, body, sizeof(number));
	for (i = sizeof(number); i < DATAGRAM; i++)
		if (body[i] != pattern(number * DATAGRAM + i))
			die("byte %zu of datagram %u differs", i, number);
	snprintf(name, GREETING, "%.*s", (int)(body - in - 1), in);
	return number;
}

static int bulk_datagrams(size_t total)
{
	uint32_t count = (total + DATAGRAM - 1) / DATAGRAM, sent = 0, got, number;
	int fd = socket(target.ss_family, SOCK_DGRAM, 0);
	bool *seen = calloc(count, sizeof(*seen));
	char name[GREETING];

	if (!seen || connect(fd, (struct sockaddr *)&target, target_size))
		die("connect: %m");
	for (got = 0; got < count; got++) {
		while (sent < count && sent - got < WINDOW)
			send_datagram(fd, sent++);
		number = receive_datagram(fd, name);
		if (number >= count || seen[number])
			die("datagram %u came twice or was never sent", number);
		seen[number] = true;
	}
	printf("%s %zu bytes\n", name, total);
	return 0;
}

/* SCTP tells its peer every address it is not bound away from, and a balanced
 * association has one way only: bind to the address of that way.
 */
static void bind_to_way(int fd)
{
	int probe = socket(target.ss_family, SOCK_DGRAM, 0);
	struct sockaddr_storage own;
	socklen_t size = sizeof(own);

	if (connect(probe, (struct sockaddr *)&target, target_size) ||
	    getsockname(probe, (struct sockaddr *)&own, &size))
		die("no way to the target: %m");
	close(probe);
	((struct sockaddr_in *)&own)->sin_port = 0;
	if (bind(fd, (struct sockaddr *)&own, size))
		die("bind: %m");
}

static int bulk_stream(size_t total)
{
	static unsigned char out[65536], in[65536];
	size_t sent = 0, got = 0, i, n_out;
	char name[GREETING];
	struct pollfd p;
	ssize_t n;

	p.fd = socket(target.ss_family, SOCK_STREAM, transport);
	if (transport)
		bind_to_way(p.fd);
	if (connect(p.fd, (struct sockaddr *)&target, target_size))
		die("connect: %m");
	if (read_line(p.fd, name, sizeof(name)))
		die("greeting: %m");
	fcntl(p.fd, F_SETFL, O_NONBLOCK);
	while (got < total) {
		p.events = POLLIN | (sent < total ? POLLOUT : 0);
		if (poll(&p, 1, PATIENCE_MS) <= 0)
			die("stuck: sent %zu, got %zu of %zu", sent, got, total);
		if (p.revents & POLLOUT) {
			n_out = total - sent < sizeof(out) ? total - sent :
							     sizeof(out);
			for (i = 0; i < n_out; i++)
				out[i] = pattern(sent + i);
			n = send(p.fd, out, n_out, MSG_NOSIGNAL);
			if (n > 0)
				sent += n;
			else if (errno != EAGAIN)
				die("send: %m");
		}
		n = recv(p.fd, in, sizeof(in), 0);
		if (n == 0 || (n < 0 && errno != EAGAIN))
			die("connection lost after %zu of %zu bytes: %m", got,
			    total);
		for (i = 0; n > 0 && i < (size_t)n; i++)
			if (in[i] != pattern(got + i))
				die("byte %zu differs", got + i);
		if (n > 0)
			got += n;
	}
	printf("%s %zu bytes\n", name, got);
	return 0;
}

int bulk(int argc, char **argv)
{
	int type;

	if (argc < 3)
		die("bulk PROTOCOL ADDR:PORT BYTES");
	type = parse_protocol(argv[0]);
	target_size = parse_address(argv[1], &target);
	return type == SOCK_DGRAM ? bulk_datagrams(strtoul(argv[2], NULL, 0)) :
				    bulk_stream(strtoul(argv[2], NULL, 0));
}
