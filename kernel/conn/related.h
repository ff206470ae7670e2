/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections that another one announces: the data connections of a control
 * connection.
 */
#ifndef IP_VS_CONN_RELATED_H
#define IP_VS_CONN_RELATED_H

#include <linux/netfilter.h>
#include <linux/types.h>

struct ip_vs_conn;
struct ip_vs_net;
struct ip_vs_packet;

/**
 * struct ip_vs_ends - the ends of a connection that is announced
 * @caddr: client's address
 * @daddr: server's address
 * @cport: client's port, 0: not known, its first packet says it
 * @vport: virtual port, at the address of the controlling connection
 * @dport: server's port
 */
struct ip_vs_ends {
	union nf_inet_addr caddr;
	union nf_inet_addr daddr;
	__be16 cport;
	__be16 vport;
	__be16 dport;
};

int ip_vs_conn_announce(struct ip_vs_conn *control,
			const struct ip_vs_ends *ends, u32 fwmark);
void ip_vs_conn_unannounce(struct ip_vs_conn *control,
			   const struct ip_vs_ends *ends);
struct ip_vs_conn *ip_vs_conn_claim(struct ip_vs_net *ivn,
				    const struct ip_vs_packet *pkt);

#endif
