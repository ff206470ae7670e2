// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parsers against a second, deliberately simple one that reads a flat
 * array: every cut, every split into linear part and fragments, every chain of
 * extension headers, and mutated packets.
 *
 * Long because the second parser, what builds packets, and the tests of both
 * families need each other.
 */
#include "dataplane_tests.h"
#include "packet.h"

#define TCP_LEN 20
#define UDP_LEN 8
/* SCTP's header and that of its first chunk */
#define SCTP_LEN 16
#define ISAKMP 500
#define FUZZ_ROUNDS 150000
/* Extension headers that are passed over; no sender puts as many. */
#define EXTENSIONS 32

/* Extension headers that a chain may hold, by number. */
enum { HOP = 0, ROUTING = 43, FRAGMENT = 44, ESP = 50, AH = 51, NONE = 59,
       DSTOPT = 60 };

struct bytes {
	unsigned char b[2048];
	unsigned int len;
};

static void put(struct bytes *p, const void *from, unsigned int len)
{
	assert(p->len + len <= sizeof(p->b));
	memcpy(p->b + p->len, from, len);
	p->len += len;
}

static void put_random(struct bytes *p, unsigned int len)
{
	unsigned char b[512];

	assert(len <= sizeof(b));
	check_random_bytes(b, len);
	put(p, b, len);
}

static void put_ip4(struct bytes *p, u8 proto, unsigned int options,
		    u16 frag_off)
{
	struct iphdr iph = {
		.version = 4, .ihl = 5 + options, .ttl = 64,
		.protocol = proto, .frag_off = htons(frag_off),
		.saddr = check_random(), .daddr = check_random(),
	};

	put(p, &iph, sizeof(iph));
	put_random(p, options * 4);
}

static void put_ip6(struct bytes *p, u8 next)
{
	struct ipv6hdr iph = { .version = 6, .nexthdr = next, .hop_limit = 9 };

	check_random_bytes(&iph.saddr, 16);
	check_random_bytes(&iph.daddr, 16);
	put(p, &iph, sizeof(iph));
}

/* One extension header; @size in units of 8 bytes beyond the first 8. */
static void put_ext(struct bytes *p, u8 type, u8 next, u8 size)
{
	u8 head[8] = { next, size };

	if (type == FRAGMENT) {
		head[1] = check_random();
		head[3] = check_random() & 7;	/* offset 0, flags any */
		put(p, head, 8);
		return;
	}
	if (type == AH) {
		head[1] = 2 * size;
		put(p, head, 8);
		put_random(p, size * 8);
		return;
	}
	put(p, head, 8);
	put_random(p, size * 8);
}

/* --- the simple parser ---------------------------------------------------------- */

struct model {
	enum ip_vs_parse result;
	bool has_l4, later, aborts;
	unsigned int l4;
	u8 proto, flags;
	__be16 sport, dport;
};

static bool balanced(u8 proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP ||
	       proto == IPPROTO_SCTP;
}

/* Followed by way of its key exchange. */
static bool ipsec(u8 proto)
{
	return proto == AH || proto == ESP;
}

static unsigned int whole_header(u8 proto)
{
	return proto == IPPROTO_TCP ? TCP_LEN :
	       proto == IPPROTO_UDP ? UDP_LEN : SCTP_LEN;
}

/* An ABORT behind a COOKIE ECHO (10) or COOKIE ACK (11). */
static bool model_aborts(const struct bytes *p, unsigned int chunk)
{
	unsigned int len = p->b[chunk + 2] << 8 | p->b[chunk + 3];
	unsigned int next = chunk + (len + 3) / 4 * 4;

	return (p->b[chunk] == 10 || p->b[chunk] == 11) && len >= 4 &&
	       next + 4 <= p->len && p->b[next] == 6;
}

