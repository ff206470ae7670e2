// SPDX-License-Identifier: GPL-2.0-only
/*
 * spoof - first packets of many connections, each from another client.
 *
 *   spoof syn|udp DEVICE MAC ADDRESS:PORT COUNT [FIRST [CPUS]]
 *
 * Packet i goes out of DEVICE to MAC; it is a TCP SYN or an empty datagram from the
 * i-th client, 10.1.A.B and a port. FIRST is the first i. One process for each of
 * CPUS processors (without it, of those that there are) sends its share of them, on
 * that processor. Prints what was sent and the milliseconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 64, CLIENTS = 50021, PORTS = 64000, CLIENT = 0x0a010100 };

struct frame {
	struct ethhdr eth;
	struct iphdr ip;
	union {
		struct tcphdr tcp;
		struct udphdr udp;
	};
} __attribute__((packed));

static uint16_t dst_port;
static uint32_t dst;
static bool syn;

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static uint16_t sum16(uint32_t sum, const void *from, size_t size)
{
	const uint8_t *p = from;
	size_t i;

	for (i = 0; i + 1 < size; i += 2)
		sum += p[i] << 8 | p[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* What is the same in all of them. */
static size_t frame_start(struct frame *f, const uint8_t *mac)
{
	size_t size = syn ? sizeof(f->tcp) : sizeof(f->udp);

	memset(f, 0, sizeof(*f));
	memcpy(f->eth.h_dest, mac, ETH_ALEN);
	f->eth.h_proto = htons(ETH_P_IP);
	f->ip.version = 4;
	f->ip.ihl = 5;
	f->ip.ttl = 64;
	f->ip.protocol = syn ? IPPROTO_TCP : IPPROTO_UDP;
	f->ip.tot_len = htons(sizeof(f->ip) + size);
	f->ip.daddr = dst;
	if (syn) {
		f->tcp.dest = dst_port;
		f->tcp.syn = 1;
		f->tcp.doff = 5;
		f->tcp.window = htons(64000);
	} else {
		/* Without a checksum. */
		f->udp.dest = dst_port;
		f->udp.len = htons(size);
	}
	return sizeof(f->eth) + sizeof(f->ip) + size;
}

static void frame_from(struct frame *f, uint64_t i)
{
	uint16_t port = htons(1024 + i / CLIENTS % PORTS);
	uint32_t from;

	f->ip.saddr = htonl(CLIENT + i % CLIENTS);
	f->ip.check = 0;
	f->ip.check = htons(sum16(0, &f->ip, sizeof(f->ip)));
	if (!syn) {
		f->udp.source = port;
		return;
	}
	f->tcp.source = port;
	f->tcp.seq = htonl(i);
	f->tcp.check = 0;
	from = ntohl(f->ip.saddr);
	f->tcp.check = htons(sum16((from >> 16) + (from & 0xffff) +
				   (ntohl(dst) >> 16) + (ntohl(dst) & 0xffff) +
				   IPPROTO_TCP + sizeof(f->tcp), &f->tcp,
				   sizeof(f->tcp)));
}

static void send_all(int fd, struct mmsghdr *batch, unsigned int n)
{
	int sent;

	while (n) {
		sent = sendmmsg(fd, batch, n, 0);
		if (sent < 0)
			die("sendmmsg");
		batch += sent;
		n -= sent;
	}
}

static void flood(int fd, const uint8_t *mac, uint64_t i, uint64_t end, int step)
{
	static struct frame frames[BATCH];
	static struct mmsghdr batch[BATCH];
	static struct iovec iov[BATCH];
	unsigned int n;

	for (n = 0; n < BATCH; n++) {
		iov[n].iov_base = &frames[n];
		iov[n].iov_len = frame_start(&frames[n], mac);
		batch[n].msg_hdr.msg_iov = &iov[n];
		batch[n].msg_hdr.msg_iovlen = 1;
	}
	while (i < end) {
		for (n = 0; n < BATCH && i < end; n++, i += step)
			frame_from(&frames[n], i);
		send_all(fd, batch, n);
	}
}

static int open_device(const char *name)
{
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_ifindex = if_nametoindex(name),
	};
	/* Protocol 0: it hears nothing. */
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (fd < 0 || !at.sll_ifindex ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)))
		die(name);
	return fd;
}

static void address(char *text)
{
	char *port = strchr(text, ':');

	if (!port || port[1] == 0)
		die(text);
	*port++ = 0;
	dst_port = htons(atoi(port));
	if (inet_pton(AF_INET, text, &dst) != 1)
		die(text);
}

int main(int argc, char **argv)
{
	unsigned int mac[ETH_ALEN], i;
	uint64_t count, first;
	struct timespec a, b;
	uint8_t to[ETH_ALEN];
	int status, cpus, cpu, bad = 0;

	if (argc < 6 || sscanf(argv[3], "%x:%x:%x:%x:%x:%x", &mac[0], &mac[1],
			       &mac[2], &mac[3], &mac[4], &mac[5]) != ETH_ALEN) {
		fputs("spoof syn|udp DEVICE MAC ADDRESS:PORT COUNT [FIRST [CPUS]]\n",
		      stderr);
		return 2;
	}
	syn = !strcmp(argv[1], "syn");
	for (i = 0; i < ETH_ALEN; i++)
		to[i] = mac[i];
	address(argv[4]);
	count = strtoull(argv[5], NULL, 10);
	first = argc > 6 ? strtoull(argv[6], NULL, 10) : 0;
	cpus = argc > 7 ? atoi(argv[7]) : sysconf(_SC_NPROCESSORS_ONLN);
	clock_gettime(CLOCK_MONOTONIC, &a);
	for (cpu = 0; cpu < cpus; cpu++) {
		cpu_set_t only;

		if (fork())
			continue;
		CPU_ZERO(&only);
		CPU_SET(cpu, &only);
		if (sched_setaffinity(0, sizeof(only), &only))
			die("affinity");
		flood(open_device(argv[2]), to, first + cpu, first + count, cpus);
		_exit(0);
	}
	while (wait(&status) > 0)
		bad |= status;
	clock_gettime(CLOCK_MONOTONIC, &b);
	printf("%llu %lld\n", (unsigned long long)count,
	       (b.tv_sec - a.tv_sec) * 1000LL + (b.tv_nsec - a.tv_nsec) / 1000000);
	return bad != 0;
}
