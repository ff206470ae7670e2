// SPDX-License-Identifier: GPL-2.0-only
/*
 * The short way of a packet of an established connection.
 *
 * It is the last hook at PRE_ROUTING.  A packet that may take it is not routed,
 * and does not pass LOCAL_IN or FORWARD: it is counted, tracked and rewritten by
 * the functions of the full path, and sent.  Nobody can tell the difference:
 *
 *	others' hooks	A packet skips LOCAL_IN or FORWARD only while the hook
 *			there is ours alone.  It passes LOCAL_OUT and
 *			POST_ROUTING as on the full path.
 *	routing		It takes the way that the full path took for an earlier
 *			packet of the same connection and direction, which came
 *			in by the same device, with the same type of service, in
 *			the same generation of the routing tables, while no rule
 *			asks for anything else.  See server/lanes.c.
 *	the packet	Whatever the stack would do more with it than route it
 *			(options, fragments, a hop limit that ends, IPsec) or
 *			send an error for (its size) is left to the stack.
 *	connections	What may become anything but forwarded to the server the
 *			connection has is left to the full path.
 *
 * Nothing is written to the packet or the connection before all of these are
 * asked; when in doubt the packet is left alone.
 */
#include <linux/inetdevice.h>
#include <linux/ip_vs.h>
#include <linux/netfilter_ipv4.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/l3mdev.h>
#include <net/nexthop.h>
#include <net/route.h>

#include "alone.h"
#include "conn/conn.h"
#include "conn/table.h"
#include "engine/engine.h"
#include "engine/fast.h"
#include "net.h"
#include "packet.h"
#include "proto/proto.h"
#include "proto/rows.h"
#include "server/dest.h"
#include "server/lanes.h"
#include "server/route_cache.h"
#include "server/stats.h"
#include "writable.h"
#include "xmit/path.h"
#include "xmit/send.h"
#include "xmit/xmit.h"

/* A packet took the short way. */
#define TAKEN IP_VS_FAST_IN

/* Connections that always take the full path. */
#define CONN_SLOW (IP_VS_CONN_F_TEMPLATE | IP_VS_CONN_F_ONE_PACKET |	\
		   IP_VS_CONN_F_NO_CPORT | IP_VS_CONN_F_SEQ_MASK |	\
		   IP_VS_CONN_F_NFCT | IP_VS_CONN_F_EXTRA)

/* Has nobody done anything with the packet since it came in, and is nobody going
 * to, beyond what a header says?
 */
static __always_inline bool packet_plain(const struct sk_buff *skb)
{
	if (skb->pkt_type != PACKET_HOST || skb->ipvs_property || skb->sk ||
	    skb_nfct(skb) || skb_vlan_tag_present(skb))
		return false;
#ifdef CONFIG_SKB_EXTENSIONS
	if (skb->active_extensions)
		return false;
#endif
#ifdef CONFIG_NET_SWITCHDEV
	if (skb->offload_fwd_mark || skb->offload_l3_fwd_mark)
		return false;
#endif
	return true;
}

/* No options, no fragment, and another hop is allowed. */
static __always_inline bool header_plain4(const struct iphdr *iph)
{
	return *(const u8 *)iph == 0x45 && iph->ttl > 1 &&
	       !(iph->frag_off & ~htons(IP_DF));
}

/* Is the transport header linear, and one that can go on? */
static __always_inline bool header_known4(const struct sk_buff *skb,
					  const struct iphdr *iph)
{
	unsigned int len = skb_headlen(skb) - sizeof(*iph);

	return iph->protocol == IPPROTO_TCP ? len >= sizeof(struct tcphdr) :
	       iph->protocol == IPPROTO_UDP && len >= sizeof(struct udphdr);
}

static u8 service_type4(const struct iphdr *iph)
{
	return iph->tos & ~INET_ECN_MASK;
}

/* The way that the full path took for packets like this, or NULL. */
static __always_inline const struct ip_vs_lane *
pass_lane(const struct ip_vs_net *ivn, const struct ip_vs_conn *c,
	  enum ip_vs_dir dir, u32 genid)
{
	const struct ip_vs_lanes *lanes = rcu_dereference(ivn->lanes[0]);
	u32 serial = READ_ONCE(c->pass.serial);
	u16 index;

