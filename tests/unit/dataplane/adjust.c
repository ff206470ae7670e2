// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sequence numbers and text that change on their way: numbers in headers of any
 * options, checksums against full recomputation, text that grows, shrinks and is
 * cut.
 */
#include "dataplane_tests.h"
#include "app/app.h"
#include "conn/conn.h"
#include "conn/extra.h"
#include "net.h"
#include "packet.h"
#include "proto/states.h"
#include "xmit/adjust.h"

#define HEADERS 20000
#define L4 sizeof(struct iphdr)

#define FIN 0x01
#define SYN 0x02
#define PSH 0x08
#define ACK 0x10

/* A connection and what is behind it. */
static struct {
	struct ip_vs_conn4 c4;
	struct ip_vs_extra extra;
} entry;

static struct ip_vs_net ivn;
static unsigned int told;

static void peers_told(struct ip_vs_conn *c)
{
	CHECK(!entry.extra.lock.held, "told under the lock");
	told++;
}

static struct ip_vs_conn *entry_init(void)
{
	memset(&entry, 0, sizeof(entry));
	memset(&ivn, 0, sizeof(ivn));
	ivn.conn_prolonged = peers_told;
	told = 0;
	entry.c4.c.ivn = &ivn;
	entry.c4.c.af = AF_INET;
	entry.c4.c.proto = IPPROTO_TCP;
	entry.c4.c.state = IP_VS_TCP_ESTABLISHED;
	entry.c4.c.flags = IP_VS_CONN_F_EXTRA;
	assert(ip_vs_conn_extra(&entry.c4.c) == &entry.extra);
	return &entry.c4.c;
}

