// SPDX-License-Identifier: GPL-2.0-only
/*
 * The route to a real server, looked up by the server's address alone; and
 * whether a packet fits its MTU.
 */
#include <linux/skbuff.h>
#include <net/addrconf.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ip_fib.h>
#include <net/route.h>
#include <net/xfrm.h>

#include "conn/conn.h"
#include "conn/extra.h"
#include "conn/view.h"
#include "net.h"
#include "server/route_cache.h"
#include "xmit/route.h"

/* A tunnel's route is looked up again with the source address that was chosen,
 * as for any packet of this host: routing rules may depend on it.
 */
static struct dst_entry *route_lookup4(struct net *net, __be32 daddr,
				       enum ip_vs_route_kind kind,
				       union nf_inet_addr *saddr)
{
	u8 flags = kind == IP_VS_ROUTE_DIRECT ? FLOWI_FLAG_KNOWN_NH : 0;
	struct flowi4 fl4 = { .daddr = daddr, .flowi4_flags = flags };
	struct rtable *rt = ip_route_output_key(net, &fl4);

	if (!IS_ERR(rt) && kind == IP_VS_ROUTE_TUNNEL &&
	    fib4_has_custom_rules(net)) {
		__be32 source = fl4.saddr;

		ip_rt_put(rt);
		fl4 = (struct flowi4){ .daddr = daddr, .saddr = source };
		rt = ip_route_output_key(net, &fl4);
	}
	if (IS_ERR(rt))
		return NULL;
	saddr->ip = fl4.saddr;
	return &rt->dst;
}

/* The outer packet of a tunnel is this host's own: IPsec policies apply, and
 * the result hides the route they cover.
 */
static struct dst_entry *route_policed6(struct net *net, struct dst_entry *dst,
					struct flowi6 *fl6)
{
	dst = xfrm_lookup(net, dst, flowi6_to_flowi(fl6), NULL, 0);
	return IS_ERR(dst) ? NULL : dst;
}

static struct dst_entry *route_lookup6(struct net *net, const struct in6_addr *daddr,
				       enum ip_vs_route_kind kind,
				       union nf_inet_addr *saddr, u32 *cookie)
{
	u8 flags = kind == IP_VS_ROUTE_DIRECT ? FLOWI_FLAG_KNOWN_NH : 0;
	struct flowi6 fl6 = { .daddr = *daddr, .flowi6_flags = flags };
	struct dst_entry *dst = ip6_route_output(net, NULL, &fl6);
	int err = dst->error;

	/* A route without a source address is not usable. */
	if (!err && ipv6_addr_any(&fl6.saddr))
		err = ipv6_dev_get_saddr(net, ip6_dst_idev(dst)->dev, daddr, 0,
					 &fl6.saddr);
	if (err) {
		dst_release(dst);
		return NULL;
	}
	saddr->in6 = fl6.saddr;
	*cookie = rt6_get_cookie(dst_rt6_info(dst));
	return kind == IP_VS_ROUTE_TUNNEL ? route_policed6(net, dst, &fl6) : dst;
}

/**
 * ip_vs_route_lookup() - look up the route of a connection's requests
 * @c: connection; with a server that is configured here the route is cached, if
 *	it is still valid
 * @kind: the kind of route that the connection's method uses
 * @saddr: result: the address this host would use to talk to the server; or
 *	NULL
 *
 * Context: RCU read side, softirq or process.
 *
 * Return: a reference, to be released when the packet has left; NULL: there is
 * no route.
 */
struct dst_entry *ip_vs_route_lookup(const struct ip_vs_conn *c,
				     enum ip_vs_route_kind kind,
				     union nf_inet_addr *saddr)
{
	union nf_inet_addr source = {};
	struct net *net = c->ivn->net;
	struct ip_vs_conn_view view;
	struct dst_entry *dst;
	u32 cookie = 0;

	ip_vs_conn_view(c, &view);
	dst = view.daf == AF_INET6 ?
	      route_lookup6(net, &view.daddr.in6, kind, &source, &cookie) :
	      route_lookup4(net, view.daddr.ip, kind, &source);
	if (!dst)
		return NULL;
	if (c->dest && !ip_vs_conn_elsewhere(c))
		ip_vs_route_store(c->dest, kind, dst, cookie, &source);
	if (saddr)
		*saddr = source;
	return dst;
}

/**
 * ip_vs_route_fits() - does a packet fit its route?
 * @skb: packet
 * @af: its family
 * @dst: its route
 * @overhead: bytes that encapsulation adds
 *
 * A reassembled packet is fragmented again as it came: its largest fragment
 * counts.
 *
 * Return: true or false.
 */
bool ip_vs_route_fits(const struct sk_buff *skb, u16 af,
		      const struct dst_entry *dst, unsigned int overhead)
{
	unsigned int mtu = dst_mtu(dst) - overhead;

	if (af == AF_INET6 && IP6CB(skb)->frag_max_size)
		return IP6CB(skb)->frag_max_size <= mtu;
	return likely(skb->len <= mtu) ||
	       (skb_is_gso(skb) && skb_gso_validate_network_len(skb, mtu));
}
