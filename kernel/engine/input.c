// SPDX-License-Identifier: GPL-2.0-only
/*
 * A client's packet: find its connection, or a service and a server for it;
 * then state, counters, transmit.
 */
#include <linux/skbuff.h>
#include <net/addrconf.h>
#include <net/route.h>

#include "conn/conn.h"
#include "conn/drop.h"
#include "conn/related.h"
#include "engine/defense.h"
#include "engine/engine.h"
#include "engine/persist.h"
#include "net.h"
#include "nfct.h"
#include "packet.h"
#include "proto/proto.h"
#include "proto/rows.h"
#include "server/dest.h"
#include "server/drops.h"
#include "server/sched.h"
#include "server/service.h"
#include "server/stats.h"
#include "sync/master.h"
#include "xmit/icmp_error.h"
#include "xmit/xmit.h"

/* Is the server quiesced (weight 0), so that it gets no new connections? */
static bool server_quiesced(const struct ip_vs_conn *c)
{
	return c->dest && !READ_ONCE(c->dest->weight);
}

/* May the packet go to another server than the last one of its tuple?  It opens
 * a connection, or is a datagram that depends on no other.
 */
static bool may_move(const struct ip_vs_packet *pkt)
{
	return ip_vs_proto_row(pkt->proto)->connectionless ||
	       ip_vs_proto_reopens(pkt);
}

/* sysctl reschedule_unavailable: a packet does not wait for a server that was
 * removed, or return to one that is being drained.
 */
static bool must_move(const struct ip_vs_net *ivn, const struct ip_vs_conn *c,
		      const struct ip_vs_packet *pkt)
{
	return READ_ONCE(ivn->settings.reschedule_unavailable) && c->dest &&
	       (server_quiesced(c) || !ip_vs_dest_available(c->dest)) &&
	       may_move(pkt);
}

/* The client opens a connection on a tuple it has used before: is the old one
 * to be ended, so that the new one may go elsewhere?
 */
static bool tuple_reused(const struct ip_vs_net *ivn,
			 const struct ip_vs_conn *c,
			 const struct sk_buff *skb)
{
	int mode = READ_ONCE(ivn->settings.conn_reuse_mode);

	if (READ_ONCE(ivn->settings.expire_nodest_conn) && server_quiesced(c))
		return true;
	if (!mode || !ip_vs_proto_finished(c, mode))
		return false;
	return !READ_ONCE(c->n_control) || !ip_vs_nfct_confirmed(skb);
}

/* What is done with a connection that was found. */
enum conn_fate {
	FATE_KEEP,
	FATE_WAIT,	/* keep it, its server may come back */
	FATE_EXPIRE,	/* end it */
};

static enum conn_fate conn_judge(const struct ip_vs_net *ivn,
				 const struct ip_vs_conn *c,
				 const struct ip_vs_packet *pkt,
				 const struct sk_buff *skb)
{
	if (unlikely(ip_vs_proto_reopens(pkt)) && tuple_reused(ivn, c, skb))
		return FATE_EXPIRE;
	if (unlikely(must_move(ivn, c, pkt)))
		return FATE_EXPIRE;
	if (likely(!c->dest || ip_vs_dest_available(c->dest)))
		return FATE_KEEP;
	return READ_ONCE(ivn->settings.expire_nodest_conn) ? FATE_EXPIRE :
							     FATE_WAIT;
}

/* End a connection whose tuple is reused.  A packet that connection tracking
 * still assigns to the old flow would get that flow's translation: it is
 * dropped, and its retransmission finds neither; or, with sysctl
 * reschedule_unavailable, it is tracked anew.  Returns whether the packet may
 * go on.
 */
static bool start_over(const struct ip_vs_net *ivn, struct sk_buff *skb,
		       const struct nf_hook_state *state,
		       struct ip_vs_conn *c)
{
	bool tracked = ip_vs_nfct_confirmed(skb);

	if (!tracked)
		ip_vs_conn_untrack(c);
	ip_vs_conn_kill(c);
	if (!tracked)
		return true;
	if (!READ_ONCE(ivn->settings.reschedule_unavailable)) {
		ip_vs_drop_of(c, IPVS_EXT_DROP_REUSED);
		return false;
	}
	ip_vs_nfct_renew(skb, state);
	return true;
}

/* May a packet be forwarded to its own destination (cache bypass)? */
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
	       ip_vs_proto_row(pkt->proto)->connectionless ?
	       IP_VS_CONN_F_ONE_PACKET : 0;
}

/* No server is available.  An FTP service leaves alone what was not for its own
 * port; the sender of every other packet gets an ICMP error.
 */
