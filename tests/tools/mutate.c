// SPDX-License-Identifier: GPL-2.0-only
/*
 * mutate - sends packets that were valid once.
 *
 *   mutate SEED     SEED chooses the mutants: the same ones from the same seed
 *
 * Reads lines from stdin, in the namespace whose devices it sends on:
 *
 *   seed DEVICE HEX    a packet to begin with: a virtio_net_hdr and a frame
 *   forget             no seeds from here on; old ones still lend their ends
 *   go COUNT           sends COUNT mutants, then prints "sent COUNT"
 *
 * A mutant is a seed with one to three changes: bits and bytes, cut, longer, a part
 * doubled or gone, the end of another one, other offload words.  Most get their
 * lengths and checksums right again, or a kernel would see little of them; some
 * leave in fragments, and ICMPv6 errors now and then behind 64 KiB of options.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
	ETHER = 14,		/* bytes in front of the IP header */
	LONGEST = 1500,		/* of an IP packet without offload */
	ROOM = 8192,		/* of one with */
	SEEDS = 1024,		/* of one case */
	OLD = 512,		/* of cases before, for their ends */
	DEVICES = 8,
	QUOTE6 = 40 + 8,	/* where an ICMPv6 error quotes an IPv6 header */
	LONGEST6 = 65535,	/* behind an IPv6 header */
	OPTIONS = 2048,		/* the longest header of them */
	PIECE = 1392,		/* of a packet in fragments */
};

struct packet {
	int socket;
	unsigned int len;		/* of ip[] */
	struct virtio_net_hdr vnet;
	uint8_t ether[ETHER];
	uint8_t ip[ROOM];
};

_Static_assert(offsetof(struct packet, ip) == offsetof(struct packet, vnet) +
	       sizeof(struct virtio_net_hdr) + ETHER, "sent in one piece");

static struct packet seeds[SEEDS], old[OLD];
static unsigned int seed_count, old_count;
static uint64_t state;

static _Noreturn void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("mutate: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(2);
}

/* xorshift64*: below @bound, never 0 values of it */
static unsigned int draw(unsigned int bound)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)((state * 2685821657736338717ull) >> 32) % bound;
}

static bool one_in(unsigned int n)
{
	return !draw(n);
}

/* ---- checksums ---- */

static uint32_t add(uint32_t sum, const uint8_t *p, unsigned int len)
{
	for (; len > 1; p += 2, len -= 2)
		sum += p[0] << 8 | p[1];
	return len ? sum + (p[0] << 8) : sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static void put16(uint8_t *p, uint16_t value)
{
	p[0] = value >> 8;
	p[1] = value;
}

/* Where the transport header starts, its protocol, and whether it can have a
 * checksum of its own; extension headers are left alone.
 */
static unsigned int transport(const struct packet *p, uint8_t *proto)
{
	unsigned int at;

	if (p->len < 40)
		return 0;
	if (p->ip[0] >> 4 == 6) {
		*proto = p->ip[6];
		return 40;
	}
	at = (p->ip[0] & 15) * 4;
	*proto = p->ip[9];
	/* One of several fragments has none. */
	return (p->ip[6] & 0x3f || p->ip[7]) ? 0 : at;
}

static unsigned int checksum_offset(uint8_t proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return 16;
	case IPPROTO_UDP:
		return 6;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return 2;
	}
	return 0;
}

static uint32_t pseudo(const struct packet *p, uint8_t proto, unsigned int len)
{
	if (proto == IPPROTO_ICMP)
		return 0;
	if (p->ip[0] >> 4 == 6)
		return add(proto + len, p->ip + 8, 32);
	return add(proto + len, p->ip + 12, 8);
}

static void repair_transport(struct packet *p)
{
	unsigned int at, offset, len;
	uint8_t proto;

	at = transport(p, &proto);
	offset = checksum_offset(proto);
	if (!at || !offset || p->len < at + offset + 2)
		return;
	len = p->len - at;
	if (proto == IPPROTO_UDP)
		put16(p->ip + at + 4, len);
	put16(p->ip + at + offset, 0);
	if (p->vnet.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM)
		put16(p->ip + at + offset, fold(pseudo(p, proto, len)));
	else
		put16(p->ip + at + offset,
		      ~fold(add(pseudo(p, proto, len), p->ip + at, len)));
}