	if (unlikely(!lanes || lanes->serial != serial || lanes->genid != genid))
		return NULL;
	/* Pairs with pass_set(): if the number is of another set, the second
	 * look at the set's name says so.
	 */
	smp_rmb();
	index = READ_ONCE(c->pass.lane[dir]);
	/* As above. */
	smp_rmb();
	if (unlikely(!index || READ_ONCE(c->pass.serial) != serial))
		return NULL;
	return &lanes->lane[index];
}

static void pass_set(struct ip_vs_conn *c, enum ip_vs_dir dir,
		     const struct ip_vs_lane_id *id)
{
	struct ip_vs_pass *pass = &c->pass;

	spin_lock_bh(&c->lock);
	if (pass->serial != id->serial) {
		WRITE_ONCE(pass->lane[IP_VS_DIR_INPUT], 0);
		WRITE_ONCE(pass->lane[IP_VS_DIR_OUTPUT], 0);
		/* Pairs with pass_lane(). */
		smp_wmb();
		WRITE_ONCE(pass->serial, id->serial);
		/* Pairs with pass_lane(). */
		smp_wmb();
	}
	WRITE_ONCE(pass->lane[dir], id->index);
	spin_unlock_bh(&c->lock);
}

/* Did the way's packets come as this one? */
static __always_inline bool lane_fits4(const struct ip_vs_lane *lane,
				       const struct sk_buff *skb,
				       struct in_device *in)
{
	return likely(lane->ifindex == skb->dev->ifindex && in &&
		      lane->tos == service_type4(ip_hdr(skb)) &&
		      lane->rp_filter == IN_DEV_RPFILTER(in));
}

/* May the connection's packets be forwarded without a further question? */
static __always_inline bool conn_settled(const struct ip_vs_conn *c)
{
	return !(READ_ONCE(c->flags) & CONN_SLOW) && c->daf == AF_INET &&
	       c->dest && ip_vs_dest_available(c->dest);
}

/* What ip_vs_input() may do with a request of an existing connection instead of
 * forwarding it.
 */
static __always_inline bool request_settled(const struct ip_vs_net *ivn)
{
	return !ip_vs_standby(ivn) &&
	       !READ_ONCE(ivn->settings.reschedule_unavailable);
}

/* The segments of such a packet have headers of their own. */
static __always_inline bool segments_apart(const struct sk_buff *skb)
{
	return unlikely(skb_is_gso(skb)) &&
	       (skb_shinfo(skb)->gso_type & SKB_GSO_FRAGLIST ||
		!skb_shinfo(skb)->gso_type);
}

static u32 header_end4(const struct ip_vs_packet *pkt, bool nat)
{
	return nat ? pkt->l4_offset + ip_vs_proto_row(pkt->proto)->header_len :
		     sizeof(struct iphdr);
}

static __always_inline enum ip_vs_fast_count
request_forward4(struct ip_vs_net *ivn, struct sk_buff *skb,
		 const struct ip_vs_packet *pkt, struct ip_vs_conn *c)
{
	u32 method = READ_ONCE(c->flags) & IP_VS_CONN_F_FWD_MASK;
	bool nat = method == IP_VS_CONN_F_MASQ;
	const struct ip_vs_route *route;
	struct ip_vs_path path = { .af = AF_INET };
	struct ip_vs_writable w;

	if (unlikely(!request_settled(ivn) ||
		     (!nat && method != IP_VS_CONN_F_DROUTE)))
		return IP_VS_SLOW_CONN;
	route = ip_vs_path_cached(c, nat ? IP_VS_ROUTE_NAT : IP_VS_ROUTE_DIRECT);
	if (unlikely(!route || ip_vs_path_local(route->dst, AF_INET)))
		return IP_VS_SLOW_ROUTE;
	path.dst = route->dst;
	if (unlikely(!ip_vs_path_fits(skb, AF_INET, &path)))
		return IP_VS_SLOW_SIZE;
	if (unlikely(ip_vs_writable_make(&w, skb, pkt, header_end4(pkt, nat))))
		return IP_VS_SLOW_PACKET;

	/* From here on it is ours. */
	ip_vs_stats_in(c->dest, pkt->len);
	ip_vs_proto_track(ivn, c, pkt, IP_VS_DIR_INPUT);
	ip_vs_path_hop(w, AF_INET);
	if (nat)
		ip_vs_nat_to_server(w, pkt, c);
	ip_vs_xmit_out(skb, c, AF_INET, path.dst);
	if (ip_vs_input_counts(ivn, c))
		ip_vs_input_count(ivn, c);
	this_cpu_inc(ivn->fast_cpu->n[IP_VS_FAST_IN]);
	return TAKEN;
}