static unsigned int request_refuse(struct ip_vs_service *svc, struct sk_buff *skb,
				   const struct ip_vs_packet *pkt)
{
	__be16 ftp = htons(IP_VS_FTP_PORT);

	if (svc->id.port == ftp && ip_vs_packet_vport(pkt) != ftp)
		return NF_ACCEPT;
	if (!pkt->quoted)
		ip_vs_icmp_port_unreach(skb, pkt->af);
	return ip_vs_drop(svc->ivn, svc, IPVS_EXT_DROP_NO_DEST);
}

/* Why no connection was created, as the reason to count. */
static enum ip_vs_ext_drop drop_reason(int err)
{
	switch (err) {
	case -ENOBUFS:
		return IPVS_EXT_DROP_CONN_LIMIT;
	case -ENODATA:
		return IPVS_EXT_DROP_ENGINE;
	}
	return IPVS_EXT_DROP_NO_MEMORY;
}

/* A service found by a rule other than its own port (port 0, FTP) handles the
 * packet only if it is persistent.
 */
static bool port_mismatch(const struct ip_vs_service *svc,
			  const struct ip_vs_packet *pkt)
{
	if (svc->key.fwmark || svc->id.port == ip_vs_packet_vport(pkt))
		return false;
	if (!svc->id.port)
		net_err_ratelimited("Schedule: port zero only supported in persistent services, check your ipvs configuration\n");
	return true;
}

/* A persistent service's connection goes to the server of its template. */
static int choose_persistent(struct ip_vs_service *svc,
			     const struct sk_buff *skb,
			     const struct ip_vs_packet *pkt,
			     struct ip_vs_conn_params *params)
{
	__be16 vport = ip_vs_packet_vport(pkt);
	struct ip_vs_conn *template;

	template = ip_vs_persist_template(svc, skb, pkt, NULL, params->fwmark);
	if (IS_ERR(template))
		return PTR_ERR(template);
	params->control = template;
	params->dest = template->dest;
	params->dport = vport;
	if (vport == svc->id.port && params->dest->key.port)
		params->dport = params->dest->key.port;
	return 0;
}

/* Returns 0; -ESRCH: no server; or why there is no template. */
static int server_choose(struct ip_vs_service *svc, const struct sk_buff *skb,
			 const struct ip_vs_packet *pkt,
			 struct ip_vs_conn_params *params)
{
	if (READ_ONCE(svc->flags) & IP_VS_SVC_F_PERSISTENT)
		return choose_persistent(svc, skb, pkt, params);
	if (port_mismatch(svc, pkt))
		return -ESRCH;
	params->dest = ip_vs_sched_pick(svc, pkt);
	if (!params->dest)
		return -ESRCH;
	params->dport = params->dest->key.port ?: ip_vs_packet_vport(pkt);
	return 0;
}

/* The timeout until the first packet has changed the state.  Where there is one
 * state only its timeout holds from the start.
 */
static u32 first_timeout(const struct ip_vs_net *ivn,
			 const struct ip_vs_packet *pkt)
{
	if (ip_vs_proto_row(pkt->proto)->n_states == 1 && !pkt->quoted)
		return ip_vs_proto_timeout(&ivn->timeouts, pkt->proto, 0);
	return IP_VS_TIMEOUT_NEW;
}

/**
 * ip_vs_input_schedule() - choose a server and create a connection
 * @ivn: namespace
 * @skb: packet
 * @pkt: the header that opens the connection; perhaps quoted in an ICMP error
 * @key: the tuple of the client's packets
 * @digest: of the lookup that has found no connection; see struct ip_vs_match
 * @verdict: set to the packet's verdict if no connection is created
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: the connection, an RCU pointer; or NULL.
 */
struct ip_vs_conn *ip_vs_input_schedule(struct ip_vs_net *ivn,
					struct sk_buff *skb,
					const struct ip_vs_packet *pkt,
					const union ip_vs_key *key, u32 digest,
					unsigned int *verdict)
{
	struct ip_vs_conn_params params = {
		.ivn = ivn,
		.key = key,
		.digest = digest,
		.af = pkt->af,
		.fwmark = skb->mark,
		.timeout = first_timeout(ivn, pkt),
	};
	struct ip_vs_service *svc;
	struct ip_vs_conn *c;
	int err;

	*verdict = NF_ACCEPT;
	svc = ip_vs_service_match(ivn, pkt, skb->mark);
	if (!svc)
		return NULL;
	if (unlikely(ip_vs_defense_drops(ivn))) {
		*verdict = ip_vs_drop(ivn, svc, IPVS_EXT_DROP_RATE);
		return NULL;
	}
	if (ip_vs_packet_cport(pkt) == htons(IP_VS_FTP_DATA_PORT))
		return NULL;

	params.flags = one_packet(svc, pkt);
	err = server_choose(svc, skb, pkt, &params);
	if (err == -ESRCH) {
		if (!may_bypass(ivn, svc, pkt)) {
			*verdict = request_refuse(svc, skb, pkt);
			return NULL;
		}
		params.flags |= IP_VS_CONN_F_BYPASS;
	} else if (err) {
		*verdict = ip_vs_drop(ivn, svc, drop_reason(err));
		return NULL;
	}

	c = ip_vs_conn_new(&params);
	if (IS_ERR(c)) {
		*verdict = ip_vs_drop(ivn, svc, drop_reason(PTR_ERR(c)));
		return NULL;
	}
	if (c->dest)
		ip_vs_stats_conn(c->dest);
	return c;
}

