// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz what reads and writes packets: the parsers of both families, of packets and of
 * quotes, and the rewriting of their headers.
 *
 * A packet lies in memory of exactly its size, in a linear part and fragments that the
 * first bytes of the input choose.  What must hold of any packet:
 *
 *	nothing outside is read or written (the sanitizer)
 *	how it lies in memory makes no difference
 *	what is found lies inside
 *	one endpoint replaced: what was a right checksum is one, by full computation;
 *	no byte has changed but address, port and sums
 *	the endpoint put back: the packet is as it was
 *	writable up to any byte before the end of the header: nothing is written
 */
#include "conn/expiry.h"
#include "packet.h"
#include "proto/proto.h"
#include "server/dest.h"
#include "writable.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(true_of_any) do { if (!(true_of_any)) abort(); } while (0)

/**
 * struct choice - the first bytes of an input
 * @kind: enum bits below
 * @linear: bytes of the linear part
 * @piece: bytes of a fragment
 * @at: where a quote begins, in words of 4 bytes: no header's length is another
 * @addr: the new address begins with it
 * @port: the new port
 */
struct choice {
	u8 kind;
	u8 linear;
	u8 piece;
	u8 at;
	u8 addr[16];
	u8 port[2];
} __attribute__((packed));

enum {
	SIX = 1,		/* IPv6 */
	QUOTE = 2,		/* what an ICMP error quotes */
	SOURCE = 4,		/* the source is replaced */
	PARTIAL = 8,		/* the device computes the checksum */
	CLONED = 16,
	LONG = 32,		/* most of it linear */
	RIGHT = 64,		/* the checksum is right before */
};

static struct choice how;

/* A packet has no connection here, whose state would call these. */
void ip_vs_expiry_sooner(struct ip_vs_conn *c)
{
	abort();
}

void ip_vs_dest_set_active(struct ip_vs_dest *dest, bool active)
{
	abort();
}

static struct sk_buff *packet_of(const u8 *bytes, u32 len, bool in_parts)
{
	u32 least = how.kind & SIX ? sizeof(struct ipv6hdr) : sizeof(struct iphdr);
	u32 linear = how.kind & LONG ? len - how.linear : least + how.linear;
	struct sk_buff *skb;

	/* The IP header is linear at every hook. */
	if (!in_parts || linear < least || linear > len)
		linear = len;
	skb = shim_skb(bytes, len, linear, how.piece);
	skb->cloned = in_parts && how.kind & CLONED;
	skb->ip_summed = how.kind & PARTIAL ? CHECKSUM_PARTIAL : CHECKSUM_NONE;
	return skb;
}

static enum ip_vs_parse parse(const struct sk_buff *skb, struct ip_vs_packet *pkt)
{
	unsigned int at = how.at * 4;

	if (how.kind & QUOTE)
		return how.kind & SIX ? ip_vs_packet_parse_quote6(skb, at, pkt) :
					ip_vs_packet_parse_quote4(skb, at, pkt);
	return how.kind & SIX ? ip_vs_packet_parse6(skb, pkt) :
				ip_vs_packet_parse4(skb, pkt);
}

static u32 header_len(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return sizeof(struct tcphdr);
	case IPPROTO_UDP:
		return sizeof(struct udphdr);
	case IPPROTO_SCTP:
		return sizeof(struct sctphdr);
	}
	return 0;
}

static u32 key_len(void)
{
	return how.kind & SIX ? offsetofend(struct ip_vs_key6, kind) :
				offsetofend(struct ip_vs_key4, kind);
}

/* What was found is there. */
static void check_found(const u8 *bytes, u32 len, const struct ip_vs_packet *pkt)
{
	__be16 sport = ip_vs_packet_sport(pkt), dport = ip_vs_packet_dport(pkt);

	MUST(pkt->len == len && pkt->ip_offset < pkt->l4_offset);
	if (!ip_vs_packet_has_ports(pkt))
		return;
	MUST(pkt->l4_offset + IP_VS_PORTS_LEN <= len);
	MUST(!memcmp(bytes + pkt->l4_offset, &sport, 2));
	MUST(!memcmp(bytes + pkt->l4_offset + 2, &dport, 2));
	MUST(!pkt->has_l4 || pkt->l4_offset + header_len(pkt->proto) <= len);
	MUST(!pkt->quoted || !pkt->has_l4);
}

