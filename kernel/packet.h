/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A packet as the engine sees it: parsed once, a value on the stack.
 */
#ifndef IP_VS_PACKET_H
#define IP_VS_PACKET_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/netfilter.h>
#include <linux/types.h>

#include "proto/rows.h"

struct sk_buff;

/* What a connection key stands for; part of the key, so that an ordinary
 * packet never finds a persistence template.
 */
enum ip_vs_key_kind {
	IP_VS_KEY_FLOW = 0,
	IP_VS_KEY_TEMPLATE = 1,
	IP_VS_KEY_NAMED = 2,	/* a template with a persistence engine's data */
};

/**
 * struct ip_vs_key4 - the tuple of an IPv4 packet
 * @saddr: source address
 * @daddr: destination address
 * @sport: source port
 * @dport: destination port
 * @proto: IP protocol
 * @kind: enum ip_vs_key_kind
 */
struct ip_vs_key4 {
	__be32 saddr;
	__be32 daddr;
	__be16 sport;
	__be16 dport;
	u8 proto;
	u8 kind;
};

/**
 * struct ip_vs_key6 - the same for IPv6
 * @saddr: source address
 * @daddr: destination address
 * @sport: source port
 * @dport: destination port
 * @proto: transport protocol
 * @kind: enum ip_vs_key_kind
 */
struct ip_vs_key6 {
	struct in6_addr saddr;
	struct in6_addr daddr;
	__be16 sport;
	__be16 dport;
	u8 proto;
	u8 kind;
};

/**
 * union ip_vs_key - a key of either family
 * @v4: IPv4
 * @v6: IPv6
 */
union ip_vs_key {
	struct ip_vs_key4 v4;
	struct ip_vs_key6 v6;
};

/**
 * struct ip_vs_packet - one packet, parsed
 * @af: AF_INET or AF_INET6: the family of the header examined
 * @proto: transport protocol of the header examined
 * @quoted: the header examined is the one quoted inside an ICMP error; @key
 *	still says source and destination as the quote does
 * @later_fragment: not the first fragment: there is no transport header
 * @has_l4: the transport header was readable, so that @tcp_flags and @chunk are
 *	filled in; never for AH and ESP, which have no ports
 * @tcp_flags: byte 13 of the TCP header, 0 for other protocols
 * @chunk: type of the first SCTP chunk, 0 for other protocols
 * @chunk_aborts: an ABORT chunk follows that one, which has to do with cookies
 * @ip_offset: offset of the header examined from skb->data
 * @l4_offset: offset of its transport header from skb->data
 * @len: length of the whole packet from the outer IP header on, bytes
 * @key: addresses, ports and protocol; @key.v4 or @key.v6 by @af.  Of AH and ESP
 *	the key exchange's: those packets follow its connection
 *
 * Offsets stay good when the head of the packet is reallocated; no pointer
 * into the packet is kept.  They are as wide as the length of a packet: behind
 * 64 KiB of extension headers nothing may wrap.  To write at one see writable.h.
 */
struct ip_vs_packet {
	u8 af;
	u8 proto;
	bool quoted;
	bool later_fragment;
	bool has_l4;
	u8 tcp_flags;
	u8 chunk;
	bool chunk_aborts;
	u32 ip_offset;
	u32 l4_offset;
	u32 len;
	union ip_vs_key key;
};

/* The key's addresses and ports, family left to the caller (@af). */
static inline const union nf_inet_addr *
ip_vs_packet_saddr(const struct ip_vs_packet *pkt)
{
	if (pkt->af == AF_INET6)
		return (const union nf_inet_addr *)&pkt->key.v6.saddr;
	return (const union nf_inet_addr *)&pkt->key.v4.saddr;
}

static inline const union nf_inet_addr *
ip_vs_packet_daddr(const struct ip_vs_packet *pkt)
{
	if (pkt->af == AF_INET6)
		return (const union nf_inet_addr *)&pkt->key.v6.daddr;
	return (const union nf_inet_addr *)&pkt->key.v4.daddr;
}

static inline __be16 ip_vs_packet_sport(const struct ip_vs_packet *pkt)
{
	return pkt->af == AF_INET6 ? pkt->key.v6.sport : pkt->key.v4.sport;
}

static inline __be16 ip_vs_packet_dport(const struct ip_vs_packet *pkt)
{
	return pkt->af == AF_INET6 ? pkt->key.v6.dport : pkt->key.v4.dport;
}

/* The client's and the service's side of the header examined: a quoted
 * header is the server's answer, so there the sides are swapped.
 */
static inline const union nf_inet_addr *
ip_vs_packet_caddr(const struct ip_vs_packet *pkt)
{
	return pkt->quoted ? ip_vs_packet_daddr(pkt) : ip_vs_packet_saddr(pkt);
}

static inline const union nf_inet_addr *
ip_vs_packet_vaddr(const struct ip_vs_packet *pkt)
{
	return pkt->quoted ? ip_vs_packet_saddr(pkt) : ip_vs_packet_daddr(pkt);
}

static inline __be16 ip_vs_packet_cport(const struct ip_vs_packet *pkt)
{
	return pkt->quoted ? ip_vs_packet_dport(pkt) : ip_vs_packet_sport(pkt);
}

static inline __be16 ip_vs_packet_vport(const struct ip_vs_packet *pkt)
{
	return pkt->quoted ? ip_vs_packet_sport(pkt) : ip_vs_packet_dport(pkt);
}

/* Does the packet's protocol have ports?  (AH and ESP, which we also know, do
 * not.)
 */
static inline bool ip_vs_packet_has_ports(const struct ip_vs_packet *pkt)
{
	return ip_vs_proto_has_ports(pkt->proto);
}

/* What a parser found. */
enum ip_vs_parse {
	IP_VS_PARSE_OK,		/* a protocol we balance, ports in @key */
	IP_VS_PARSE_OTHER,	/* not ours: leave the packet alone */
	IP_VS_PARSE_SHORT,	/* ours, but the transport header is truncated */
};

enum ip_vs_parse ip_vs_packet_parse4(const struct sk_buff *skb,
				     struct ip_vs_packet *pkt);
enum ip_vs_parse ip_vs_packet_parse6(const struct sk_buff *skb,
				     struct ip_vs_packet *pkt);
enum ip_vs_parse ip_vs_packet_parse_quote4(const struct sk_buff *skb,
					   unsigned int offset,
					   struct ip_vs_packet *pkt);
enum ip_vs_parse ip_vs_packet_parse_quote6(const struct sk_buff *skb,
					   unsigned int offset,
					   struct ip_vs_packet *pkt);
bool ip_vs_packet_unchanged(const struct sk_buff *skb,
			    const struct ip_vs_packet *pkt);
void ip_vs_packet_turn(const struct ip_vs_packet *pkt,
		       struct ip_vs_packet *turned);

/* Both ports, as a transport header starts with them. */
#define IP_VS_PORTS_LEN (2 * sizeof(__be16))

#endif
