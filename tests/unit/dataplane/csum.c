// SPDX-License-Identifier: GPL-2.0-only
/*
 * Incremental checksums against full recomputation, on random packets rich in
 * the words that ones' complement is odd about (0x0000 and 0xffff).
 */
#include "dataplane_tests.h"
#include "proto/csum.h"
#include "proto/proto.h"

#define PACKETS 100000
#define MAX_PAYLOAD 96

/**
 * struct flow - a packet under test, flat
 * @af: family
 * @proto: TCP or UDP
 * @l4: offset of the transport header
 * @len: length of @b in use
 * @b: the bytes
 */
struct flow {
	u8 af;
	u8 proto;
	unsigned int l4;
	unsigned int len;
	u8 b[60 + 40 + 20 + MAX_PAYLOAD];
};

/* --- the slow and plain way ------------------------------------------------------- */

static u32 sum_words(u32 sum, const u8 *b, unsigned int len)
{
	unsigned int i;

	for (i = 0; i + 1 < len; i += 2)
		sum += b[i] << 8 | b[i + 1];
	if (len % 2)
		sum += b[len - 1] << 8;
	return sum;
}

static u16 fold(u32 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static u32 pseudo_sum(const struct flow *f)
{
	u32 sum = f->proto + f->len - f->l4;

	if (f->af == AF_INET6)
		return sum_words(sum, f->b + 8, 32);
	return sum_words(sum, f->b + 12, 8);
}

/* Of pseudo header and segment, the checksum as it stands included. */
static u16 whole_sum(const struct flow *f)
{
	return fold(sum_words(pseudo_sum(f), f->b + f->l4, f->len - f->l4));
}

static u8 *check_field(struct flow *f)
{
	return f->b + f->l4 + (f->proto == IPPROTO_TCP ? 16 : 6);
}

static u16 get_check(struct flow *f)
{
	return check_field(f)[0] << 8 | check_field(f)[1];
}

static void set_check(struct flow *f, u16 value)
{
	check_field(f)[0] = value >> 8;
	check_field(f)[1] = value;
}

static u16 right_check(struct flow f)
{
	u16 check;

	set_check(&f, 0);
	check = ~whole_sum(&f);
	return !check && f.proto == IPPROTO_UDP ? 0xffff : check;
}

/* Two sums that mean the same: ones' complement has two zeros. */
static bool same_sum(u16 a, u16 b)
{
	return a == b || (a % 0xffff == 0 && b % 0xffff == 0);
}

/* --- random packets ---------------------------------------------------------------- */

static void odd_words(u8 *b, unsigned int len)
{
	unsigned int i;

	check_random_bytes(b, len);
	for (i = 0; i + 1 < len; i += 2) {
		u32 r = check_random();

		if (r % 8 < 2)
			b[i] = b[i + 1] = r % 8 ? 0xff : 0;
	}
}

static struct flow random_flow(u8 af, u8 proto)
{
	unsigned int header = proto == IPPROTO_TCP ? 20 : 8;
	struct flow f = { .af = af, .proto = proto };
	unsigned int ihl = 5 + check_random() % 11;
	bool dstopt = check_random() % 2;

	f.l4 = af == AF_INET6 ? 40 + dstopt * 8 : ihl * 4;
	f.len = f.l4 + header + check_random() % (MAX_PAYLOAD + 1);
	odd_words(f.b, f.len);
	f.b[0] = af == AF_INET6 ? 0x60 : 0x40 | ihl;
	return f;
}

static __be16 odd_port(void)
{
	__be16 port;

	odd_words((u8 *)&port, 2);
	return port;
}

/**
 * struct change - what is replaced by what
 * @end: which end
 * @port: its port after
 * @addr: its address after
 */
struct change {
	enum ip_vs_end end;
	__be16 port;
	union nf_inet_addr addr;
};

static struct change random_change(void)
{
	struct change c = { .end = check_random() % 2, .port = odd_port() };

	odd_words((u8 *)&c.addr, sizeof(c.addr));
	return c;
}

static u8 *addr_field(struct flow *f, enum ip_vs_end end)
{
	unsigned int size = f->af == AF_INET6 ? 16 : 4;

	return f->b + (f->af == AF_INET6 ? 8 : 12) +
	       (end == IP_VS_END_DEST ? size : 0);
}

static struct ip_vs_packet parsed(struct flow *f)
{
	struct ip_vs_packet pkt = {
		.af = f->af, .proto = f->proto, .l4_offset = f->l4,
		.len = f->len, .has_l4 = true,
	};

	if (f->af == AF_INET6) {
		memcpy(&pkt.key.v6.saddr, f->b + 8, 32);
	} else {
		memcpy(&pkt.key.v4.saddr, f->b + 12, 4);
		memcpy(&pkt.key.v4.daddr, f->b + 16, 4);
	}
	return pkt;
}

/* Let the kernel's code do it, and the caller's part: the address itself. */
static void rewrite_from(struct flow *f, const struct change *c, u8 ip_summed,
			 unsigned int csum_start)
{
	unsigned int headers = f->l4 + (f->proto == IPPROTO_TCP ? 20 : 8);
	struct sk_buff *skb = shim_skb(f->b, f->len,
				       headers - check_random() % 2 * 7,
				       check_random() % 33);
	struct ip_vs_packet pkt = parsed(f);
	struct ip_vs_writable w;
	bool done;

	skb->ip_summed = ip_summed;
	skb->csum_start = csum_start;
	CHECK(!ip_vs_writable_make(&w, skb, NULL, headers), "writable");
	if (f->af == AF_INET6)
		done = ip_vs_proto_rewrite6(w, &pkt, c->end, &c->addr.in6,
					    c->port);
	else
		done = ip_vs_proto_rewrite4(w, &pkt, c->end, c->addr.ip,
					    c->port);
	CHECK(done, "not rewritten");
	CHECK(!skb_copy_bits(skb, 0, f->b, f->len), "copy");
	memcpy(addr_field(f, c->end), &c->addr, f->af == AF_INET6 ? 16 : 4);
	shim_skb_free(skb);
}

static void rewrite(struct flow *f, const struct change *c, u8 ip_summed)
{
	rewrite_from(f, c, ip_summed, f->l4);
}

static void check_ports(struct flow *f, const struct flow *before,
			const struct change *c)
{
	unsigned int mine = f->l4 + (c->end == IP_VS_END_DEST ? 2 : 0);
	unsigned int other = f->l4 + (c->end == IP_VS_END_DEST ? 0 : 2);

	CHECK(!memcmp(f->b + mine, &c->port, 2), "port not written");
	CHECK(!memcmp(f->b + other, before->b + other, 2), "other port");
}

static void right_stays_right(u8 af, u8 proto)
{
	unsigned int i;

	for (i = 0; i < PACKETS; i++) {
		struct flow f = random_flow(af, proto), before;
		struct change c = random_change();

		set_check(&f, right_check(f));
		before = f;
		rewrite(&f, &c, CHECKSUM_NONE);
		CHECK(get_check(&f) == right_check(f), "%04x not %04x",
		      get_check(&f), right_check(f));
		check_ports(&f, &before, &c);
	}
}

static void tcp4(void)
{
	right_stays_right(AF_INET, IPPROTO_TCP);
}

static void tcp6(void)
{
	right_stays_right(AF_INET6, IPPROTO_TCP);
}

static void udp4(void)
{
	right_stays_right(AF_INET, IPPROTO_UDP);
}

static void udp6(void)
{
	right_stays_right(AF_INET6, IPPROTO_UDP);
}

/* How wrong a checksum is does not change either. */
static void wrong_stays_wrong(void)
{
	unsigned int i;

	for (i = 0; i < PACKETS; i++) {
		struct flow f = random_flow(i % 2 ? AF_INET6 : AF_INET,
					    i % 4 < 2 ? IPPROTO_TCP :
							IPPROTO_UDP);
		struct change c = random_change();
		u16 sum;

		set_check(&f, check_random() % 0xffff + 1);
		sum = whole_sum(&f);
		rewrite(&f, &c, CHECKSUM_NONE);
		CHECK(same_sum(whole_sum(&f), sum), "error %04x became %04x",
		      sum, whole_sum(&f));
	}
}

static void there_and_back(void)
{
	unsigned int i;

	for (i = 0; i < PACKETS / 10; i++) {
		struct flow f = random_flow(i % 2 ? AF_INET6 : AF_INET,
					    IPPROTO_TCP), before;
		struct change c = random_change(), back = c;

		set_check(&f, right_check(f));
		before = f;
		memcpy(&back.addr, addr_field(&f, c.end),
		       f.af == AF_INET6 ? 16 : 4);
		memcpy(&back.port, f.b + f.l4 +
		       (c.end == IP_VS_END_DEST ? 2 : 0), 2);
		rewrite(&f, &c, CHECKSUM_NONE);
		rewrite(&f, &back, CHECKSUM_NONE);
		CHECK(!memcmp(f.b, before.b, f.len), "not the same again");
	}
}

static void udp_zero_gets_one(void)
{
	unsigned int i;

	for (i = 0; i < PACKETS; i++) {
		struct flow f = random_flow(i % 2 ? AF_INET6 : AF_INET,
					    IPPROTO_UDP);
		struct change c = random_change();

		set_check(&f, 0);
		rewrite(&f, &c, CHECKSUM_NONE);
		CHECK(get_check(&f), "still none");
		CHECK(get_check(&f) == right_check(f), "%04x not %04x",
		      get_check(&f), right_check(f));
	}
}

/* Choose the new port so that the sum comes out as 0: 0xffff is written. */
static void udp_never_zero(void)
{
	unsigned int i, ffff = 0;

	for (i = 0; i < PACKETS / 10; i++) {
		struct flow f = random_flow(i % 2 ? AF_INET6 : AF_INET,
					    IPPROTO_UDP), want;
		struct change c = random_change();

		set_check(&f, i % 4 < 2 ? right_check(f) : 0);
		want = f;
		memcpy(addr_field(&want, c.end), &c.addr,
		       f.af == AF_INET6 ? 16 : 4);
		memset(want.b + f.l4 + (c.end == IP_VS_END_DEST ? 2 : 0), 0,
		       2);
		set_check(&want, 0);
		c.port = htons((u16)~whole_sum(&want));
		rewrite(&f, &c, CHECKSUM_NONE);
		CHECK(get_check(&f), "sum 0 was written as none");
		ffff += get_check(&f) == 0xffff;
	}
	CHECK(ffff == PACKETS / 10, "only %u sums of 0 came about", ffff);
}

/* To be filled in by the device: the field is the pseudo header's sum. */
static void offload(void)
{
	unsigned int i;

	for (i = 0; i < PACKETS; i++) {
		struct flow f = random_flow(i % 2 ? AF_INET6 : AF_INET,
					    i % 4 < 2 ? IPPROTO_TCP :
							IPPROTO_UDP);
		struct change c = random_change();

		set_check(&f, fold(pseudo_sum(&f)));
		rewrite(&f, &c, CHECKSUM_PARTIAL);
		CHECK(same_sum(get_check(&f), fold(pseudo_sum(&f))),
		      "%04x not %04x", get_check(&f), fold(pseudo_sum(&f)));
	}
}

/* To be filled in is the sum of what travels inside: the datagram's own is right
 * already, or it has none.
 */
static void offload_inside(void)
{
	unsigned int i;

	for (i = 0; i < PACKETS / 10; i++) {
		struct flow f = random_flow(i % 2 ? AF_INET6 : AF_INET,
					    IPPROTO_UDP);
		struct change c = random_change();
		bool none = i % 4 < 2;

		set_check(&f, none ? 0 : right_check(f));
		rewrite_from(&f, &c, CHECKSUM_PARTIAL, f.l4 + 16);
		CHECK(none ? !get_check(&f) :
			     same_sum(get_check(&f), right_check(f)),
		      "%04x not right", get_check(&f));
	}
}

/* The leaf functions, one word at a time over every pair of odd ones. */
static void corner_words(void)
{
	static const u16 words[] = { 0, 1, 0x00ff, 0x7fff, 0x8000, 0xfffe,
				     0xffff };
	unsigned int i, j, k;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		for (j = 0; j < ARRAY_SIZE(words); j++)
			for (k = 0; k < 0xffff; k++) {
				u32 sum = 0xffff - k + words[j] +
					  (u16)~words[i];
				u16 got = ip_vs_csum_apply(k,
					ip_vs_csum_port(words[i], words[j]));

				CHECK(same_sum(got, ~fold(sum)),
				      "%x: %x to %x gives %x", k, words[i],
				      words[j], got);
			}
}

const struct test csum_tests[] = {
	{ "checksum: 100000 TCP packets over IPv4 stay right", tcp4 },
	{ "checksum: 100000 TCP packets over IPv6 stay right", tcp6 },
	{ "checksum: 100000 UDP datagrams over IPv4 stay right", udp4 },
	{ "checksum: 100000 UDP datagrams over IPv6 stay right", udp6 },
	{ "checksum: a wrong one stays exactly as wrong", wrong_stays_wrong },
	{ "checksum: there and back is the same packet", there_and_back },
	{ "checksum: UDP without one gets the right one", udp_zero_gets_one },
	{ "checksum: UDP's 0 is written 0xffff", udp_never_zero },
	{ "checksum: one that waits for offload", offload },
	{ "checksum: one inside that waits for offload", offload_inside },
	{ "checksum: every old value with the odd words", corner_words },
	{}
};