static void repair_header4(struct packet *p)
{
	unsigned int ihl = (p->ip[0] & 15) * 4;

	if (ihl < 20 || ihl > p->len)
		return;
	put16(p->ip + 10, 0);
	put16(p->ip + 10, ~fold(add(0, p->ip, ihl)));
}

static void repair(struct packet *p)
{
	bool six = p->ip[0] >> 4 == 6;

	if (p->len < 40)
		return;
	if (!one_in(8))
		put16(p->ip + (six ? 4 : 2), six ? p->len - 40 : p->len);
	if (!one_in(8))
		repair_transport(p);
	if (!six && !one_in(32))
		repair_header4(p);
}

/* ---- changes ---- */

/* A place to change: headers are worth more than data, and addresses decide
 * whether anybody looks at the rest.
 */
static unsigned int place(const struct packet *p)
{
	bool six = p->ip[0] >> 4 == 6;
	unsigned int near = p->len < 72 ? p->len : 72;
	unsigned int at = draw(one_in(3) ? p->len : near);
	bool address = six ? at >= 8 && at < 40 : at >= 12 && at < 20;

	return address && !one_in(8) ? place(p) : at;
}

static void flip_bit(struct packet *p)
{
	p->ip[place(p)] ^= 1 << draw(8);
}

static void set_byte(struct packet *p)
{
	/* Edges, header lengths, and numbers of protocols and chunks. */
	static const uint8_t words[] = {
		0, 1, 2, 4, 5, 6, 7, 8, 14, 17, 20, 40, 41, 43, 44, 47, 50, 51,
		58, 59, 60, 64, 68, 69, 70, 79, 96, 127, 128, 132, 255,
	};

	p->ip[place(p)] = one_in(2) ? draw(256) : words[draw(sizeof(words))];
}

static void set_word(struct packet *p)
{
	static const uint16_t words[] = {
		0, 1, 4, 7, 8, 20, 28, 40, 68, 80, 576, 1280, 1400, 1500, 6080,
		0x1fff, 0x2000, 0x3fff, 0x4000, 0x7fff, 0x8000, 0xfff8, 0xffff,
	};
	unsigned int at = place(p) & ~1u;

	if (at + 2 <= p->len)
		put16(p->ip + at, words[draw(sizeof(words) / sizeof(*words))]);
}

static void cut(struct packet *p)
{
	p->len = 1 + (one_in(2) ? place(p) : draw(p->len));
}

static void grow(struct packet *p)
{
	unsigned int more = 1 + draw(one_in(4) ? 1000 : 40);

	while (more-- && p->len < LONGEST)
		p->ip[p->len++] = draw(256);
}

static void double_part(struct packet *p)
{
	unsigned int at = place(p), size = 1 + draw(40);

	if (at + size > p->len || p->len + size > LONGEST)
		return;
	memmove(p->ip + at + size, p->ip + at, p->len - at);
	p->len += size;
}

static void drop_part(struct packet *p)
{
	unsigned int at = place(p), size = 1 + draw(24);

	if (at + size >= p->len)
		return;
	memmove(p->ip + at, p->ip + at + size, p->len - at - size);
	p->len -= size;
}

/* The end of another packet, with its headers or without. */
static void splice(struct packet *p)
{
	const struct packet *other;
	unsigned int at = place(p), from;

	other = old_count && one_in(2) ? &old[draw(old_count)] :
					 &seeds[draw(seed_count)];
	from = one_in(2) ? 0 : at;
	if (from >= other->len || at + other->len - from > LONGEST)
		return;
	memcpy(p->ip + at, other->ip + from, other->len - from);
	p->len = at + other->len - from;
}

/* Sums that the device is to fill in, and segments it is to cut. */
static void offload(struct packet *p)
{
	unsigned int at, offset;
	uint8_t proto;

	at = transport(p, &proto);
	offset = checksum_offset(proto);
	if (!at || offset < 6 || p->len < at + 20)
		return;
	p->vnet.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	p->vnet.csum_start = ETHER + at;
	p->vnet.csum_offset = offset;
	if (one_in(2))
		return;
	while (p->len < ROOM - 8 && !one_in(2000))
		p->ip[p->len++] = draw(256);
	p->vnet.gso_type = proto == IPPROTO_UDP ? VIRTIO_NET_HDR_GSO_UDP :
			   p->ip[0] >> 4 == 6 ? VIRTIO_NET_HDR_GSO_TCPV6 :
						VIRTIO_NET_HDR_GSO_TCPV4;
	p->vnet.gso_size = 8 + draw(1440);
	p->vnet.hdr_len = ETHER + at + (proto == IPPROTO_UDP ? 8 : 20);
}