static void model_l4(const struct bytes *p, struct model *m, bool quoted)
{
	unsigned int whole = whole_header(m->proto);
	unsigned int have = p->len > m->l4 ? p->len - m->l4 : 0;

	m->result = IP_VS_PARSE_OTHER;
	if (ipsec(m->proto)) {
		m->result = IP_VS_PARSE_OK;
		m->sport = htons(ISAKMP);
		m->dport = htons(ISAKMP);
		return;
	}
	if (!balanced(m->proto))
		return;
	m->result = IP_VS_PARSE_SHORT;
	if (have < 4)
		return;
	m->result = IP_VS_PARSE_OK;
	memcpy(&m->sport, p->b + m->l4, 2);
	memcpy(&m->dport, p->b + m->l4 + 2, 2);
	if (quoted || have < whole)
		return;
	m->has_l4 = true;
	if (m->proto == IPPROTO_TCP)
		m->flags = p->b[m->l4 + 13];
	if (m->proto == IPPROTO_SCTP) {
		m->flags = p->b[m->l4 + 12];
		m->aborts = model_aborts(p, m->l4 + 12);
	}
}

static struct model model4(const struct bytes *p, unsigned int at, bool quoted)
{
	struct model m = { .result = IP_VS_PARSE_SHORT };

	if (p->len < at + 20 || p->b[at] >> 4 != 4 || (p->b[at] & 15) < 5)
		return m;
	m.proto = p->b[at + 9];
	m.l4 = at + (p->b[at] & 15) * 4;
	m.later = (p->b[at + 6] & 0x1f) || p->b[at + 7];
	if (quoted && m.later && !ipsec(m.proto)) {
		m.result = IP_VS_PARSE_OTHER;
		return m;
	}
	model_l4(p, &m, quoted);
	return m;
}

static bool model_is_ext(u8 type)
{
	return type == HOP || type == ROUTING || type == FRAGMENT ||
	       type == AH || type == DSTOPT;
}

static struct model model6(const struct bytes *p, unsigned int at, bool quoted)
{
	struct model m = { .result = IP_VS_PARSE_SHORT };
	unsigned int n = 0;
	u8 type;

	if (p->len < at + 40 || p->b[at] >> 4 != 6)
		return m;
	m.result = IP_VS_PARSE_OTHER;
	type = p->b[at + 6];
	at += 40;
	while (model_is_ext(type)) {
		if (at + (type == FRAGMENT ? 4 : 2) > p->len ||
		    n++ == EXTENSIONS)
			return m;
		if (type == FRAGMENT &&
		    (p->b[at + 2] || p->b[at + 3] & 0xf8)) {
			m.later = true;
			return m;
		}
		u8 next = p->b[at];

		at += type == FRAGMENT ? 8 : type == AH ?
		      (p->b[at + 1] + 2) * 4 : (p->b[at + 1] + 1) * 8;
		type = next;
	}
	if (at > p->len)
		return m;
	m.proto = type;
	m.l4 = at;
	model_l4(p, &m, quoted);
	return m;
}

/* --- comparing ------------------------------------------------------------------- */

static void compare_ok(const struct ip_vs_packet *pkt, const struct model *m,
		       const struct bytes *p, unsigned int at, u8 af)
{
	unsigned int saddr = at + (af == AF_INET6 ? 8 : 12);
	unsigned int len = af == AF_INET6 ? 16 : 4;

	CHECK(pkt->af == af && pkt->proto == m->proto, "proto %u", pkt->proto);
	CHECK(pkt->ip_offset == at, "ip offset %u", pkt->ip_offset);
	CHECK(pkt->l4_offset == m->l4, "l4 %u not %u", pkt->l4_offset, m->l4);
	CHECK(pkt->len == p->len, "len %u", pkt->len);
	CHECK(pkt->has_l4 == m->has_l4, "has_l4 %d", pkt->has_l4);
	CHECK(pkt->tcp_flags == (m->proto == IPPROTO_TCP ? m->flags : 0),
	      "flags %02x not %02x", pkt->tcp_flags, m->flags);
	CHECK(pkt->chunk == (m->proto == IPPROTO_SCTP ? m->flags : 0),
	      "chunk %u not %u", pkt->chunk, m->flags);
	CHECK(pkt->chunk_aborts == m->aborts, "aborts %d", pkt->chunk_aborts);
	CHECK(ip_vs_packet_sport(pkt) == m->sport, "sport");
	CHECK(ip_vs_packet_dport(pkt) == m->dport, "dport");
	CHECK(!memcmp(ip_vs_packet_saddr(pkt), p->b + saddr, len), "saddr");
	CHECK(!memcmp(ip_vs_packet_daddr(pkt), p->b + saddr + len, len),
	      "daddr");
}