/* The sum over pseudo header and segment: 0xffff if its checksum is right. */
static u16 whole_sum(const struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	u32 sum = IPPROTO_TCP + skb->len - L4;
	unsigned int i;
	u8 b[256];

	assert(skb->len <= sizeof(b) - 1 &&
	       !skb_copy_bits(skb, 0, b, skb->len));
	b[skb->len] = 0;
	for (i = offsetof(struct iphdr, saddr); i < skb->len; i += 2)
		sum += b[i] << 8 | b[i + 1];
	CHECK(iph->ihl == 5);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static u16 ip_sum(const struct sk_buff *skb)
{
	u32 sum = 0;
	unsigned int i;

	for (i = 0; i < L4; i += 2)
		sum += skb->data[i] << 8 | skb->data[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* A segment with a right checksum; only its headers are linear. */
static struct sk_buff *segment(u32 seq, u32 ack, u8 flags, const u8 *options,
			       unsigned int n_options, const char *text,
			       struct ip_vs_packet *pkt)
{
	unsigned int head = sizeof(struct tcphdr) + n_options;
	unsigned int len = L4 + head + strlen(text);
	struct tcphdr *th;
	struct sk_buff *skb;
	struct iphdr *iph;
	u8 b[256] = {};

	assert(len < sizeof(b) && !(n_options % 4));
	iph = (void *)b;
	iph->version = 4;
	iph->ihl = 5;
	iph->tot_len = htons(len);
	iph->protocol = IPPROTO_TCP;
	iph->saddr = htonl(0x0a000001 + check_random() % 4);
	iph->daddr = htonl(0x0a020000 + check_random() % 4);
	th = (void *)(b + L4);
	th->source = htons(check_random());
	th->dest = htons(check_random());
	th->seq = htonl(seq);
	th->ack_seq = htonl(ack);
	th->doff = head / 4;
	((u8 *)th)[13] = flags;
	if (n_options)
		memcpy(th + 1, options, n_options);
	memcpy(b + L4 + head, text, strlen(text));
	skb = shim_skb(b, len, L4 + head, 0);
	th = (void *)(skb->data + L4);
	th->check = htons(~whole_sum(skb));
	iph = ip_hdr(skb);
	iph->check = htons(~ip_sum(skb));
	CHECK(ip_vs_packet_parse4(skb, pkt) == IP_VS_PARSE_OK);
	return skb;
}

static bool adjust(struct sk_buff *skb, const struct ip_vs_packet *pkt,
		   enum ip_vs_dir dir)
{
	struct ip_vs_writable w;

	CHECK(!ip_vs_writable_make(&w, skb, pkt, ip_vs_adjust_end(skb, pkt)));
	return ip_vs_adjust(w, pkt, &entry.c4.c, dir);
}

static u32 number_at(const u8 *at)
{
	__be32 n;

	memcpy(&n, at, sizeof(n));
	return ntohl(n);
}

static void number_set(u8 *at, u32 number)
{
	__be32 n = htonl(number);

	memcpy(at, &n, sizeof(n));
}

/* What a header says to the client, whose numbers begin 7 later than the
 * server's from 1000 on.
 */
static void numbers_go_there_and_back(void)
{
	/* Two blocks at an odd offset. */
	u8 options[20] = { 1, 5, 18 };
	struct ip_vs_packet pkt;
	struct ip_vs_conn *c;
	const u8 *header;
	struct sk_buff *skb;

	c = entry_init();
	entry.extra.seq[IP_VS_DIR_OUTPUT] = (struct ip_vs_seq) {
		.init_seq = 1000, .delta = 7, .old_len = 3, .new_len = 10,
	};
	skb = segment(1003, 50, ACK, NULL, 0, "x", &pkt);
	CHECK(adjust(skb, &pkt, IP_VS_DIR_OUTPUT));
	CHECK(number_at(skb->data + L4 + 4) == 1010);
	CHECK(number_at(skb->data + L4 + 8) == 50);
	CHECK(whole_sum(skb) == 0xffff);
	shim_skb_free(skb);

	number_set(options + 3, 1020);
	number_set(options + 7, 1030);
	number_set(options + 11, 990);
	number_set(options + 15, 1015);
	skb = segment(50, 1010, ACK, options, 20, "x", &pkt);
	CHECK(adjust(skb, &pkt, IP_VS_DIR_INPUT));
	header = skb->data + L4;
	CHECK(number_at(header + 4) == 50);
	CHECK(number_at(header + 8) == 1003);
	CHECK(number_at(header + 20 + 3) == 1013);
	CHECK(number_at(header + 20 + 7) == 1023);
	CHECK(number_at(header + 20 + 11) == 990);
	CHECK(number_at(header + 20 + 15) == 1008);
	CHECK(whole_sum(skb) == 0xffff);
	shim_skb_free(skb);
	CHECK(c->flags == IP_VS_CONN_F_EXTRA);
}

/* Options of any bytes: nothing behind them is touched, the checksum stays
 * right.
 */
static void options_of_any_bytes(void)
{
	struct ip_vs_packet pkt;
	struct sk_buff *skb;
	unsigned int i, n;
	u8 options[40];

	for (i = 0; i < HEADERS; i++) {
		entry_init();
		check_random_bytes(&entry.extra.seq, sizeof(entry.extra.seq));
		n = check_random() % 11 * 4;
		check_random_bytes(options, n);
		if (n && i % 2)
			options[0] = 1;
		if (n && i % 4)
			options[i % 2] = 5;
		skb = segment(check_random(), check_random(), ACK, options, n,
			      i % 3 ? "" : "text", &pkt);
		CHECK(adjust(skb, &pkt, i % 2));
		CHECK(whole_sum(skb) == 0xffff);
		if (!memchr(options, 5, n))
			CHECK(!memcmp(skb->data + L4 + 20, options, n));
		shim_skb_free(skb);
	}
}

/* A header that says it is longer than the packet is no header. */
static void header_longer_than_the_packet(void)
{
	struct ip_vs_packet pkt;
	struct sk_buff *skb;
	u8 before[L4 + 20];

	entry_init();
	entry.extra.seq[IP_VS_DIR_OUTPUT].delta = 7;
	entry.extra.seq[IP_VS_DIR_OUTPUT].previous_delta = 7;
	skb = segment(1, 2, ACK, NULL, 0, "", &pkt);
	((struct tcphdr *)(skb->data + L4))->doff = 15;
	memcpy(before, skb->data, sizeof(before));
	CHECK(adjust(skb, &pkt, IP_VS_DIR_OUTPUT));
	CHECK(!memcmp(before, skb->data, sizeof(before)));
	((struct tcphdr *)(skb->data + L4))->doff = 4;
	memcpy(before, skb->data, sizeof(before));
	CHECK(adjust(skb, &pkt, IP_VS_DIR_OUTPUT));
	CHECK(!memcmp(before, skb->data, sizeof(before)));
	shim_skb_free(skb);
}

static unsigned int releases;

static void helper_release(void *state)
{
	CHECK(entry.extra.lock.held);
	releases += !!state;
}

static const struct ip_vs_app opened_helper = {
	.name = "test", .release = helper_release,
};
static struct ip_vs_app_port opened_port = { .app = &opened_helper };

/* A connection that is opened anew begins with new numbers and new text.  A SYN into
 * an established one opens none, unless the server answers it by its own.
 */
static void opened_anew(void)
{
	const struct ip_vs_seq set = {
		.init_seq = 5, .delta = 3, .old_len = 1, .new_len = 4,
	};
	struct ip_vs_seq *out = &entry.extra.seq[IP_VS_DIR_OUTPUT];
	struct ip_vs_packet pkt, answer, text;
	struct sk_buff *skb, *skb_answer, *skb_text;

	entry_init();
	entry.extra.app = &opened_port;
	releases = 0;
	*out = set;
	entry.extra.state = &entry;
	skb = segment(1, 2, SYN, NULL, 0, "", &pkt);
	skb_answer = segment(1, 2, SYN | ACK, NULL, 0, "", &answer);
	skb_text = segment(1, 2, PSH | ACK, NULL, 0, "", &text);
	CHECK(adjust(skb, &pkt, IP_VS_DIR_INPUT));
	CHECK(adjust(skb_text, &text, IP_VS_DIR_OUTPUT));
	CHECK(!memcmp(out, &set, sizeof(set)) && entry.extra.state && !releases);
	CHECK(adjust(skb_answer, &answer, IP_VS_DIR_OUTPUT));
	CHECK(!out->delta && !entry.extra.state && releases == 1);

	*out = set;
	entry.extra.state = &entry;
	entry.c4.c.state = IP_VS_TCP_SYN_RECV;
	CHECK(adjust(skb, &pkt, IP_VS_DIR_INPUT));
	CHECK(!out->delta && !entry.extra.state && releases == 2);
	shim_skb_free(skb);
	shim_skb_free(skb_answer);
	shim_skb_free(skb_text);
}

/* --- text ------------------------------------------------------------------------ */

/* What the helper wants. */
static struct ip_vs_app_text want;
static enum ip_vs_ext_drop refusal;
static unsigned int reads;

static enum ip_vs_ext_drop helper_read(struct ip_vs_app_text *t)
{
	struct ip_vs_seq *set = &t->extra->seq[t->dir];

	reads++;
	CHECK(t->extra->lock.held);
	CHECK(t->len == 8 && !memcmp(t->text, "abcdefgh", 8));
	t->cut = want.cut;
	t->from = want.from;
	t->to = want.to;
	t->with = want.with;
	t->with_len = want.with_len;
	if (t->to > t->from) {
		ip_vs_seq_start(set, t->seq + t->from);
		ip_vs_seq_extend(set, t->to - t->from, t->with_len);
	}
	return refusal;
}

static const struct ip_vs_app helper = { .name = "test", .read = helper_read };
static struct ip_vs_app_port port = { .app = &helper };

static enum ip_vs_ext_drop text_pass(struct sk_buff *skb,
				     const struct ip_vs_packet *pkt)
{
	reads = 0;
	return ip_vs_adjust_text(skb, pkt, &entry.c4.c, IP_VS_DIR_OUTPUT, 0);
}

/* "abcdefgh" as it comes through; the headers have to fit it. */
static void text_expect(u32 cut, u32 from, u32 to, const char *with,
			const char *wanted, bool changes)
{
	struct ip_vs_packet pkt;
	struct sk_buff *skb;
	u8 flags;

	entry_init();
	entry.extra.app = &port;
	refusal = 0;
	want = (struct ip_vs_app_text) {
		.cut = cut, .from = from, .to = to,
		.with = (const u8 *)with, .with_len = strlen(with),
	};
	skb = segment(100, 50, FIN | PSH | ACK, NULL, 0, "abcdefgh", &pkt);
	CHECK(!text_pass(skb, &pkt));
	CHECK(reads == 1);
	CHECK(skb->len == L4 + 20 + strlen(wanted) &&
	      skb->headlen == skb->len &&
	      !memcmp(skb->data + L4 + 20, wanted, strlen(wanted)), "%s",
	      wanted);
	CHECK(ntohs(ip_hdr(skb)->tot_len) == skb->len);
	CHECK(ip_sum(skb) == 0xffff);
	flags = skb->data[L4 + 13];
	CHECK(flags == (cut < 8 ? ACK : FIN | PSH | ACK));
	/* The device adds the segment to what stands there. */
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		struct tcphdr *th = (void *)(skb->data + L4);
		__wsum sum = skb_checksum(skb, L4, skb->len - L4, 0);

		CHECK(skb->csum_start == L4 && skb->csum_offset == 16);
		th->check = csum_fold(sum);
	}
	CHECK(whole_sum(skb) == 0xffff);
	CHECK(told == changes);
	CHECK(!!(entry.c4.c.flags & IP_VS_CONN_F_OUT_SEQ) == changes);
	CHECK(!entry.extra.lock.held && !entry.c4.c.lock.held);
	shim_skb_free(skb);
}

static void text_of_another_length(void)
{
	text_expect(8, 0, 0, "", "abcdefgh", false);
	text_expect(8, 2, 4, "XY", "abXYefgh", false);
	text_expect(8, 2, 4, "X", "abXefgh", true);
	text_expect(8, 2, 4, "VWXYZ", "abVWXYZefgh", true);
	text_expect(8, 0, 8, "0123456789", "0123456789", true);
	text_expect(8, 6, 8, "", "abcdef", true);
	text_expect(5, 0, 0, "", "abcde", false);
	text_expect(5, 1, 3, "UVWXYZ", "aUVWXYZde", true);
	text_expect(5, 3, 5, "", "abc", true);
	text_expect(0, 0, 0, "", "", false);
}

/* A packet that its helper refuses, or that cannot be changed, leaves no trace. */
static void text_refused(void)
{
	struct ip_vs_packet pkt;
	struct sk_buff *skb;

	entry_init();
	entry.extra.app = &port;
	want = (struct ip_vs_app_text) {
		.cut = 8, .from = 1, .to = 3, .with = (const u8 *)"1234567",
		.with_len = 7,
	};
	refusal = IPVS_EXT_DROP_CONN_LIMIT;
	skb = segment(100, 50, ACK, NULL, 0, "abcdefgh", &pkt);
	CHECK(text_pass(skb, &pkt) == IPVS_EXT_DROP_CONN_LIMIT);
	CHECK(!entry.extra.seq[IP_VS_DIR_OUTPUT].delta && !told);
	CHECK(whole_sum(skb) == 0xffff);
	refusal = 0;
	shim_bad_checksum = true;
	CHECK(text_pass(skb, &pkt) == IPVS_EXT_DROP_CHECKSUM && !reads);
	shim_bad_checksum = false;
	/* No memory: the numbers have changed, the repetition is changed so. */
	shim_no_memory = true;
	CHECK(text_pass(skb, &pkt) == IPVS_EXT_DROP_NO_MEMORY);
	shim_no_memory = false;
	CHECK(!entry.extra.lock.held);
	entry.c4.c.state = IP_VS_TCP_FIN_WAIT;
	CHECK(!text_pass(skb, &pkt) && !reads);
	shim_skb_free(skb);
}

const struct test adjust_tests[] = {
	{ "adjust: numbers go there and back, SACK blocks at odd offsets",
	  numbers_go_there_and_back },
	{ "adjust: options of any bytes", options_of_any_bytes },
	{ "adjust: a header longer than the packet", header_longer_than_the_packet },
	{ "adjust: a connection opened anew", opened_anew },
	{ "adjust: text of another length", text_of_another_length },
	{ "adjust: text that is refused", text_refused },
	{ }
};
