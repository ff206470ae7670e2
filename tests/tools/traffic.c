// SPDX-License-Identifier: GPL-2.0-only
/*
 * traffic - servers and clients for the network tests, in one small program.
 *
 * A PROTOCOL is tcp, udp or sctp.
 *
 *   traffic serve PROTOCOL NS=ADDR:PORT...   one process, a socket in each
 *       namespace; goes to the background once all of them listen and prints
 *       its pid, so nobody has to wait or guess
 *   traffic ask PROTOCOL ADDR:PORT COUNT [FIRST]   one connection after another;
 *       prints the name of the server that answered each. From source ports
 *       FIRST, FIRST + 1 ..., where meeting an old connection would disturb
 *   traffic visit PROTOCOL ADDR:PORT         a connection from each address in stdin;
 *       prints "ADDRESS NAME"
 *   traffic flood tcp|udp ADDR:PORT COUNT PARALLEL   many at once; every
 *       one must be greeted and echoed, prints "COUNT done, N failed"
 *   traffic storm tcp|udp ADDR:PORT PARALLEL   until killed, failures expected
 *   traffic bulk PROTOCOL ADDR:PORT BYTES    sends BYTES, compares the echo
 *   traffic steady ADDR:PORT                one TCP connection: echoes one line
 *       of stdin after another through it, so a shell can hold it open
 *
 * A TCP or SCTP server greets with "NAME\n" and then echoes; a UDP server answers each
 * datagram with "NAME\n" and the datagram. C, not a script, because the tests
 * run on an emulated processor, where 10,000 connections must not take minutes.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "traffic.h"

enum { MAX_SERVERS = 1024, MAX_FD = 65536, MAX_GUESTS = 900 };

_Noreturn void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("traffic: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(2);
}

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* "1.2.3.4:80" or "[2001:db8::1]:80" */
socklen_t parse_address(const char *text, struct sockaddr_storage *out)
{
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;
	struct sockaddr_in *four = (struct sockaddr_in *)out;
	char copy[128];
	char *port;

	snprintf(copy, sizeof(copy), "%s", text);
	port = strrchr(copy, ':');
	if (!port)
		die("no port in %s", text);
	*port++ = 0;
	memset(out, 0, sizeof(*out));
	if (copy[0] == '[') {
		copy[strlen(copy) - 1] = 0;
		six->sin6_family = AF_INET6;
		six->sin6_port = htons(atoi(port));
		if (inet_pton(AF_INET6, copy + 1, &six->sin6_addr) != 1)
			die("bad address %s", text);
		return sizeof(*six);
	}
	four->sin_family = AF_INET;
	four->sin_port = htons(atoi(port));
	if (inet_pton(AF_INET, copy, &four->sin_addr) != 1)
		die("bad address %s", text);
	return sizeof(*four);
}

int transport;

int parse_protocol(const char *name)
{
	if (!strcmp(name, "tcp"))
		return SOCK_STREAM;
	if (!strcmp(name, "udp"))
		return SOCK_DGRAM;
	if (strcmp(name, "sctp"))
		die("tcp, udp or sctp, not %s", name);
	transport = IPPROTO_SCTP;
	return SOCK_STREAM;
}

/* ---- server ---- */

/* What a descriptor is: a listener or UDP socket (name set), or a connection
 * with bytes that could not be echoed yet.
 */
static struct endpoint {
	const char *name;
	bool listener;
	size_t start, end;
	char *pending;
} *endpoints[MAX_FD];

enum { ECHO_BUFFER = 256 * 1024 };

static void server_add(int epoll, int fd, const char *name, bool listener)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
	struct endpoint *e = calloc(1, sizeof(*e));

	if (!e || fd >= MAX_FD)
		die("too many connections");
	e->name = name;
	e->listener = listener;
	endpoints[fd] = e;
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
		die("epoll: %m");
}

static void server_drop(int fd)
{
	free(endpoints[fd]->pending);
	free(endpoints[fd]);
	endpoints[fd] = NULL;
	close(fd);
}

static void server_accept(int epoll, int listener)
{
	char greeting[GREETING];
	int length, fd;

	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		length = snprintf(greeting, sizeof(greeting), "%s\n",
				  endpoints[listener]->name);
		if (send(fd, greeting, length, MSG_NOSIGNAL) != length) {
			close(fd);
			continue;
		}
		server_add(epoll, fd, NULL, false);
	}
}