/**
 * ip_vs_input_count() - count a request in its connection, and tell peers
 * @ivn: namespace
 * @c: connection
 *
 * A one-packet connection has no count, its template is counted instead.  Where
 * ip_vs_input_counts() says so, after the packet has left.
 *
 * Context: RCU read side.
 */
void ip_vs_input_count(const struct ip_vs_net *ivn, struct ip_vs_conn *c)
{
	bool once = READ_ONCE(c->flags) & IP_VS_CONN_F_ONE_PACKET;
	u32 pkts = once ? READ_ONCE(ivn->settings.sync_threshold[0]) :
			  ip_vs_conn_count(c);

	if (rcu_access_pointer(ivn->master))
		ip_vs_sync_conn(c, pkts);
	else if (once && c->control)
		ip_vs_conn_count(c->control);
}

/* Forward a packet of a connection. */
static __always_inline unsigned int request_forward(struct ip_vs_net *ivn,
						    struct sk_buff *skb,
						    const struct ip_vs_packet *pkt,
						    struct ip_vs_conn *c)
{
	unsigned int verdict;

	if (likely(c->dest))
		ip_vs_stats_in(c->dest, pkt->len);
	ip_vs_proto_track(ivn, c, pkt, IP_VS_DIR_INPUT);
	verdict = ip_vs_xmit(ivn, skb, pkt, c);
	if (ip_vs_input_counts(ivn, c))
		ip_vs_input_count(ivn, c);
	ip_vs_conn_done(c);
	return verdict;
}

/**
 * ip_vs_input_open() - handle a packet from the client's side without connection
 * @ivn: namespace
 * @skb: packet
 * @pkt: the packet, parsed; without ports (has_l4 false) it is dropped
 * @digest: of the lookup that has found no connection; see struct ip_vs_match
 *
 * It opens one, or is left alone.
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: a netfilter verdict.  NF_STOLEN: @skb was sent or freed.
 */
unsigned int ip_vs_input_open(struct ip_vs_net *ivn, struct sk_buff *skb,
			      const struct ip_vs_packet *pkt, u32 digest)
{
	unsigned int verdict = NF_ACCEPT;
	struct ip_vs_conn *c;

	if (!ip_vs_packet_has_ports(pkt))
		return NF_ACCEPT;
	if (!pkt->has_l4)
		return ip_vs_drop(ivn, NULL, IPVS_EXT_DROP_SHORT);
	if (unlikely(atomic_read(&ivn->n_portless)) && !ip_vs_proto_aborts(pkt)) {
		c = ip_vs_conn_claim(ivn, pkt);
		if (IS_ERR(c))
			return ip_vs_drop(ivn, NULL, drop_reason(PTR_ERR(c)));
		if (c)
			return request_forward(ivn, skb, pkt, c);
	}
	if (!ip_vs_proto_opens(ivn, pkt))
		return NF_ACCEPT;
	c = ip_vs_input_schedule(ivn, skb, pkt, &pkt->key, digest, &verdict);
	return c ? request_forward(ivn, skb, pkt, c) : verdict;
}

/**
 * ip_vs_input() - handle a packet from the client's side of a connection
 * @ivn: namespace
 * @skb: packet
 * @pkt: the packet, parsed
 * @c: its connection
 * @state: the netfilter hook we are in
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: a netfilter verdict.  NF_STOLEN: @skb was sent or freed.
 */
unsigned int ip_vs_input(struct ip_vs_net *ivn, struct sk_buff *skb,
			 const struct ip_vs_packet *pkt, struct ip_vs_conn *c,
			 const struct nf_hook_state *state)
{
	switch (conn_judge(ivn, c, pkt, skb)) {
	case FATE_KEEP:
		break;
	case FATE_WAIT:
		return ip_vs_drop_of(c, IPVS_EXT_DROP_DEST_GONE);
	case FATE_EXPIRE:
		return start_over(ivn, skb, state, c) ?
		       ip_vs_input_open(ivn, skb, pkt, 0) : NF_DROP;
	}
	return request_forward(ivn, skb, pkt, c);
}
