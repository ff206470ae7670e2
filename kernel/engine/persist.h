/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Persistence: one client (or network of clients), one server.
 */
#ifndef IP_VS_PERSIST_H
#define IP_VS_PERSIST_H

#include <linux/types.h>

struct ip_vs_conn;
struct ip_vs_dest;
struct ip_vs_packet;
struct ip_vs_service;
struct sk_buff;

struct ip_vs_conn *ip_vs_persist_template(struct ip_vs_service *svc,
					  const struct sk_buff *skb,
					  const struct ip_vs_packet *pkt,
					  struct ip_vs_dest *dest, u32 fwmark);

#endif