static void server_datagram(int fd)
{
	struct sockaddr_storage from;
	socklen_t size = sizeof(from);
	static char buffer[70000];
	int head, length;

	head = sprintf(buffer, "%s\n", endpoints[fd]->name);
	while ((length = recvfrom(fd, buffer + head, sizeof(buffer) - head, 0,
				  (struct sockaddr *)&from, &size)) >= 0) {
		sendto(fd, buffer, head + length, 0, (struct sockaddr *)&from,
		       size);
		size = sizeof(from);
	}
}

/* Echo what came; what the socket does not take now waits for EPOLLOUT. */
static void server_echo(int epoll, int fd)
{
	struct epoll_event event = { .data.fd = fd };
	struct endpoint *e = endpoints[fd];
	ssize_t n;

	if (!e->pending) {
		e->pending = malloc(ECHO_BUFFER);
		if (!e->pending)
			die("out of memory");
	}
	for (;;) {
		if (e->start == e->end) {
			n = recv(fd, e->pending, ECHO_BUFFER, 0);
			if (n == 0 || (n < 0 && errno != EAGAIN)) {
				server_drop(fd);
				return;
			}
			if (n < 0) {
				event.events = EPOLLIN;
				break;
			}
			e->start = 0;
			e->end = n;
		}
		n = send(fd, e->pending + e->start, e->end - e->start,
			 MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN) {
			server_drop(fd);
			return;
		}
		if (n < 0) {
			event.events = EPOLLOUT;
			break;
		}
		e->start += n;
	}
	epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event);
}

static int server_open(int type, const char *where)
{
	char path[128], name[64];
	struct sockaddr_storage address;
	const char *equals = strchr(where, '=');
	socklen_t size;
	int fd, netns, one = 1;

	if (!equals)
		die("NS=ADDR:PORT, not %s", where);
	snprintf(name, sizeof(name), "%.*s", (int)(equals - where), where);
	snprintf(path, sizeof(path), "/run/netns/%s", name);
	netns = open(path, O_RDONLY | O_CLOEXEC);
	if (netns < 0 || setns(netns, CLONE_NEWNET))
		die("namespace %s: %m", name);
	close(netns);

	size = parse_address(equals + 1, &address);
	fd = socket(address.ss_family, type | SOCK_NONBLOCK, transport);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) ||
	    (type == SOCK_STREAM && listen(fd, 4096)))
		die("%s: %m", where);
	return fd;
}

static int serve(int argc, char **argv)
{
	int type = parse_protocol(argv[0]);
	struct epoll_event events[64];
	int epoll = epoll_create1(0);
	int i, n, fd;
	pid_t pid;

	for (i = 1; i < argc; i++) {
		fd = server_open(type, argv[i]);
		server_add(epoll, fd, strndup(argv[i], strcspn(argv[i], "=")),
			   true);
	}
	pid = fork();
	if (pid) {
		printf("%d\n", pid);
		return 0;
	}
	/* Whoever reads the pid waits for the end of our output. */
	freopen("/dev/null", "w", stdout);
	freopen("/dev/null", "w", stderr);
	setsid();
	for (;;) {
		n = epoll_wait(epoll, events, 64, -1);
		for (i = 0; i < n; i++) {
			fd = events[i].data.fd;
			if (!endpoints[fd])
				continue;
			if (!endpoints[fd]->listener)
				server_echo(epoll, fd);
			else if (type == SOCK_STREAM)
				server_accept(epoll, fd);
			else
				server_datagram(fd);
		}
	}
}

/* ---- client ---- */

struct sockaddr_storage target;
socklen_t target_size;

int read_line(int fd, char *line, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t got;

	for (got = 0; got < size - 1; got++) {
		if (poll(&p, 1, PATIENCE_MS) <= 0) {
			errno = ETIMEDOUT;
			return -1;
		}
		if (recv(fd, line + got, 1, 0) <= 0)
			return -1;
		if (line[got] == '\n')
			break;
	}
	line[got] = 0;
	return 0;
}

/* Where questions come from; nothing set: the kernel chooses. */
static struct sockaddr_storage source;
static int next_port;