static enum ip_vs_parse parse(const struct sk_buff *skb, unsigned int at,
			      u8 af, bool quoted, struct ip_vs_packet *pkt)
{
	memset(pkt, 0xa5, sizeof(*pkt));
	if (quoted)
		return af == AF_INET6 ?
		       ip_vs_packet_parse_quote6(skb, at, pkt) :
		       ip_vs_packet_parse_quote4(skb, at, pkt);
	return af == AF_INET6 ? ip_vs_packet_parse6(skb, pkt) :
				ip_vs_packet_parse4(skb, pkt);
}

/* One packet, one way of lying in memory. */
static void compare(const struct bytes *p, unsigned int at, u8 af, bool quoted,
		    unsigned int headlen, unsigned int frag_size)
{
	struct sk_buff *skb = shim_skb(p->b, p->len, headlen, frag_size);
	struct model m = af == AF_INET6 ? model6(p, at, quoted) :
					  model4(p, at, quoted);
	struct ip_vs_packet pkt;
	enum ip_vs_parse got;

	got = parse(skb, at, af, quoted, &pkt);
	/* Of a quote that is no use only that matters. */
	if (quoted)
		CHECK((got == IP_VS_PARSE_OK) == (m.result == IP_VS_PARSE_OK),
		      "quote: %d not %d (len %u)", got, m.result, p->len);
	else
		CHECK(got == m.result, "%d not %d (len %u, l4 %u)", got,
		      m.result, p->len, m.l4);
	if (got == IP_VS_PARSE_OK && m.result == IP_VS_PARSE_OK) {
		CHECK(pkt.quoted == quoted, "quoted");
		compare_ok(&pkt, &m, p, at, af);
	}
	shim_skb_free(skb);
}

/* The hooks promise an IP header that is linear; a quote may lie anywhere. */
static unsigned int least_linear(const struct bytes *p, u8 af, bool quoted)
{
	unsigned int need = af == AF_INET6 ? 40 : 20;

	return quoted ? 0 : need < p->len ? need : p->len;
}

static void compare_splits(const struct bytes *p, unsigned int at, u8 af,
			   bool quoted)
{
	unsigned int headlen;

	for (headlen = least_linear(p, af, quoted); headlen <= p->len;
	     headlen++) {
		compare(p, at, af, quoted, headlen, 0);
		compare(p, at, af, quoted, headlen, 1 + headlen % 7);
	}
}

static void compare_cuts(struct bytes *p, unsigned int at, u8 af, bool quoted)
{
	unsigned int len = p->len;

	for (p->len = quoted ? at : least_linear(p, af, false); p->len <= len;
	     p->len++)
		compare_splits(p, at, af, quoted);
	p->len = len;
}

/* --- tests ----------------------------------------------------------------------- */

static void tcp4(void)
{
	struct bytes p = {};

	put_ip4(&p, IPPROTO_TCP, 0, 0);
	put_random(&p, TCP_LEN + 12);
	compare_splits(&p, 0, AF_INET, false);
	CHECK(model4(&p, 0, false).result == IP_VS_PARSE_OK, "model");
}

static void udp4(void)
{
	struct bytes p = {};

	put_ip4(&p, IPPROTO_UDP, 0, 0);
	put_random(&p, UDP_LEN + 12);
	compare_splits(&p, 0, AF_INET, false);
}

static void options4(void)
{
	unsigned int options;

	for (options = 0; options <= 10; options++) {
		struct bytes p = {};

		put_ip4(&p, options % 2 ? IPPROTO_TCP : IPPROTO_UDP, options,
			0);
		put_random(&p, TCP_LEN);
		compare_splits(&p, 0, AF_INET, false);
	}
}

