/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What packets do to a transport protocol's connections: its state machine, and
 * how its header is rewritten.  All else is in its row (rows.h).
 */
#ifndef IP_VS_PROTO_H
#define IP_VS_PROTO_H

#include <linux/in.h>
#include <linux/types.h>

#include "conn/conn.h"
#include "packet.h"
#include "writable.h"

struct ip_vs_net;
struct sk_buff;

/* Bits of ip_vs_packet.tcp_flags. */
#define TCP_FLAG_BIT_FIN 0x01
#define TCP_FLAG_BIT_SYN 0x02
#define TCP_FLAG_BIT_RST 0x04
#define TCP_FLAG_BIT_ACK 0x10

/* Entries start with this, until their first packet has changed the state. */
#define IP_VS_TIMEOUT_NEW (3 * HZ)

/* Update a connection's state by a packet; its timeout starts anew.  Context:
 * RCU read side, softirq or process.
 */
void ip_vs_proto_track(struct ip_vs_net *ivn, struct ip_vs_conn *c,
		       const struct ip_vs_packet *pkt, enum ip_vs_dir dir);
const char *ip_vs_proto_state_name(u8 proto, u32 flags, u8 state);
/* A connection's state as listings print it. */
static inline const char *ip_vs_conn_state_name(const struct ip_vs_conn *c)
{
	return ip_vs_proto_state_name(c->proto, READ_ONCE(c->flags),
				      READ_ONCE(c->state));
}

bool ip_vs_proto_aborts(const struct ip_vs_packet *pkt);
bool ip_vs_proto_opens(const struct ip_vs_net *ivn,
		       const struct ip_vs_packet *pkt);
bool ip_vs_proto_finished(const struct ip_vs_conn *c, int reuse_mode);

/* Rewriting one endpoint of a packet; see proto/<protocol>.c. */
enum ip_vs_end {
	IP_VS_END_SOURCE,
	IP_VS_END_DEST,
};

bool ip_vs_proto_rewrite4(struct ip_vs_writable w,
			  const struct ip_vs_packet *pkt, enum ip_vs_end end,
			  __be32 addr, __be16 port);
bool ip_vs_proto_rewrite6(struct ip_vs_writable w,
			  const struct ip_vs_packet *pkt, enum ip_vs_end end,
			  const struct in6_addr *addr, __be16 port);

/* Each protocol's own, called by proto.c. */
u8 ip_vs_tcp_next(enum ip_vs_dir dir, bool input_only, bool secure, u8 flags,
		  u8 state);
bool ip_vs_tcp_rewrite(struct ip_vs_writable w, const struct ip_vs_packet *pkt,
		       enum ip_vs_end end, __be16 port, __wsum addr_diff);
bool ip_vs_udp_rewrite(struct ip_vs_writable w, const struct ip_vs_packet *pkt,
		       enum ip_vs_end end, __be16 port, __wsum addr_diff);
u8 ip_vs_sctp_next(enum ip_vs_dir dir, bool input_only,
		   const struct ip_vs_packet *pkt, u8 state);
bool ip_vs_sctp_opens(const struct ip_vs_packet *pkt);
bool ip_vs_sctp_rewrite(struct ip_vs_writable w,
			const struct ip_vs_packet *pkt, enum ip_vs_end end,
			__be16 port);

/* Does a packet that found a connection open it anew?  Only the start of a
 * connection carries these.
 */
static inline bool ip_vs_proto_reopens(const struct ip_vs_packet *pkt)
{
	if (pkt->proto == IPPROTO_TCP)
		return pkt->tcp_flags & TCP_FLAG_BIT_SYN;
	return pkt->proto == IPPROTO_SCTP && ip_vs_sctp_opens(pkt);
}

#endif
