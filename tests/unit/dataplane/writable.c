// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making headers writable: at every edge of 16 and 32 bits, of a packet that is
 * shared, and of one that its sender still writes to.
 */
#include "dataplane_tests.h"
#include "packet.h"
#include "proto/proto.h"
#include "writable.h"

/* Lengths, offsets and ends around what fits in 16 bits, and what wraps. */
static const u32 edges[] = {
	0, 1, 19, 20, 21, 39, 40, 41, 60, 0x7fff, 0x8000, 0xfffe, 0xffff,
	0x10000, 0x10001, 0x10014, 0x1ffff, 0x20000, 0x7fffffff, 0x80000000,
	0xfffeffff, 0xffffffec, 0xfffffffe, 0xffffffff,
};

/* The longest packet here: more than IPv4 can say. */
#define LONGEST 0x20001

static u8 filler[LONGEST];

/* Every header that may be asked for, before and behind @end. */
static void check_headers(struct ip_vs_writable w, const struct sk_buff *skb,
			  u32 end)
{
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(edges); i++)
		for (j = 0; j < ARRAY_SIZE(edges); j++) {
			u64 last = (u64)edges[i] + edges[j];
			u8 *p = ip_vs_writable_at(w, edges[i], edges[j]);

			CHECK(p == (last <= end ? skb->data + edges[i] : NULL),
			      "%u bytes at %u, writable to %u", edges[j],
			      edges[i], end);
			if (p)
				memset(p, 0xee, edges[j]);
		}
}

static void edges_of(u32 len, u32 headlen, u32 end)
{
	struct sk_buff *skb = shim_skb(filler, len, headlen, 0);
	struct ip_vs_writable w;
	enum ip_vs_ext_drop why;

	why = ip_vs_writable_make(&w, skb, NULL, end);
	CHECK(why == (end > len ? IPVS_EXT_DROP_SHORT : 0),
	      "%u of %u bytes: %d", end, len, why);
	CHECK(w.end == (why ? 0 : end), "end %u", w.end);
	check_headers(w, skb, why ? 0 : end);
	shim_skb_free(skb);
}

static void every_edge(void)
{
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(edges); i++)
		for (j = 0; j < ARRAY_SIZE(edges); j++) {
			if (edges[i] > LONGEST)
				continue;
			edges_of(edges[i], 0, edges[j]);
			edges_of(edges[i], 40, edges[j]);
			edges_of(edges[i], edges[i], edges[j]);
		}
}

/* A packet of @len bytes of every protocol we rewrite. */
struct sample {
	u8 bytes[120];
	unsigned int ip, l4, len;
	u8 af;
	bool quoted;
};

static struct sample sample4(u8 proto, unsigned int header, bool quoted)
{
	struct sample s = { .af = AF_INET, .quoted = quoted };
	struct iphdr *iph;

	check_random_bytes(s.bytes, sizeof(s.bytes));
	s.ip = quoted ? 28 : 0;
	s.l4 = s.ip + 24;
	s.len = s.l4 + header + 9;
	iph = (struct iphdr *)(s.bytes + s.ip);
	iph->version = 4;
	iph->ihl = 6;
	iph->frag_off = 0;
	iph->protocol = proto;
	return s;
}

static struct sample sample6(u8 proto, unsigned int header)
{
	struct sample s = { .af = AF_INET6 };
	struct ipv6hdr *iph = (struct ipv6hdr *)s.bytes;

	check_random_bytes(s.bytes, sizeof(s.bytes));
	s.l4 = 48;
	s.len = s.l4 + header + 9;
	iph->version = 6;
	iph->nexthdr = 60;
	s.bytes[40] = proto;
	s.bytes[41] = 0;
	return s;
}

static enum ip_vs_parse parse(const struct sk_buff *skb,
			      const struct sample *s, struct ip_vs_packet *pkt)
{
	if (s->quoted)
		return ip_vs_packet_parse_quote4(skb, s->ip, pkt);
	return s->af == AF_INET6 ? ip_vs_packet_parse6(skb, pkt) :
				   ip_vs_packet_parse4(skb, pkt);
}

/* One byte changes between the first look and the copy.  Returns whether that was
 * noticed.
 */
static bool noticed(const struct sample *s, unsigned int end, unsigned int at,
		    unsigned int headlen)
{
	struct sk_buff *skb = shim_skb(s->bytes, s->len, headlen, 0);
	enum ip_vs_ext_drop why;
	struct ip_vs_packet pkt;
	struct ip_vs_writable w;

	CHECK(parse(skb, s, &pkt) == IP_VS_PARSE_OK, "sample");
	if (at >= headlen)
		skb->frags[0].data[at - headlen] ^= 0x10;
	why = ip_vs_writable_make(&w, skb, &pkt, end);
	CHECK(!why || why == IPVS_EXT_DROP_CHANGED, "why %d", why);
	CHECK(!why || !w.end, "something may be written");
	shim_skb_free(skb);
	return why;
}