static void cut4(void)
{
	struct bytes t = {}, u = {};

	put_ip4(&t, IPPROTO_TCP, 1, 0);
	put_random(&t, TCP_LEN + 3);
	compare_cuts(&t, 0, AF_INET, false);
	put_ip4(&u, IPPROTO_UDP, 0, 0);
	put_random(&u, UDP_LEN + 3);
	compare_cuts(&u, 0, AF_INET, false);
}

static void sctp4(void)
{
	unsigned int chunk;

	for (chunk = 0; chunk < 16; chunk++) {
		struct bytes p = {};
		u8 chunks[] = { chunk, 0, 0, 7, 1, 2, 3, 0, 6, 0, 0, 4 };

		put_ip4(&p, IPPROTO_SCTP, chunk % 3, 0);
		put_random(&p, 12);
		put(&p, chunks, sizeof(chunks));
		compare_cuts(&p, 0, AF_INET, false);
		CHECK(model4(&p, 0, false).aborts == (chunk == 10 || chunk == 11),
		      "model, chunk %u", chunk);
	}
}

static void ipsec4(void)
{
	static const u8 protos[] = { AH, ESP };
	struct ip_vs_packet pkt;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(protos); i++) {
		struct bytes p = {};
		struct sk_buff *skb;

		put_ip4(&p, protos[i], 0, 0);
		put_random(&p, 24);
		compare_cuts(&p, 0, AF_INET, false);
		skb = shim_skb(p.b, p.len, p.len, 0);
		parse(skb, 0, AF_INET, false, &pkt);
		CHECK(pkt.key.v4.proto == IPPROTO_UDP, "by its key exchange");
		CHECK(!ip_vs_packet_has_ports(&pkt), "has no ports");
		shim_skb_free(skb);
	}
}

static void other4(void)
{
	struct ip_vs_packet pkt;
	unsigned int proto;

	for (proto = 0; proto < 256; proto++) {
		struct bytes p = {};
		struct sk_buff *skb;

		if (balanced(proto) || ipsec(proto))
			continue;
		put_ip4(&p, proto, 0, 0);
		put_random(&p, TCP_LEN);
		skb = shim_skb(p.b, p.len, p.len, 0);
		CHECK(parse(skb, 0, AF_INET, false, &pkt) ==
		      IP_VS_PARSE_OTHER, "protocol %u", proto);
		CHECK(pkt.proto == proto, "names %u not %u", pkt.proto, proto);
		shim_skb_free(skb);
	}
}

static void plain6(void)
{
	struct bytes t = {}, u = {};

	put_ip6(&t, IPPROTO_TCP);
	put_random(&t, TCP_LEN + 9);
	compare_cuts(&t, 0, AF_INET6, false);
	put_ip6(&u, IPPROTO_UDP);
	put_random(&u, UDP_LEN + 9);
	compare_cuts(&u, 0, AF_INET6, false);
}

static u8 random_ext(void)
{
	static const u8 types[] = { HOP, ROUTING, FRAGMENT, AH, DSTOPT };

	return types[check_random() % ARRAY_SIZE(types)];
}

/* A chain of @n headers and a transport header. */
static void put_chain(struct bytes *p, unsigned int n, u8 proto)
{
	u8 type = n ? random_ext() : proto;

	put_ip6(p, type);
	while (n--) {
		u8 next = n ? random_ext() : proto;

		put_ext(p, type, next, check_random() % 4);
		type = next;
	}
	put_random(p, TCP_LEN);
}

static void chains6(void)
{
	unsigned int round;

	for (round = 0; round < 400; round++) {
		struct bytes p = {};

		put_chain(&p, round % 7, round % 2 ? IPPROTO_TCP :
						     IPPROTO_UDP);
		CHECK(model6(&p, 0, false).result == IP_VS_PARSE_OK, "model");
		compare_splits(&p, 0, AF_INET6, false);
	}
}

