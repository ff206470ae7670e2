// SPDX-License-Identifier: GPL-2.0-only
/*
 * A client's packet: find its connection, or a service and a server for it;
 * then state, counters, transmit.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/skbuff.h>
#include <net/icmp.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/route.h>

#include "conn_life.h"
#include "engine.h"
#include "net.h"
#include "persist.h"
#include "proto.h"
#include "sched.h"
#include "stats.h"
#include "sync/sync.h"
#include "xmit.h"

#define FTP_PORT htons(21)
#define FTP_DATA_PORT htons(20)

/* Is the packet part of a flow that connection tracking knew before? */
static bool ct_confirmed(const struct sk_buff *skb)
{
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	return ct && nf_ct_is_confirmed(ct);
}

/* The client opens on a tuple it has used before: is the old connection to be
 * forgotten, so that the new one may go elsewhere?
 */
static bool tuple_reused(const struct ip_vs_net *ivn,
			 const struct ip_vs_conn *c)
{
	int mode = READ_ONCE(ivn->settings.conn_reuse_mode);

	if (READ_ONCE(ivn->settings.expire_nodest_conn) && c->dest &&
	    !READ_ONCE(c->dest->weight))
		return true;
	return mode && ip_vs_proto_finished(c, mode);
}

/* What becomes of a connection that was found. */
enum fate {
	FATE_KEEP,
	FATE_DROP,	/* keep it, drop the packet */
	FATE_EXPIRE,	/* end it */
};

static enum fate conn_fate(const struct ip_vs_net *ivn,
			   const struct ip_vs_conn *c,
			   const struct ip_vs_packet *pkt)
{
	if (unlikely(ip_vs_proto_reopens(pkt)) && tuple_reused(ivn, c))
		return FATE_EXPIRE;
	if (likely(!c->dest || ip_vs_dest_available(c->dest)))
		return FATE_KEEP;
	return READ_ONCE(ivn->settings.expire_nodest_conn) ? FATE_EXPIRE :
							     FATE_DROP;
}

/* Is the destination one that a packet could go to without us? */
static bool may_bypass(const struct ip_vs_net *ivn,
		       const struct ip_vs_service *svc,
		       const struct ip_vs_packet *pkt)
{
	const union nf_inet_addr *daddr = ip_vs_packet_daddr(pkt);

	if (!READ_ONCE(ivn->settings.cache_bypass) || !svc->key.fwmark ||
	    pkt->quoted)
		return false;
	if (pkt->af == AF_INET6)
		return ipv6_addr_type(&daddr->in6) & IPV6_ADDR_UNICAST;
	return inet_addr_type(ivn->net, daddr->ip) == RTN_UNICAST;
}

static u32 one_packet(const struct ip_vs_service *svc,
		      const struct ip_vs_packet *pkt)
{
	return READ_ONCE(svc->flags) & IP_VS_SVC_F_ONEPACKET &&
	       pkt->proto == IPPROTO_UDP ? IP_VS_CONN_F_ONE_PACKET : 0;
}

static void tell_no_port(struct sk_buff *skb, const struct ip_vs_packet *pkt)
{
	if (pkt->af == AF_INET) {
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
		return;
	}
	/* A packet of this host has no device yet. */
	if (!skb->dev)
		skb->dev = skb_dst(skb)->dev;
	icmpv6_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_PORT_UNREACH, 0);
}

/* No server can be had.  An FTP service passes on what was not for its own
 * port; every other packet's sender is told.
 */
static unsigned int refuse(const struct ip_vs_service *svc,
			   struct sk_buff *skb, const struct ip_vs_packet *pkt)
{
	if (svc->id.port == FTP_PORT && ip_vs_packet_vport(pkt) != FTP_PORT)
		return NF_ACCEPT;
	if (!pkt->quoted)
		tell_no_port(skb, pkt);
	return NF_DROP;
}

/* A service found by a rule other than its own port serves only as part of a
 * persistent one.
 */
static bool port_mismatch(const struct ip_vs_service *svc,
			  const struct ip_vs_packet *pkt)
{
	if (svc->key.fwmark || svc->id.port == ip_vs_packet_vport(pkt))
		return false;
	if (!svc->id.port)
		pr_err_ratelimited("Schedule: port zero only supported in persistent services, check your ipvs configuration\n");
	return true;
}

/* Where the connection is to go, with a persistent service: as its template
 * says.
 */
static enum ip_vs_persist choose_persistent(struct ip_vs_service *svc,
					    const struct ip_vs_packet *pkt,
					    struct ip_vs_conn_seed *seed)
{
	enum ip_vs_persist result;
	__be16 vport = ip_vs_packet_vport(pkt);

	result = ip_vs_persist_template(seed->ivn, svc, pkt, seed->fwmark,
					&seed->control);
	if (result != IP_VS_PERSIST_OK)
		return result;
	seed->dest = seed->control->dest;
	seed->dport = vport;
	if (vport == svc->id.port && seed->dest->key.port)
		seed->dport = seed->dest->key.port;
	return result;
}

