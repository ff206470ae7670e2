// SPDX-License-Identifier: GPL-2.0-only
/*
 * picks - which server does the director choose? Without a server, without
 * waiting, and the same connections every time.
 *
 *   picks CLIENT_NS SERVER_NS SEED
 *
 * It sends bare TCP packets from the client's namespace and watches them come
 * out in the servers' (one namespace, 10.2.0.11 ... .26, dev e0). After each SYN
 * follows a datagram past the director's services, to 10.2.0.99: when that one
 * arrives and no SYN did, nobody was chosen. Everything runs on one processor,
 * so the packets keep their order.
 *
 * Commands on stdin, one line of answer each:
 *   open N PERCENT DST...   N connections to random ones of the destinations, of
 *                           random clients; before each, one connection that is
 *                           open is closed with this probability. Answers one
 *                           letter each: a for .11, b for .12 ..., - for nobody
 *   close PERCENT           closes this share; answers how many
 * Closing is a FIN of the server: the connection becomes inactive, and stays for
 * the time that "ipvsadm --set" gives to FIN.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_CONNS = 65536, MAX_DSTS = 64, SERVERS = 16, PATIENCE_MS = 20000 };

#define SERVER(n) (0x0a02000bu + (n))
#define MARKER 0x0a020063u

struct conn {
	uint32_t client;
	uint32_t server;
	uint16_t port;
};

static struct conn conns[MAX_CONNS];
static unsigned int n_conns;
static int from_client, from_server, watch;
static uint64_t seed;

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static uint32_t rnd(uint32_t below)
{
	/* xorshift64*, S. Vigna, public domain */
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (seed * 2685821657736338717ull >> 32) % below;
}

static void enter(const char *ns)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", ns);
	fd = open(path, O_RDONLY);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die(path);
	close(fd);
}

static int raw_socket(void)
{
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);

	if (fd < 0)
		die("raw socket");
	return fd;
}

/* All packets: those of one protocol alone come after the drop. */
static int packet_socket(const char *dev)
{
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(dev),
	};
	int fd = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL));

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)))
		die("packet socket");
	return fd;
}

static uint32_t sum_of(const void *data, size_t len, uint32_t sum)
{
	const uint8_t *p = data;

	for (; len > 1; len -= 2, p += 2)
		sum += p[0] << 8 | p[1];
	return len ? sum + (p[0] << 8) : sum;
}

static uint16_t folded(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

static void send_ip(int fd, uint32_t src, uint32_t dst, int proto, void *l4,
		    size_t len, uint16_t *check)
{
	struct { struct iphdr ip; uint8_t l4[64]; } packet = {
		.ip = {
			.version = 4, .ihl = 5, .ttl = 64, .protocol = proto,
			.tot_len = htons(sizeof(struct iphdr) + len),
			.saddr = htonl(src), .daddr = htonl(dst),
		},
	};
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(dst),
	};
	uint32_t sum;

	sum = sum_of(&packet.ip.saddr, 8, proto + len);
	*check = folded(sum_of(l4, len, sum));
	memcpy(packet.l4, l4, len);
	if (sendto(fd, &packet, sizeof(struct iphdr) + len, 0,
		   (struct sockaddr *)&to, sizeof(to)) < 0)
		die("sendto");
}

static void send_tcp(int fd, uint32_t src, uint16_t sport, uint32_t dst,
		     uint16_t dport, bool syn, bool fin)
{
	struct tcphdr tcp = {
		.source = htons(sport), .dest = htons(dport), .doff = 5,
		.syn = syn, .fin = fin, .ack = !syn, .window = htons(1000),
	};

	send_ip(fd, src, dst, IPPROTO_TCP, &tcp, sizeof(tcp), &tcp.check);
}

static void send_marker(uint16_t number)
{
	struct { struct udphdr udp; uint16_t number; } m = {
		.udp = { .source = htons(9), .dest = htons(9),
			 .len = htons(sizeof(struct udphdr) + 2) },
		.number = number,
	};

	send_ip(from_client, 0x0a640002, MARKER, IPPROTO_UDP, &m, 10,
		&m.udp.check);
}

/* The server that gets the SYN before marker @number arrives, 0: nobody. */
static uint32_t await(uint16_t number)
{
	struct pollfd p = { .fd = watch, .events = POLLIN };
	struct { struct iphdr ip; uint8_t l4[100]; } packet;
	const struct tcphdr *tcp = (void *)packet.l4;
	uint32_t server = 0;
	uint16_t got;

	for (;;) {
		if (poll(&p, 1, PATIENCE_MS) <= 0) {
			fprintf(stderr, "picks: marker %u is lost\n", number);
			exit(2);
		}
		if (recv(watch, &packet, sizeof(packet), 0) < 30)
			continue;
		if (packet.ip.protocol == IPPROTO_TCP && tcp->syn)
			server = ntohl(packet.ip.daddr);
		if (packet.ip.protocol != IPPROTO_UDP ||
		    ntohl(packet.ip.daddr) != MARKER)
			continue;
		memcpy(&got, packet.l4 + sizeof(struct udphdr), 2);
		if (got == number)
			return server;
	}
}

static void close_one(unsigned int i)
{
	struct conn *c = &conns[i];

	send_tcp(from_server, c->server, 80, c->client, c->port, false, true);
	*c = conns[--n_conns];
}

static char open_one(uint32_t dst)
{
	static uint16_t number, port = 1024;
	struct conn c = { .client = 0x0a010000 + rnd(60000) };

	c.port = port++ < 60000 ? port : (port = 1025);
	send_tcp(from_client, c.client, c.port, dst, 80, true, false);
	send_marker(++number);
	c.server = await(number);
	if (!c.server)
		return '-';
	send_tcp(from_client, c.client, c.port, dst, 80, false, false);
	if (n_conns < MAX_CONNS)
		conns[n_conns++] = c;
	return 'a' + c.server - SERVER(0);
}

static void open_many(char *args)
{
	unsigned int n = strtoul(args, &args, 10);
	unsigned int percent = strtoul(args, &args, 10);
	uint32_t dst[MAX_DSTS];
	unsigned int n_dsts = 0;
	char *word;

	for (word = strtok(args, " \n"); word && n_dsts < MAX_DSTS;
	     word = strtok(NULL, " \n"))
		dst[n_dsts++] = ntohl(inet_addr(word));
	while (n--) {
		if (n_conns && rnd(100) < percent)
			close_one(rnd(n_conns));
		putchar(open_one(dst[rnd(n_dsts)]));
	}
	putchar('\n');
}

static void close_many(char *args)
{
	unsigned int n = n_conns * strtoul(args, NULL, 10) / 100, i;

	for (i = 0; i < n; i++)
		close_one(rnd(n_conns));
	printf("%u\n", n);
}

int main(int argc, char **argv)
{
	char line[4096];
	cpu_set_t one;

	if (argc != 4) {
		fprintf(stderr, "usage: picks CLIENT_NS SERVER_NS SEED\n");
		return 2;
	}
	CPU_ZERO(&one);
	CPU_SET(0, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		die("affinity");
	seed = strtoull(argv[3], NULL, 0) | 1;
	enter(argv[1]);
	from_client = raw_socket();
	enter(argv[2]);
	from_server = raw_socket();
	watch = packet_socket("e0");
	while (fgets(line, sizeof(line), stdin)) {
		if (!strncmp(line, "open ", 5))
			open_many(line + 5);
		else if (!strncmp(line, "close ", 6))
			close_many(line + 6);
		else
			die("what?");
		fflush(stdout);
	}
	return 0;
}
