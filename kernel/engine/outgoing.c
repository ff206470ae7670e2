// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets that a real server sends to a client it has no connection with.
 *
 * A SIP server calls a client, or answers a request of a one-packet service: the
 * packet has to come from the virtual address, and the client's packets of that
 * call have to reach this server.  So a NAT server of a service with a
 * persistence engine may open a connection, whose client is the packet's
 * destination; if the service is persistent, the template of the client and of
 * what the engine finds in the packet leads to this server from then on.
 */
#include <linux/err.h>
#include <linux/ip_vs.h>

#include "conn/conn.h"
#include "content/engine.h"
#include "engine/outgoing.h"
#include "engine/persist.h"
#include "net.h"
#include "packet.h"
#include "proto/rows.h"
#include "server/dest.h"
#include "server/server_addr.h"
#include "server/service.h"
#include "server/stats.h"

/* The service of the server that sent the packet; NULL: this is no server that
 * may open connections.
 */
static struct ip_vs_service *opening_service(const struct ip_vs_dest *dest,
					     const struct ip_vs_packet *pkt)
{
	struct ip_vs_service *svc = rcu_dereference(dest->svc);
	const struct ip_vs_pe *pe = svc ? READ_ONCE(svc->pe) : NULL;

	if (!pe || pe->proto != pkt->proto || svc->key.fwmark || !svc->key.port)
		return NULL;
	return svc;
}

/* The packet as the client would send it to the service. */
static void packet_as_request(const struct ip_vs_service *svc,
			      const struct ip_vs_packet *pkt,
			      struct ip_vs_packet *request)
{
	ip_vs_packet_turn(pkt, request);
	if (pkt->af == AF_INET6) {
		request->key.v6.daddr = svc->key.addr.in6;
		request->key.v6.dport = svc->key.port;
	} else {
		request->key.v4.daddr = svc->key.addr.ip;
		request->key.v4.dport = svc->key.port;
	}
}

/**
 * ip_vs_outgoing() - let a real server's packet open a connection
 * @ivn: namespace
 * @skb: packet
 * @pkt: the packet, parsed; it belongs to no connection
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: the connection, an RCU pointer, whose answer the packet is; NULL: none.
 */
struct ip_vs_conn *ip_vs_outgoing(struct ip_vs_net *ivn,
				  const struct sk_buff *skb,
				  const struct ip_vs_packet *pkt)
{
	struct ip_vs_conn *c, *template = NULL;
	struct ip_vs_packet request;
	struct ip_vs_service *svc;
	struct ip_vs_dest *dest;

	dest = ip_vs_server_addr_nat(ivn, pkt->af, ip_vs_packet_saddr(pkt),
				     ip_vs_packet_sport(pkt), pkt->proto);
	svc = dest ? opening_service(dest, pkt) : NULL;
	if (!svc || !pkt->has_l4)
		return NULL;
	packet_as_request(svc, pkt, &request);
	if (READ_ONCE(svc->flags) & IP_VS_SVC_F_PERSISTENT) {
		template = ip_vs_persist_template(svc, skb, &request, dest, 0);
		if (IS_ERR(template))
			return NULL;
	}

	c = ip_vs_conn_new(&(const struct ip_vs_conn_params) {
		.ivn = ivn,
		.key = &request.key,
		.dest = dest,
		.control = template,
		.af = pkt->af,
		.dport = dest->key.port,
		.flags = READ_ONCE(svc->flags) & IP_VS_SVC_F_ONEPACKET ?
			 IP_VS_CONN_F_ONE_PACKET : 0,
		.timeout = ip_vs_proto_timeout(&ivn->timeouts, pkt->proto, 0),
	});
	if (IS_ERR(c))
		return NULL;
	ip_vs_stats_conn(dest);
	return c;
}