/* Is an answer sent by the route of an earlier one, without an ICMP redirect to
 * its sender?  A route that a learnt path MTU has made obsolete says so.
 */
static __always_inline bool answer_routed4(const struct ip_vs_lane *lane,
					   const struct sk_buff *skb,
					   struct in_device *in)
{
	const struct dst_entry *dst = lane->dst;
	unsigned long expires = READ_ONCE(dst->expires);

	return READ_ONCE(dst->obsolete) == DST_OBSOLETE_FORCE_CHK &&
	       (likely(!expires) || time_before(jiffies, expires)) &&
	       (likely(dst->dev != skb->dev) || !IN_DEV_TX_REDIRECTS(in));
}

static __always_inline bool answer_fits4(const struct sk_buff *skb,
					 const struct dst_entry *dst)
{
	unsigned int mtu;

	if (skb->len <= IPV4_MIN_MTU)
		return true;
	mtu = ip_dst_mtu_maybe_forward(dst, true);
	return skb->len <= mtu ||
	       (skb_is_gso(skb) && skb_gso_validate_network_len(skb, mtu));
}

static __always_inline enum ip_vs_fast_count
answer_forward4(struct ip_vs_net *ivn, struct sk_buff *skb,
		const struct ip_vs_packet *pkt, struct ip_vs_conn *c,
		const struct ip_vs_lane *lane, struct in_device *in)
{
	struct net *net = ivn->net;
	struct ip_vs_writable w;

	if (unlikely((READ_ONCE(c->flags) & IP_VS_CONN_F_FWD_MASK) !=
		     IP_VS_CONN_F_MASQ))
		return IP_VS_SLOW_CONN;
	if (unlikely(!answer_routed4(lane, skb, in) ||
		     ip_vs_nat_policed(net)))
		return IP_VS_SLOW_ROUTE;
	if (unlikely(!answer_fits4(skb, lane->dst)))
		return IP_VS_SLOW_SIZE;
	if (unlikely(ip_vs_writable_make(&w, skb, pkt, header_end4(pkt, true))))
		return IP_VS_SLOW_PACKET;

	/* From here on it is ours: as ip_forward(), the hook at FORWARD and
	 * ip_forward_finish().
	 */
	skb_forward_csum(skb);
	IPCB(skb)->flags |= IPSKB_FORWARDED;
	ip_vs_path_hop(w, AF_INET);
	if (READ_ONCE(net->ipv4.sysctl_ip_fwd_update_priority))
		skb->priority = rt_tos2priority(ip_hdr(skb)->tos);
	ip_vs_nat_from_virtual(w, pkt, c);
	ip_vs_stats_out(c->dest, skb->len);
	ip_vs_proto_track(ivn, c, pkt, IP_VS_DIR_OUTPUT);
	skb->ipvs_property = 1;
	__IP_INC_STATS(net, IPSTATS_MIB_OUTFORWDATAGRAMS);
	ip_vs_compat_forwarded_octets(net, skb->len);
	skb_clear_tstamp(skb);
	skb_dst_set_noref(skb, lane->dst);
	dst_output(net, NULL, skb);
	this_cpu_inc(ivn->fast_cpu->n[IP_VS_FAST_OUT]);
	return TAKEN;
}

static noinline enum ip_vs_fast_count packet_unknown(struct ip_vs_net *ivn,
						     const struct sk_buff *skb,
						     u32 genid)
{
	this_cpu_write(ivn->fast_cpu->unknown, skb);
	this_cpu_write(ivn->fast_cpu->genid, genid);
	return IP_VS_SLOW_UNKNOWN;
}

/* Are our hooks the only ones that a packet would skip? */
static __always_inline bool hooks_alone4(const struct ip_vs_net *ivn,
					 enum nf_inet_hooks skipped)
{
	const struct net *net = ivn->net;

