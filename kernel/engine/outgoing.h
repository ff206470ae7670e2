/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packets that a real server sends to a client it has no connection with.
 */
#ifndef IP_VS_OUTGOING_H
#define IP_VS_OUTGOING_H

struct ip_vs_conn;
struct ip_vs_net;
struct ip_vs_packet;
struct sk_buff;

struct ip_vs_conn *ip_vs_outgoing(struct ip_vs_net *ivn,
				  const struct sk_buff *skb,
				  const struct ip_vs_packet *pkt);

#endif