static enum ip_vs_persist choose(struct ip_vs_service *svc,
				 const struct ip_vs_packet *pkt,
				 struct ip_vs_conn_seed *seed)
{
	if (READ_ONCE(svc->flags) & IP_VS_SVC_F_PERSISTENT)
		return choose_persistent(svc, pkt, seed);
	if (port_mismatch(svc, pkt))
		return IP_VS_PERSIST_NO_DEST;
	seed->dest = ip_vs_sched_pick(svc, pkt);
	if (!seed->dest)
		return IP_VS_PERSIST_NO_DEST;
	seed->dport = seed->dest->key.port ?: ip_vs_packet_vport(pkt);
	return IP_VS_PERSIST_OK;
}

/**
 * ip_vs_input_schedule() - a server and a connection for a packet without one
 * @ivn: namespace
 * @skb: packet
 * @pkt: the header that opens the connection; perhaps quoted in an ICMP error
 * @key: the tuple of the client's packets
 * @verdict: set to what becomes of the packet if there is no connection
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: the connection, an RCU pointer; or NULL.
 */
struct ip_vs_conn *ip_vs_input_schedule(struct ip_vs_net *ivn,
					struct sk_buff *skb,
					const struct ip_vs_packet *pkt,
					const union ip_vs_key *key,
					unsigned int *verdict)
{
	struct ip_vs_conn_seed seed = {
		.ivn = ivn,
		.key = key,
		.af = pkt->af,
		.fwmark = skb->mark,
		.timeout = IP_VS_TIMEOUT_NEW,
	};
	struct ip_vs_service *svc;
	struct ip_vs_conn *c;

	*verdict = NF_ACCEPT;
	svc = ip_vs_service_match(ivn, pkt, skb->mark);
	if (!svc || ip_vs_packet_cport(pkt) == FTP_DATA_PORT)
		return NULL;

	seed.flags = one_packet(svc, pkt);
	switch (choose(svc, pkt, &seed)) {
	case IP_VS_PERSIST_OK:
		break;
	case IP_VS_PERSIST_NO_DEST:
		if (!may_bypass(ivn, svc, pkt)) {
			*verdict = refuse(svc, skb, pkt);
			return NULL;
		}
		seed.flags |= IP_VS_CONN_F_BYPASS;
		break;
	case IP_VS_PERSIST_FAILED:
		*verdict = NF_DROP;
		return NULL;
	}

	c = ip_vs_conn_new(&seed);
	if (!c)
		*verdict = NF_DROP;
	else if (c->dest)
		ip_vs_stats_conn(c->dest);
	return c;
}

static bool master_runs(const struct ip_vs_net *ivn)
{
	return rcu_access_pointer(ivn->master);
}

/* A connection for one packet has no count, its template stands for it. */
static void count_request(const struct ip_vs_net *ivn, struct ip_vs_conn *c)
{
	bool once = READ_ONCE(c->flags) & IP_VS_CONN_F_ONE_PACKET;
	u32 pkts = once ? READ_ONCE(ivn->settings.sync_threshold[0]) :
			  ip_vs_conn_count(c);

	if (master_runs(ivn))
		ip_vs_sync_conn(c, pkts);
	else if (once && c->control)
		ip_vs_conn_count(c->control);
}

/**
 * ip_vs_input() - a packet from the client's side
 * @ivn: namespace
 * @skb: packet
 * @pkt: the packet, parsed; without ports (has_l4 false, no @c) it is dropped
 * @c: its connection, or NULL
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: a netfilter verdict.  NF_STOLEN: @skb was sent or freed.
 */
unsigned int ip_vs_input(struct ip_vs_net *ivn, struct sk_buff *skb,
			 const struct ip_vs_packet *pkt, struct ip_vs_conn *c)
{
	unsigned int verdict;

	if (likely(c)) {
		switch (conn_fate(ivn, c, pkt)) {
		case FATE_KEEP:
			break;
		case FATE_DROP:
			return NF_DROP;
		case FATE_EXPIRE:
			ip_vs_conn_kill(c);
			if (ct_confirmed(skb))
				return NF_DROP;
			c = NULL;
			break;
		}
	}
	if (unlikely(!c)) {
		if (!pkt->has_l4)
			return NF_DROP;
		if (!ip_vs_proto_opens(ivn, pkt))
			return NF_ACCEPT;
		c = ip_vs_input_schedule(ivn, skb, pkt, &pkt->key, &verdict);
		if (!c)
			return verdict;
	}

	if (likely(c->dest))
		ip_vs_stats_in(c->dest, pkt->len);
	ip_vs_proto_track(ivn, c, pkt, IP_VS_DIR_INPUT);
	verdict = ip_vs_xmit(ivn, skb, pkt, c);
	if (unlikely(READ_ONCE(c->in_pkts) < IP_VS_COUNT_ALWAYS ||
		     master_runs(ivn)))
		count_request(ivn, c);
	ip_vs_conn_done(c);
	return verdict;
}