	return ip_vs_alone(&net->nf.hooks_ipv4[skipped],
			   &net->nf.hooks_ipv4[NF_INET_PRE_ROUTING], ivn);
}

static noinline enum ip_vs_fast_count packet_try4(struct ip_vs_net *ivn,
						  struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct ip_vs_lane *lane;
	bool alone[] = {
		[IP_VS_DIR_INPUT] = hooks_alone4(ivn, NF_INET_LOCAL_IN),
		[IP_VS_DIR_OUTPUT] = hooks_alone4(ivn, NF_INET_FORWARD),
	};
	struct in_device *in;
	struct ip_vs_packet pkt;
	struct ip_vs_match match;
	bool request;
	u32 genid;

	/* Which of them it would skip is not known yet. */
	if (!alone[IP_VS_DIR_INPUT] && !alone[IP_VS_DIR_OUTPUT])
		return IP_VS_SLOW_WATCHED;
	if (unlikely(ip_vs_packet_parse4(skb, &pkt) != IP_VS_PARSE_OK ||
		     ip_vs_proto_reopens(&pkt)))
		return IP_VS_SLOW_PROTOCOL;
	match = ip_vs_conn_find4(ivn, &pkt.key.v4);
	if (!match.c)
		return IP_VS_SLOW_NO_CONN;
	request = match.dir == IP_VS_DIR_INPUT;
	if (unlikely(!alone[match.dir]))
		return IP_VS_SLOW_WATCHED;
	if (unlikely(!conn_settled(match.c)))
		return IP_VS_SLOW_CONN;
	if (unlikely(fib4_has_custom_rules(ivn->net) ||
		     ipv4_is_loopback(iph->saddr)))
		return IP_VS_SLOW_ROUTE;
	genid = ip_vs_lanes_genid(ivn->net, AF_INET);
	lane = pass_lane(ivn, match.c, match.dir, genid);
	in = __in_dev_get_rcu(skb->dev);
	if (unlikely(!lane || !lane_fits4(lane, skb, in)))
		return packet_unknown(ivn, skb, genid);
	return request ? request_forward4(ivn, skb, &pkt, match.c) :
			 answer_forward4(ivn, skb, &pkt, match.c, lane, in);
}

/**
 * ip_vs_fast4() - the hook at PRE_ROUTING, IPv4
 * @priv: namespace
 * @skb: packet
 * @state: the hook
 *
 * Context: RCU read side, softirq.
 *
 * Return: NF_STOLEN: it took the short way; NF_ACCEPT: it takes the full path,
 * and has not been written to.
 */
unsigned int ip_vs_fast4(void *priv, struct sk_buff *skb,
			 const struct nf_hook_state *state)
{
	const struct iphdr *iph = ip_hdr(skb);
	enum ip_vs_fast_count why;
	struct ip_vs_net *ivn = priv;

	if (unlikely(!packet_plain(skb) || skb_dst(skb) || !header_plain4(iph) ||
		     segments_apart(skb)))
		why = IP_VS_SLOW_PACKET;
	else if (unlikely(!header_known4(skb, iph)))
		why = IP_VS_SLOW_PROTOCOL;
	else
		why = packet_try4(ivn, skb);
	if (likely(why == TAKEN))
		return NF_STOLEN;
	this_cpu_inc(ivn->fast_cpu->n[why]);
	/* Another packet may have had its memory. */
	if (why != IP_VS_SLOW_UNKNOWN)
		this_cpu_write(ivn->fast_cpu->unknown, NULL);
	return NF_ACCEPT;
}

/* Did the packet come to a virtual address here as any that follows will? */
static bool request_lasts4(const struct sk_buff *skb)
{
	const struct rtable *rt = skb_rtable(skb);

	return rt->rt_type == RTN_LOCAL && rt->rt_flags & RTCF_LOCAL &&
	       !(rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST));
}

/* Of several routes to a client each packet's is chosen anew. */
static bool client_has_one_route(struct net *net, const struct iphdr *iph,
				 int ifindex)
{
	struct flowi4 fl4 = {
		.daddr = iph->daddr,
		.saddr = iph->saddr,
		.flowi4_iif = ifindex,
	};
	struct fib_result res;

	ip_vs_compat_flow_tos(&fl4, iph->tos);
	return !fib_lookup(net, &fl4, &res, 0) && res.type == RTN_UNICAST &&
	       res.fi && fib_info_num_path(res.fi) == 1;
}