static int ask_socket(int type)
{
	int fd = socket(target.ss_family, type, transport);

	if (fd < 0)
		die("socket: %m");
	if (!next_port && !source.ss_family)
		return fd;
	source.ss_family = target.ss_family;
	/* Both families keep the port in the same place. */
	((struct sockaddr_in *)&source)->sin_port = htons(next_port);
	if (bind(fd, (struct sockaddr *)&source, target_size))
		die("bind, port %d: %m", next_port);
	next_port += next_port > 0;
	return fd;
}

/* Open a connection, ask; the answer is for ask_end(). */
static int ask_begin(int type)
{
	int fd = ask_socket(type | SOCK_NONBLOCK);
	int why;

	if ((!connect(fd, (struct sockaddr *)&target, target_size) ||
	     errno == EINPROGRESS) &&
	    (type == SOCK_STREAM || send(fd, "?", 1, 0) == 1))
		return fd;
	why = errno;
	close(fd);
	errno = why;
	return -1;
}

/* Wait for the name of a server; returns whether it came. */
static bool hear_name(int fd, char *name)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t got = 0;
	ssize_t n;
	char *end;

	do {
		errno = ETIMEDOUT;
		if (poll(&p, 1, PATIENCE_MS) <= 0)
			return false;
		errno = ECONNRESET;
		n = recv(fd, name + got, GREETING - got, 0);
		if (n <= 0)
			return false;
		end = memchr(name + got, '\n', n);
		got += n;
	} while (!end && got < GREETING);
	if (end)
		*end = 0;
	return end;
}

/* The server's name, or what went wrong; returns whether anything did. */
static bool ask_end(int fd, char *name)
{
	bool heard = fd >= 0 && hear_name(fd, name);

	if (!heard)
		snprintf(name, GREETING, "error %d", errno);
	if (fd >= 0)
		close(fd);
	return !heard;
}

static int ask(int argc, char **argv)
{
	int type = parse_protocol(argv[0]);
	char name[GREETING];
	int count, failed = 0;

	if (argc < 3)
		die("ask PROTOCOL ADDR:PORT COUNT");
	target_size = parse_address(argv[1], &target);
	next_port = argc > 3 ? atoi(argv[3]) : 0;
	for (count = atoi(argv[2]); count > 0; count--) {
		failed += ask_end(ask_begin(type), name);
		puts(name);
	}
	return failed != 0;
}

/* All at once: on a slow machine half of the time goes from one to the other. */
static int visit(int argc, char **argv)
{
	static struct { int fd; char from[INET6_ADDRSTRLEN]; } guests[MAX_GUESTS];
	int type = parse_protocol(argv[0]), count, i, failed = 0;
	char address[INET6_ADDRSTRLEN + 4], name[GREETING];

	if (argc < 2)
		die("visit PROTOCOL ADDR:PORT");
	target_size = parse_address(argv[1], &target);
	for (count = 0; count < MAX_GUESTS &&
	     scanf("%45s", guests[count].from) == 1; count++) {
		snprintf(address, sizeof(address),
			 strchr(guests[count].from, ':') ? "[%s]:0" : "%s:0",
			 guests[count].from);
		parse_address(address, &source);
		guests[count].fd = ask_begin(type);
	}
	for (i = 0; i < count; i++) {
		failed += ask_end(guests[i].fd, name);
		printf("%s %s\n", guests[i].from, name);
	}
	return failed != 0;
}

struct client {
	enum { IDLE, CONNECTING, GREETED, ECHOING } step;
	int id;
	size_t got;
	long long deadline;
};

static struct client clients[MAX_FD];
static const char question[] = "sixty-four bytes of question, to be echoed, "
			       "every one of them.";
static int epoll_fd, type_of_flood;
static long started, done, failed, wanted;

static void client_start(void)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT };
	int fd;

	fd = socket(target.ss_family, type_of_flood | SOCK_NONBLOCK, 0);
	if (fd < 0)
		die("socket: %m");
	started++;
	if (connect(fd, (struct sockaddr *)&target, target_size) &&
	    errno != EINPROGRESS) {
		close(fd);
		failed++;
		return;
	}
	event.data.fd = fd;
	clients[fd].step = CONNECTING;
	clients[fd].got = 0;
	clients[fd].deadline = now_ms() + PATIENCE_MS;
	epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

