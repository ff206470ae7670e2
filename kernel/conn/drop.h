/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A packet of a connection is dropped.
 */
#ifndef IP_VS_CONN_DROP_H
#define IP_VS_CONN_DROP_H

#include <linux/ip_vs_ext.h>

struct ip_vs_conn;
struct sk_buff;

/* Packet path, RCU read side.  Returns NF_DROP. */
unsigned int ip_vs_drop_of(const struct ip_vs_conn *c,
			   enum ip_vs_ext_drop why);
/* The same for a packet that is ours to free.  Returns NF_STOLEN. */
unsigned int ip_vs_drop_free(const struct ip_vs_conn *c, struct sk_buff *skb,
			     enum ip_vs_ext_drop why);

#endif