static void change_receiver(struct packet *p)
{
	static const uint8_t kinds[] = { 0xff, 0x01, 0x33, 0x02 };

	p->ether[0] = kinds[draw(sizeof(kinds))];
}

/* The more rows, the more often. */
static void (*const changes[])(struct packet *p) = {
	flip_bit, flip_bit, flip_bit, set_byte, set_byte, set_byte, set_word,
	set_word, cut, cut, grow, double_part, drop_part, splice, splice, offload,
	change_receiver,
};

/* ---- sending ---- */

static unsigned long sent;

static void send_packet(const struct packet *p)
{
	/* vnet, ether and ip lie one behind the other. */
	size_t size = sizeof(p->vnet) + ETHER + p->len;

	if (send(p->socket, &p->vnet, size, 0) == (ssize_t)size)
		sent++;
	else if (errno != EMSGSIZE && errno != EINVAL && errno != ENOBUFS &&
		 errno != ENOMEM)
		die("send: %m");
}

/* Two fragments of an IPv4 packet, in any order, sometimes one of them alone. */
static void send_fragments(const struct packet *whole)
{
	unsigned int ihl = (whole->ip[0] & 15) * 4, at;
	struct packet part[2] = { *whole, *whole };
	bool first = one_in(2);

	at = ihl + 8 * (1 + draw(one_in(2) ? 4 : 60));
	if (ihl < 20 || at >= whole->len || whole->vnet.gso_type) {
		send_packet(whole);
		return;
	}
	part[0].len = at;
	part[0].ip[6] |= 0x20;
	memcpy(part[1].ip + ihl, whole->ip + at, whole->len - at);
	part[1].len = ihl + whole->len - at;
	put16(part[1].ip + 6, (at - ihl) / 8);
	for (int i = 0; i < 2; i++) {
		part[i].vnet = (struct virtio_net_hdr) { 0 };
		put16(part[i].ip + 2, part[i].len);
		repair_header4(&part[i]);
	}
	send_packet(&part[first]);
	if (!one_in(8))
		send_packet(&part[!first]);
}

static bool is_error6(const struct packet *p)
{
	return p->len >= QUOTE6 + 40 + 4 && p->ip[0] >> 4 == 6 &&
	       p->ip[6] == IPPROTO_ICMPV6 && p->ip[40] < 128 &&
	       !p->vnet.gso_type;
}

/* Headers with options that every receiver passes over; @size: a multiple of 8. */
static void put_options(uint8_t *to, unsigned int size, uint8_t next)
{
	unsigned int len, at, option;

	for (; size; size -= len, to += len) {
		len = size < OPTIONS ? size : OPTIONS;
		memset(to, 0, len);
		to[0] = size > len ? IPPROTO_DSTOPTS : next;
		to[1] = len / 8 - 1;
		for (at = 2; at + 1 < len; at += option) {
			option = len - at < 257 ? len - at : 257;
			to[at] = 0x1e;
			to[at + 1] = option - 2;
		}
	}
}

/* What is behind an IPv6 header, in fragments; rarely one is missing. */
static void send_pieces(const struct packet *head, const uint8_t *body,
			unsigned int size)
{
	static struct packet part;
	unsigned int at, len, ident = draw(1u << 31);

	part.socket = head->socket;
	memcpy(part.ether, head->ether, ETHER);
	memcpy(part.ip, head->ip, 40);
	part.ip[6] = IPPROTO_FRAGMENT;
	part.ip[40] = IPPROTO_DSTOPTS;
	memcpy(part.ip + 44, &ident, 4);
	for (at = 0; at < size; at += len) {
		len = size - at < PIECE ? size - at : PIECE;
		put16(part.ip + 4, 8 + len);
		put16(part.ip + 42, at | (at + len < size));
		memcpy(part.ip + 48, body + at, len);
		part.len = 48 + len;
		if (!one_in(1024))
			send_packet(&part);
	}
}