static void client_end(int fd, bool good)
{
	clients[fd].step = IDLE;
	close(fd);
	if (good)
		done++;
	else
		failed++;
}

static void client_step(int fd, unsigned int events)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
	struct client *c = &clients[fd];
	char buffer[512];
	char *newline;
	ssize_t n;

	if (c->step == IDLE)
		return;
	if (events & EPOLLERR) {
		client_end(fd, false);
		return;
	}
	if (c->step == CONNECTING) {
		if (!(events & EPOLLOUT))
			return;
		epoll_ctl(epoll_fd, EPOLL_CTL_MOD, fd, &event);
		if (send(fd, question, sizeof(question), MSG_NOSIGNAL) < 0) {
			client_end(fd, false);
			return;
		}
		c->step = GREETED;
		return;
	}
	n = recv(fd, buffer, sizeof(buffer), 0);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		client_end(fd, false);
		return;
	}
	newline = buffer;
	if (c->step == GREETED) {
		newline = memchr(buffer, '\n', n);
		if (!newline)
			return;
		newline++;
		c->step = ECHOING;
	}
	n -= newline - buffer;
	if (n > (ssize_t)(sizeof(question) - c->got) ||
	    memcmp(question + c->got, newline, n)) {
		client_end(fd, false);
		return;
	}
	c->got += n;
	if (c->got == sizeof(question))
		client_end(fd, true);
}

static void client_round(void)
{
	struct epoll_event events[256];
	static long long next_check;
	int i, n;

	n = epoll_wait(epoll_fd, events, 256, 200);
	for (i = 0; i < n; i++)
		client_step(events[i].data.fd, events[i].events);
	if (now_ms() < next_check)
		return;
	next_check = now_ms() + 500;
	for (i = 0; i < MAX_FD; i++)
		if (clients[i].step != IDLE && clients[i].deadline < now_ms())
			client_end(i, false);
}

static int flood(int argc, char **argv, bool forever)
{
	long parallel;

	if (argc < (forever ? 3 : 4))
		die("too few arguments");
	type_of_flood = parse_protocol(argv[0]);
	target_size = parse_address(argv[1], &target);
	wanted = forever ? -1 : atol(argv[2]);
	parallel = atol(argv[forever ? 2 : 3]);
	epoll_fd = epoll_create1(0);
	while (forever || done + failed < wanted) {
		/* A refused connection counts at once: a storm must not spin. */
		long burst = parallel;

		while ((forever || started < wanted) && burst-- > 0 &&
		       started - done - failed < parallel)
			client_start();
		client_round();
	}
	printf("%ld done, %ld failed\n", done, failed);
	return failed != 0;
}

static int steady(int argc, char **argv)
{
	char line[1024], echo[1024];
	int fd;

	if (argc < 1)
		die("steady ADDR:PORT");
	target_size = parse_address(argv[0], &target);
	fd = socket(target.ss_family, SOCK_STREAM, 0);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (connect(fd, (struct sockaddr *)&target, target_size))
		die("connect: %m");
	if (read_line(fd, echo, sizeof(echo)))
		die("greeting: %m");
	puts(echo);
	while (fgets(line, sizeof(line), stdin)) {
		if (send(fd, line, strlen(line), MSG_NOSIGNAL) < 0 ||
		    read_line(fd, echo, sizeof(echo)))
			die("connection lost: %m");
		puts(echo);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *verb = argc > 2 ? argv[1] : "";

	signal(SIGPIPE, SIG_IGN);
	argc -= 2;
	argv += 2;
	if (!strcmp(verb, "serve"))
		return serve(argc, argv);
	if (!strcmp(verb, "ask"))
		return ask(argc, argv);
	if (!strcmp(verb, "visit"))
		return visit(argc, argv);
	if (!strcmp(verb, "flood"))
		return flood(argc, argv, false);
	if (!strcmp(verb, "storm"))
		return flood(argc, argv, true);
	if (!strcmp(verb, "bulk"))
		return bulk(argc, argv);
	if (!strcmp(verb, "steady"))
		return steady(argc, argv);
	die("usage: traffic serve|ask|visit|flood|storm|bulk|steady ... (see its head)");
}