static void cut_chains6(void)
{
	unsigned int round;

	for (round = 0; round < 8; round++) {
		struct bytes p = {};

		put_chain(&p, 1 + round % 4, IPPROTO_UDP);
		compare_cuts(&p, 0, AF_INET6, false);
	}
}

static void ends6(void)
{
	static const u8 ends[] = { NONE, ESP, IPPROTO_ICMPV6, 200 };
	struct ip_vs_packet pkt;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		struct bytes p = {};
		struct sk_buff *skb;

		put_ip6(&p, DSTOPT);
		put_ext(&p, DSTOPT, ends[i], 0);
		put_random(&p, TCP_LEN);
		skb = shim_skb(p.b, p.len, p.len, 0);
		/* ESP ends the chain, and is one that we know. */
		CHECK(parse(skb, 0, AF_INET6, false, &pkt) ==
		      (ends[i] == ESP ? IP_VS_PARSE_OK : IP_VS_PARSE_OTHER),
		      "end %u", ends[i]);
		CHECK(ends[i] == NONE || pkt.proto == ends[i], "proto %u",
		      pkt.proto);
		shim_skb_free(skb);
	}
}

static void later_fragment6(void)
{
	struct ip_vs_packet pkt;
	struct bytes p = {};
	struct sk_buff *skb;

	put_ip6(&p, FRAGMENT);
	put_ext(&p, FRAGMENT, IPPROTO_TCP, 0);
	p.b[42] = 1;
	put_random(&p, TCP_LEN);
	skb = shim_skb(p.b, p.len, p.len, 0);
	CHECK(parse(skb, 0, AF_INET6, false, &pkt) == IP_VS_PARSE_OTHER,
	      "not other");
	CHECK(pkt.later_fragment, "not seen as a later fragment");
	shim_skb_free(skb);
	compare_splits(&p, 0, AF_INET6, false);
}

/* A reassembled packet may be longer than an offset of 16 bits can say: 32
 * destination options of 2048 bytes, the last cut off.
 */
static void endless_chain6(void)
{
	unsigned int len = 40 + 65535, at;
	u8 *b = calloc(1, len);
	struct ip_vs_packet pkt;
	struct sk_buff *skb;

	assert(b);
	b[0] = 0x60;
	b[6] = DSTOPT;
	for (at = 40; at < len; at += 2048) {
		b[at] = at + 2048 < len ? DSTOPT : IPPROTO_TCP;
		b[at + 1] = 255;
	}
	skb = shim_skb(b, len, 40, 20000);
	CHECK(parse(skb, 0, AF_INET6, false, &pkt) != IP_VS_PARSE_OK,
	      "TCP ports read at %u of %u, the chain ends at %u",
	      pkt.l4_offset, len, at);
	shim_skb_free(skb);
	free(b);
}

/* A chain as long as is passed over, and one longer. */
static void long_chains6(void)
{
	unsigned int n;

	for (n = EXTENSIONS - 1; n <= EXTENSIONS + 1; n++) {
		struct bytes p = {};

		put_chain(&p, n, IPPROTO_TCP);
		CHECK((model6(&p, 0, false).result == IP_VS_PARSE_OK) ==
		      (n <= EXTENSIONS), "model, %u headers", n);
		compare(&p, 0, AF_INET6, false, 40, 0);
		compare(&p, 0, AF_INET6, false, p.len, 0);
		compare(&p, 0, AF_INET6, true, 0, 0);
	}
}

/* An error behind 32 KiB of options that quotes a packet with as many: no number
 * of 16 bits says where that one's transport header is.
 */