static void changed_bytes(struct sample s, unsigned int end)
{
	unsigned int headlen = s.quoted ? 20 : s.af == AF_INET6 ? 40 : 24;

	CHECK(!noticed(&s, end, 0, headlen), "nothing has changed");
	/* The ports, and where the header is. */
	CHECK(noticed(&s, end, s.l4, headlen), "source port");
	CHECK(noticed(&s, end, s.l4 + 3, headlen), "destination port");
	if (s.af == AF_INET6) {
		CHECK(noticed(&s, end, 40, headlen), "protocol");
		CHECK(noticed(&s, end, 41, headlen), "length of options");
	}
	if (s.quoted) {
		CHECK(noticed(&s, end, s.ip, headlen), "version");
		CHECK(noticed(&s, end, s.ip + 9, headlen), "protocol");
		CHECK(noticed(&s, end, s.ip + 12, headlen), "source");
		CHECK(noticed(&s, end, s.ip + 19, headlen), "destination");
	}
}

static void changed_meanwhile(void)
{
	changed_bytes(sample4(IPPROTO_TCP, 20, false), 24 + 20);
	changed_bytes(sample4(IPPROTO_UDP, 8, false), 24 + 8);
	changed_bytes(sample4(IPPROTO_SCTP, 16, false), 24 + 12);
	changed_bytes(sample6(IPPROTO_TCP, 20), 48 + 20);
	changed_bytes(sample6(IPPROTO_UDP, 8), 48 + 8);
	changed_bytes(sample4(IPPROTO_TCP, 8, true), 52 + 4);
}

/* A quoted header that says another length by the time it is copied. */
static void longer_quote(void)
{
	struct sample s = sample4(IPPROTO_TCP, 40, true);
	struct sk_buff *skb = shim_skb(s.bytes, s.len, 20, 0);
	struct ip_vs_packet pkt;
	struct ip_vs_writable w;

	CHECK(parse(skb, &s, &pkt) == IP_VS_PARSE_OK, "sample");
	skb->frags[0].data[s.ip - 20] = 0x4f;
	CHECK(ip_vs_writable_make(&w, skb, &pkt, s.l4 + 4) ==
	      IPVS_EXT_DROP_CHANGED, "not noticed");
	shim_skb_free(skb);
}

static void shared_copy(void)
{
	struct sk_buff *skb = shim_skb(filler, 100, 60, 0);
	unsigned char *before = skb->data;
	struct ip_vs_writable w;
	u8 *p;

	skb->cloned = true;
	CHECK(!ip_vs_writable_make(&w, skb, NULL, 40), "writable");
	p = ip_vs_writable_at(w, 20, 20);
	CHECK(p && (p < before || p >= before + 60), "the other one's");
	memset(p, 0xee, 20);
	CHECK(!memcmp(before, filler, 60), "the other one has changed");
	shim_skb_free(skb);
}

/* Nobody writes a header of which the last byte is not writable. */
static void writers_stop(void)
{
	static const struct {
		u8 proto, len;
	} kinds[] = {
		{ IPPROTO_TCP, 20 }, { IPPROTO_UDP, 8 }, { IPPROTO_SCTP, 12 },
	};
	const struct in6_addr addr6 = {};
	unsigned int i, end;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		for (end = 0; end <= 40 + kinds[i].len; end++) {
			struct ip_vs_packet pkt = {
				.proto = kinds[i].proto, .l4_offset = 40,
			};
			struct sk_buff *skb = shim_skb(filler, 100, 100, 0);
			bool whole = end == 40 + kinds[i].len, four, six;
			struct ip_vs_writable w;

			CHECK(!ip_vs_writable_make(&w, skb, NULL, end), "w");
			pkt.af = AF_INET;
			four = ip_vs_proto_rewrite4(w, &pkt, IP_VS_END_DEST,
						    htonl(1), htons(2));
			pkt.af = AF_INET6;
			six = ip_vs_proto_rewrite6(w, &pkt, IP_VS_END_SOURCE,
						   &addr6, htons(3));
			CHECK(four == whole && six == whole,
			      "protocol %u, writable to %u", pkt.proto, end);
			CHECK(whole || !memcmp(skb->data, filler, 100),
			      "written to");
			shim_skb_free(skb);
		}
}

const struct test writable_tests[] = {
	{ "writable: every edge of 16 and 32 bits", every_edge },
	{ "writable: a byte changes between parse and copy",
	  changed_meanwhile },
	{ "writable: a quoted header grows between parse and copy",
	  longer_quote },
	{ "writable: a shared packet is copied", shared_copy },
	{ "writable: no writer goes beyond", writers_stop },
	{}
};