static bool answer_lasts4(struct net *net, const struct sk_buff *skb)
{
	const struct rtable *rt = skb_rtable(skb);

	return rt->rt_type == RTN_UNICAST &&
	       !(rt->rt_flags & (RTCF_LOCAL | RTCF_BROADCAST | RTCF_MULTICAST)) &&
	       !(IPCB(skb)->flags & IPSKB_DOREDIRECT) &&
	       client_has_one_route(net, ip_hdr(skb), skb->dev->ifindex);
}

/* Is the route a plain one, that does nothing but lead there? */
static bool route_plain(const struct sk_buff *skb)
{
	const struct dst_entry *dst = skb_dst(skb);

#ifdef CONFIG_XFRM
	if (dst->xfrm)
		return false;
#endif
#ifdef CONFIG_IP_ROUTE_CLASSID
	if (dst->tclassid)
		return false;
#endif
	return !dst->lwtstate && !dst->error;
}

/* Has the full path taken such a packet where the short way would? */
static bool lane_lasts4(struct ip_vs_net *ivn, struct sk_buff *skb,
			enum ip_vs_dir dir, unsigned int hook)
{
	if (!header_plain4(ip_hdr(skb)) || !route_plain(skb) ||
	    netif_is_l3_master(skb->dev) || netif_is_l3_slave(skb->dev))
		return false;
	if (dir == IP_VS_DIR_INPUT)
		return hook == NF_INET_LOCAL_IN && request_lasts4(skb);
	return hook == NF_INET_FORWARD && answer_lasts4(ivn->net, skb);
}

/**
 * ip_vs_fast_learn() - remember the way of a packet for those that follow
 * @ivn: namespace
 * @skb: packet, routed, not yet rewritten
 * @pkt: the packet, parsed
 * @match: its connection, and who sent it
 * @state: the hook it has come to
 *
 * Only what the short way has left to the full path for this, see
 * ip_vs_fast_teaches().
 *
 * Context: RCU read side, softirq.
 */
void ip_vs_fast_learn(struct ip_vs_net *ivn, struct sk_buff *skb,
		      const struct ip_vs_packet *pkt, struct ip_vs_match match,
		      const struct nf_hook_state *state)
{
	u32 genid = this_cpu_read(ivn->fast_cpu->genid);
	struct in_device *in;
	struct ip_vs_lane_id id;
	struct ip_vs_lane lane;

	this_cpu_write(ivn->fast_cpu->unknown, NULL);
	if (!match.c || pkt->af != AF_INET || state->hook == NF_INET_LOCAL_OUT ||
	    !skb->dev || !lane_lasts4(ivn, skb, match.dir, state->hook))
		return;
	in = __in_dev_get_rcu(skb->dev);
	if (!in)
		return;
	lane = (struct ip_vs_lane) {
		.dst = match.dir == IP_VS_DIR_OUTPUT ? skb_dst(skb) : NULL,
		.ifindex = skb->dev->ifindex,
		.rp_filter = IN_DEV_RPFILTER(in),
		.tos = service_type4(ip_hdr(skb)),
	};
	/* Routing tables that have changed meanwhile may say otherwise. */
	smp_rmb();
	if (genid != ip_vs_lanes_genid(ivn->net, AF_INET))
		return;
	ip_vs_lanes_add(ivn, AF_INET, genid, &lane, &id);
	if (id.index)
		pass_set(match.c, match.dir, &id);
}

/**
 * ip_vs_fast_equip() - allocate a namespace's counters of the short way
 * @ivn: namespace
 *
 * Context: process.
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_fast_equip(struct ip_vs_net *ivn)
{
	ivn->fast_cpu = alloc_percpu_gfp(struct ip_vs_cpu_fast,
					 GFP_KERNEL_ACCOUNT);
	return ivn->fast_cpu ? 0 : -ENOMEM;
}

/**
 * ip_vs_fast_strip() - undo ip_vs_fast_equip()
 * @ivn: namespace; no packet comes any more
 *
 * Context: process.
 */
void ip_vs_fast_strip(struct ip_vs_net *ivn)
{
	free_percpu(ivn->fast_cpu);
}