static void far_quote6(void)
{
	unsigned int chain = EXTENSIONS * 2048, at = 40 + chain + 8;
	unsigned int l4 = at + 40 + chain, len = l4 + UDP_LEN;
	u8 *b = calloc(1, len);
	struct ip_vs_packet pkt;
	struct sk_buff *skb;
	unsigned int i;

	assert(b && l4 > 65535);
	for (i = 0; i < EXTENSIONS; i++) {
		u8 *ext = b + at + 40 + i * 2048;

		ext[0] = i < EXTENSIONS - 1 ? DSTOPT : IPPROTO_UDP;
		ext[1] = 255;
	}
	b[at] = 0x60;
	b[at + 6] = DSTOPT;
	memcpy(b + l4, "\1\2\3\4", 4);
	skb = shim_skb(b, len, 40, 20000);
	CHECK(parse(skb, at, AF_INET6, true, &pkt) == IP_VS_PARSE_OK, "quote");
	CHECK(pkt.ip_offset == at, "%u not %u", pkt.ip_offset, at);
	CHECK(pkt.l4_offset == l4, "%u not %u", pkt.l4_offset, l4);
	CHECK(pkt.key.v6.sport == htons(0x102), "port %x",
	      ntohs(pkt.key.v6.sport));
	shim_skb_free(skb);
	free(b);
}

static void quotes4(void)
{
	unsigned int options;

	for (options = 0; options <= 10; options += 5) {
		struct bytes p = {};

		put_ip4(&p, IPPROTO_ICMP, options, 0);
		put_random(&p, 8);
		unsigned int at = p.len;

		put_ip4(&p, options ? IPPROTO_UDP : IPPROTO_TCP, options, 0);
		put_random(&p, UDP_LEN);
		compare_cuts(&p, at, AF_INET, true);
	}
}

static void bad_quotes4(void)
{
	unsigned int first;

	/* Every version and header length. */
	for (first = 0; first < 256; first++) {
		struct bytes p = {};

		put_random(&p, 28);
		put_ip4(&p, IPPROTO_TCP, 10, 0);
		put_random(&p, TCP_LEN);
		p.b[28] = first;
		compare(&p, 28, AF_INET, true, p.len, 0);
	}
}

static void fragment_quotes4(void)
{
	unsigned int bit;

	for (bit = 0; bit < 16; bit++) {
		struct bytes p = {};

		put_random(&p, 28);
		put_ip4(&p, IPPROTO_TCP, 0, 1 << bit);
		put_random(&p, TCP_LEN);
		compare(&p, 28, AF_INET, true, p.len, 0);
	}
}

static void quotes6(void)
{
	unsigned int round;

	for (round = 0; round < 6; round++) {
		struct bytes p = {};

		put_ip6(&p, IPPROTO_ICMPV6);
		put_random(&p, 8);
		unsigned int at = p.len;

		put_chain(&p, round % 4, round % 2 ? IPPROTO_TCP :
						     IPPROTO_UDP);
		compare_cuts(&p, at, AF_INET6, true);
	}
}

static void sides(void)
{
	struct ip_vs_packet pkt = { .af = AF_INET }, turned;

	pkt.key.v4 = (struct ip_vs_key4) { 1, 2, 3, 4, IPPROTO_TCP, 0 };
	CHECK(ip_vs_packet_caddr(&pkt)->ip == 1, "client");
	CHECK(ip_vs_packet_vport(&pkt) == 4, "virtual port");
	pkt.quoted = true;
	CHECK(ip_vs_packet_caddr(&pkt)->ip == 2, "client of a quote");
	CHECK(ip_vs_packet_cport(&pkt) == 4, "client port of a quote");
	CHECK(ip_vs_packet_vaddr(&pkt)->ip == 1, "virtual of a quote");
	CHECK(ip_vs_packet_vport(&pkt) == 3, "virtual port of a quote");

	ip_vs_packet_turn(&pkt, &turned);
	CHECK(turned.key.v4.saddr == 2 && turned.key.v4.daddr == 1, "turn");
	CHECK(turned.key.v4.sport == 4 && turned.key.v4.dport == 3, "turn");
	ip_vs_packet_turn(&turned, &turned);
	CHECK(!memcmp(&turned, &pkt, sizeof(pkt)), "twice is not the same");
}