static void check_turn(const struct ip_vs_packet *pkt)
{
	struct ip_vs_packet turned, again;

	ip_vs_packet_turn(pkt, &turned);
	ip_vs_packet_turn(&turned, &again);
	MUST(!memcmp(&again.key, &pkt->key, key_len()));
	MUST(ip_vs_packet_sport(&turned) == ip_vs_packet_dport(pkt));
}

/* --- rewriting ---------------------------------------------------------------------- */

static u32 sum_field(const struct ip_vs_packet *pkt)
{
	return pkt->l4_offset + (pkt->proto == IPPROTO_UDP ? 6 : 16);
}

static u16 get16(const u8 *at)
{
	return at[0] << 8 | at[1];
}

static void put16(u8 *at, u16 value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static u16 words(u32 sum, const u8 *at, u32 len)
{
	u32 i;

	for (i = 0; i + 1 < len; i += 2)
		sum += get16(at + i);
	if (len % 2)
		sum += at[len - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static u16 pseudo_sum(const u8 *bytes, const struct ip_vs_packet *pkt)
{
	u32 len = pkt->len - pkt->l4_offset;
	u32 sum = pkt->proto + (len & 0xffff) + (len >> 16);

	return how.kind & SIX ? words(sum, bytes + 8, 32) : words(sum, bytes + 12, 8);
}

/* Everything that the checksum is about, it included. */
static u16 whole_sum(const u8 *bytes, const struct ip_vs_packet *pkt)
{
	return words(pseudo_sum(bytes, pkt), bytes + pkt->l4_offset,
		     pkt->len - pkt->l4_offset);
}

static bool sum_right(const u8 *bytes, const struct ip_vs_packet *pkt)
{
	if (how.kind & PARTIAL)
		return get16(bytes + sum_field(pkt)) % 0xffff ==
		       pseudo_sum(bytes, pkt) % 0xffff;
	return whole_sum(bytes, pkt) == 0xffff;
}

static void make_right(u8 *bytes, const struct ip_vs_packet *pkt)
{
	u16 sum;

	put16(bytes + sum_field(pkt), 0);
	if (how.kind & PARTIAL) {
		put16(bytes + sum_field(pkt), pseudo_sum(bytes, pkt));
		return;
	}
	sum = ~whole_sum(bytes, pkt);
	put16(bytes + sum_field(pkt), !sum && pkt->proto == IPPROTO_UDP ? 0xffff : sum);
}

/* As xmit/nat.c does: transport first, then the address in the IP header. */
static bool replace(struct ip_vs_writable w, struct ip_vs_packet *pkt, const u8 *addr,
		    __be16 port)
{
	enum ip_vs_end end = how.kind & SOURCE ? IP_VS_END_SOURCE : IP_VS_END_DEST;
	struct in6_addr addr6;
	__be32 addr4;
	u8 *ip;

	memcpy(&addr6, addr, sizeof(addr6));
	memcpy(&addr4, addr, sizeof(addr4));
	if (how.kind & SIX ? !ip_vs_proto_rewrite6(w, pkt, end, &addr6, port) :
			     !ip_vs_proto_rewrite4(w, pkt, end, addr4, port))
		return false;
	ip = w.skb->data;
	if (how.kind & SIX) {
		memcpy(ip + (how.kind & SOURCE ? 8 : 24), &addr6, sizeof(addr6));
		*(how.kind & SOURCE ? &pkt->key.v6.saddr : &pkt->key.v6.daddr) = addr6;
		*(how.kind & SOURCE ? &pkt->key.v6.sport : &pkt->key.v6.dport) = port;
	} else {
		memcpy(ip + (how.kind & SOURCE ? 12 : 16), &addr4, sizeof(addr4));
		*(how.kind & SOURCE ? &pkt->key.v4.saddr : &pkt->key.v4.daddr) = addr4;
		*(how.kind & SOURCE ? &pkt->key.v4.sport : &pkt->key.v4.dport) = port;
	}
	return true;
}

/* No byte differs but those of the address, the port and the checksum. */
static void check_untouched(const u8 *before, const u8 *after, u32 len,
			    const struct ip_vs_packet *pkt)
{
	u32 addr = how.kind & SIX ? (how.kind & SOURCE ? 8 : 24) :
				    (how.kind & SOURCE ? 12 : 16);
	u32 addr_len = how.kind & SIX ? 16 : 4;
	u32 port = pkt->l4_offset + (how.kind & SOURCE ? 0 : 2);
	u32 sum = pkt->proto == IPPROTO_SCTP ? pkt->l4_offset + 8 : sum_field(pkt);
	u32 sum_len = pkt->proto == IPPROTO_SCTP ? 4 : 2;
	u32 i;

	for (i = 0; i < len; i++)
		MUST(before[i] == after[i] || (i >= addr && i < addr + addr_len) ||
		     (i >= port && i < port + 2) || (i >= sum && i < sum + sum_len));
}

static void check_refused(const u8 *bytes, u32 len, struct ip_vs_packet *pkt, u32 end)
{
	struct sk_buff *skb = packet_of(bytes, len, true);
	struct ip_vs_writable w;
	u8 *after = malloc(len);

	MUST(!ip_vs_writable_make(&w, skb, pkt, end));
	MUST(!replace(w, pkt, how.addr, 0));
	MUST(!skb_copy_bits(skb, 0, after, len) && !memcmp(after, bytes, len));
	free(after);
	shim_skb_free(skb);
}

/* Has the datagram a checksum? */
static bool is_summed(const u8 *bytes, const struct ip_vs_packet *pkt)
{
	return pkt->proto == IPPROTO_TCP ||
	       (pkt->proto == IPPROTO_UDP && get16(bytes + sum_field(pkt)));
}

static void check_rewritten(u8 *bytes, u32 len, struct ip_vs_packet pkt)
{
	const struct ip_vs_packet before = pkt;
	u32 end = pkt.l4_offset + header_len(pkt.proto);
	struct ip_vs_writable w;
	u8 *after = malloc(len);
	u8 old_addr[16] = {};
	struct sk_buff *skb;
	__be16 port, old;
	bool right, gets_one;

	if (how.kind & RIGHT && pkt.proto != IPPROTO_SCTP)
		make_right(bytes, &pkt);
	right = is_summed(bytes, &pkt) && sum_right(bytes, &pkt);
	/* A datagram without a checksum gets one. */
	gets_one = pkt.proto == IPPROTO_UDP && !is_summed(bytes, &pkt) &&
		   !(how.kind & PARTIAL);
	check_refused(bytes, len, &pkt, how.linear % end);

	skb = packet_of(bytes, len, true);
	skb->csum_start = pkt.l4_offset;
	memcpy(&port, how.port, sizeof(port));
	memcpy(old_addr, how.kind & SOURCE ? ip_vs_packet_saddr(&pkt)->all :
					     ip_vs_packet_daddr(&pkt)->all,
	       how.kind & SIX ? 16 : 4);
	old = how.kind & SOURCE ? ip_vs_packet_sport(&pkt) : ip_vs_packet_dport(&pkt);

	MUST(!ip_vs_writable_make(&w, skb, &pkt, end) && w.end == end);
	MUST(replace(w, &pkt, how.addr, port));
	MUST(!skb_copy_bits(skb, 0, after, len));
	check_untouched(bytes, after, len, &pkt);
	MUST(!(right || gets_one) || (is_summed(after, &pkt) && sum_right(after, &pkt)));

	/* And back. */
	MUST(replace(w, &pkt, old_addr, old));
	MUST(!skb_copy_bits(skb, 0, after, len));
	MUST(!memcmp(&pkt.key, &before.key, key_len()));
	check_untouched(bytes, after, len, &pkt);
	MUST(!right || sum_right(after, &pkt));
	shim_skb_free(skb);
	free(after);
}

static void check_packet(u8 *bytes, u32 len)
{
	struct sk_buff *flat = packet_of(bytes, len, false);
	struct sk_buff *parts = packet_of(bytes, len, true);
	struct ip_vs_packet one, two;
	enum ip_vs_parse found;

	memset(&one, 0, sizeof(one));
	memset(&two, 0, sizeof(two));
	found = parse(flat, &one);
	MUST(found == parse(parts, &two));
	if (found == IP_VS_PARSE_OK) {
		MUST(!memcmp(&one, &two, sizeof(one)));
		MUST(ip_vs_packet_unchanged(parts, &one));
		check_found(bytes, len, &one);
		check_turn(&one);
		if (one.has_l4 && ip_vs_packet_has_ports(&one))
			check_rewritten(bytes, len, one);
	}
	shim_skb_free(flat);
	shim_skb_free(parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	u32 len = size - sizeof(how);
	u8 *bytes;

	if (size < sizeof(how) + sizeof(struct ipv6hdr))
		return 0;
	memcpy(&how, data, sizeof(how));
	bytes = malloc(len);
	memcpy(bytes, data + sizeof(how), len);
	check_packet(bytes, len);
	free(bytes);
	return 0;
}