/* An error behind so many options that what it quotes is around the byte 65536.  Half
 * of them quote the ports at the byte 65552, and have them in their source address as
 * well: an offset that has lost its 17th bit leads there.
 */
static void send_far(struct packet *p)
{
	static uint8_t body[LONGEST6];
	unsigned int options = 65536 - QUOTE6 - 40;
	unsigned int len = p->len - 40;
	unsigned long before = sent;
	uint8_t *icmp;

	if (one_in(2)) {
		options += 16;
		memcpy(p->ip + 16, p->ip + QUOTE6 + 40, 4);
	} else {
		options += 8 * draw(16) - 64;
	}
	if (len > LONGEST6 - options)
		len = LONGEST6 - options;
	put_options(body, options, IPPROTO_ICMPV6);
	icmp = body + options;
	memcpy(icmp, p->ip + 40, len);
	put16(icmp + 2, 0);
	put16(icmp + 2, ~fold(add(pseudo(p, IPPROTO_ICMPV6, len), icmp, len)));
	send_pieces(p, body, options + len);
	sent = before + 1;
}

static void send_mutant(void)
{
	static struct packet p;
	unsigned int count = one_in(32) ? 0 : 1 + draw(3);

	p = seeds[draw(seed_count)];
	while (count--)
		changes[draw(sizeof(changes) / sizeof(*changes))](&p);
	if (!one_in(8))
		repair(&p);
	if (is_error6(&p) && one_in(4))
		send_far(&p);
	else if (p.ip[0] >> 4 == 4 && one_in(16))
		send_fragments(&p);
	else
		send_packet(&p);
}

/* ---- what stdin says ---- */

static int socket_of(const char *device)
{
	static struct { char name[IFNAMSIZ]; int fd; } known[DEVICES];
	struct sockaddr_ll where = { .sll_family = AF_PACKET };
	int i, one = 1;

	for (i = 0; i < DEVICES && known[i].name[0]; i++)
		if (!strcmp(known[i].name, device))
			return known[i].fd;
	if (i == DEVICES)
		die("too many devices");
	where.sll_ifindex = if_nametoindex(device);
	/* Protocol 0: it receives nothing. */
	known[i].fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (!where.sll_ifindex || known[i].fd < 0 ||
	    setsockopt(known[i].fd, SOL_PACKET, PACKET_VNET_HDR, &one,
		       sizeof(one)) ||
	    bind(known[i].fd, (struct sockaddr *)&where, sizeof(where)))
		die("%s: %m", device);
	snprintf(known[i].name, IFNAMSIZ, "%s", device);
	return known[i].fd;
}

static void add_seed(const char *device, const char *hex)
{
	struct packet *p = &seeds[seed_count];
	uint8_t *out = (uint8_t *)&p->vnet;
	size_t size = strlen(hex) / 2, i;
	unsigned int byte;

	if (seed_count == SEEDS || size <= sizeof(p->vnet) + ETHER + 20 ||
	    size > sizeof(p->vnet) + ETHER + ROOM)
		return;
	for (i = 0; i < size; i++) {
		if (sscanf(hex + 2 * i, "%2x", &byte) != 1)
			die("no hexadecimal number: %s", hex + 2 * i);
		out[i] = byte;
	}
	p->len = size - sizeof(p->vnet) - ETHER;
	p->socket = socket_of(device);
	seed_count++;
}

static void forget(void)
{
	for (unsigned int i = 0; i < seed_count; i++) {
		if (old_count < OLD)
			old[old_count++] = seeds[i];
		else
			old[draw(OLD)] = seeds[i];
	}
	seed_count = 0;
}

static void go(unsigned long count)
{
	unsigned long end = sent + count;

	if (!seed_count)
		die("nothing to mutate");
	while (sent < end)
		send_mutant();
	printf("sent %lu\n", sent - (end - count));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	static char line[64 * 1024], device[IFNAMSIZ], hex[sizeof(line)];
	unsigned long count;

	if (argc != 2)
		die("mutate SEED");
	state = strtoull(argv[1], NULL, 0) * 2 + 1;
	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, "seed %15s %65535s", device, hex) == 2)
			add_seed(device, hex);
		else if (sscanf(line, "go %lu", &count) == 1)
			go(count);
		else if (!strcmp(line, "forget\n"))
			forget();
		else
			die("what is %s", line);
	}
	return 0;
}
