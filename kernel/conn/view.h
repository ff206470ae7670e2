/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A connection as listings and events show it.
 */
#ifndef IP_VS_CONN_VIEW_H
#define IP_VS_CONN_VIEW_H

#include <linux/netfilter.h>
#include <linux/types.h>

#include "conn/conn.h"
#include "content/engine.h"

/**
 * struct ip_vs_conn_view - the addresses of a connection, for listings
 * @caddr: client
 * @vaddr: virtual address, or the mark of a mark service's template
 * @daddr: real server, of family @daf
 * @cport: client's port
 * @vport: virtual port
 * @dport: real server's port
 * @af: family of @caddr and @vaddr
 * @daf: family of @daddr
 */
struct ip_vs_conn_view {
	union nf_inet_addr caddr;
	union nf_inet_addr vaddr;
	union nf_inet_addr daddr;
	__be16 cport;
	__be16 vport;
	__be16 dport;
	u16 af;
	u16 daf;
};

/**
 * struct ip_vs_conn_report - what listings and events show of a connection
 * @view: addresses and ports
 * @state: its number, of the protocol's state machine or a template's
 * @flags: IP_VS_CONN_F_*
 * @data: of a template of a persistence engine, what the engine found; else
 *	its @pe is NULL
 * @remaining: jiffies until its deadline
 * @fwmark: mark of the first packet
 * @proto: IP protocol
 */
struct ip_vs_conn_report {
	struct ip_vs_conn_view view;
	struct ip_vs_pe_data data;
	u32 flags;
	u32 remaining;
	u32 fwmark;
	u8 proto;
	u8 state;
};

void ip_vs_conn_view(const struct ip_vs_conn *c, struct ip_vs_conn_view *view);
void ip_vs_conn_data(const struct ip_vs_conn *c, struct ip_vs_pe_data *data);
void ip_vs_conn_report(const struct ip_vs_conn *c,
		       struct ip_vs_conn_report *report);
/* Is the entry listed?  One-packet entries (never hashed) and expired ones are
 * not.  Sets how many jiffies are left.
 */
static inline bool ip_vs_conn_listed(const struct ip_vs_conn *c,
				     u32 *remaining)
{
	if (READ_ONCE(c->flags) & IP_VS_CONN_F_ONE_PACKET)
		return false;
	*remaining = ip_vs_conn_remaining(c);
	return *remaining;
}

#endif