static void turn6(void)
{
	struct ip_vs_packet pkt = { .af = AF_INET6 }, turned;

	check_random_bytes(&pkt.key.v6.saddr, 36);
	ip_vs_packet_turn(&pkt, &turned);
	CHECK(!memcmp(&turned.key.v6.saddr, &pkt.key.v6.daddr, 16), "saddr");
	CHECK(!memcmp(&turned.key.v6.daddr, &pkt.key.v6.saddr, 16), "daddr");
	CHECK(turned.key.v6.sport == pkt.key.v6.dport, "sport");
	CHECK(turned.key.v6.dport == pkt.key.v6.sport, "dport");
}

/* What the stack has checked before any hook holds for the mutants too. */
static void keep_promises4(struct bytes *p)
{
	unsigned int ihl = 5 + check_random() % 11;

	p->b[0] = 0x40 | ihl;
	if (p->len < ihl * 4)
		p->len = ihl * 4;
}

static void mutate(struct bytes *p)
{
	unsigned int n = check_random() % 8;

	while (n--)
		p->b[check_random() % p->len] = check_random();
	if (check_random() % 4 == 0)
		p->len = 20 + check_random() % (p->len - 19);
}

static u8 random_proto(void)
{
	static const u8 protos[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP,
				     ESP };

	return protos[check_random() % ARRAY_SIZE(protos)];
}

static void fuzz4(void)
{
	unsigned int round, ihl;

	for (round = 0; round < FUZZ_ROUNDS; round++) {
		struct bytes p = {};
		bool quoted = round % 2;

		put_ip4(&p, random_proto(), check_random() % 11, 0);
		put_random(&p, check_random() % 40);
		mutate(&p);
		if (!quoted)
			keep_promises4(&p);
		ihl = (p.b[0] & 15) * 4;
		compare(&p, 0, AF_INET, quoted,
			quoted ? check_random() % p.len :
			ihl + check_random() % 24, check_random() % 9);
	}
}

static void fuzz6(void)
{
	unsigned int round;

	for (round = 0; round < FUZZ_ROUNDS; round++) {
		struct bytes p = {};
		bool quoted = round % 2;

		put_chain(&p, check_random() % 5, random_proto());
		mutate(&p);
		if (!quoted && p.len < 40)
			p.len = 40;
		if (!quoted)
			p.b[0] = 0x60;
		compare(&p, 0, AF_INET6, quoted,
			quoted ? check_random() % p.len :
			40 + check_random() % 40, check_random() % 9);
	}
}

const struct test parse_tests[] = {
	{ "parse: TCP over IPv4, however it lies in memory", tcp4 },
	{ "parse: UDP over IPv4, however it lies in memory", udp4 },
	{ "parse: IPv4 options of every length", options4 },
	{ "parse: IPv4 cut at every byte", cut4 },
	{ "parse: SCTP, every kind of first chunk, cut at every byte", sctp4 },
	{ "parse: AH and ESP go by their key exchange", ipsec4 },
	{ "parse: every other IPv4 protocol is named and left", other4 },
	{ "parse: TCP and UDP over IPv6, cut at every byte", plain6 },
	{ "parse: 400 random chains of IPv6 extension headers", chains6 },
	{ "parse: such chains cut at every byte", cut_chains6 },
	{ "parse: what ends a chain of IPv6 headers", ends6 },
	{ "parse: a later IPv6 fragment has no ports", later_fragment6 },
	{ "parse: an IPv6 chain longer than 65535 bytes", endless_chain6 },
	{ "parse: no more IPv6 headers than a sender puts", long_chains6 },
	{ "parse: a quote whose ports are behind 64 KiB", far_quote6 },
	{ "parse: quoted IPv4 packets, cut at every byte", quotes4 },
	{ "parse: quotes of every IP version and header length", bad_quotes4 },
	{ "parse: quotes of fragments", fragment_quotes4 },
	{ "parse: quoted IPv6 packets, cut at every byte", quotes6 },
	{ "parse: client's and service's side, also of a quote", sides },
	{ "parse: the other end's view, IPv6", turn6 },
	{ "parse: 150000 mutated IPv4 packets as a second parser", fuzz4 },
	{ "parse: 150000 mutated IPv6 packets as a second parser", fuzz6 },
	{}
};
