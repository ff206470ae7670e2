// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections that another one announces: the data connections of a control
 * connection.
 *
 * They are created before their first packet, in state LISTEN, and controlled
 * by the connection that announced them, which lives at least as long.  If the
 * client's port is not known yet, the entry has port 0; the client's first
 * packet finds it by that, and gets an entry of its own, with its port, that
 * replaces it: entries never change their key, as look-ups take no lock.
 */
#include <linux/in.h>
#include <linux/module.h>
#include <net/ipv6.h>

#include "addr.h"
#include "conn/conn.h"
#include "conn/expiry.h"
#include "conn/extra.h"
#include "conn/related.h"
#include "conn/table.h"
#include "conn/view.h"
#include "net.h"
#include "packet.h"
#include "proto/states.h"
#include "server/dest.h"
#include "server/service.h"

/* The tuple of the client's packets. */
static void ends_key(const struct ip_vs_conn *control,
		     const struct ip_vs_ends *ends, union ip_vs_key *key)
{
	const union ip_vs_key *own = ip_vs_conn_key(control, IP_VS_DIR_INPUT);

	if (control->af == AF_INET6)
		key->v6 = (struct ip_vs_key6) {
			.saddr = ends->caddr.in6,
			.daddr = own->v6.daddr,
			.sport = ends->cport,
			.dport = ends->vport,
			.proto = control->proto,
		};
	else
		key->v4 = (struct ip_vs_key4) {
			.saddr = ends->caddr.ip,
			.daddr = own->v4.daddr,
			.sport = ends->cport,
			.dport = ends->vport,
			.proto = control->proto,
		};
}

/* The entry with these ends, if it exists already. */
static struct ip_vs_conn *related_find(struct ip_vs_conn *control,
				       const struct ip_vs_ends *ends)
{
	struct ip_vs_conn_view view;
	union ip_vs_key key;
	struct ip_vs_conn *c;

	ends_key(control, ends, &key);
	c = ip_vs_conn_find_request(control->ivn, control->af, &key);
	if (!c)
		return NULL;
	ip_vs_conn_view(c, &view);
	if (view.dport != ends->dport || view.daf != control->af ||
	    !ip_vs_addr_equal(control->af, &view.daddr, &ends->daddr))
		return NULL;
	return c;
}

static u32 listen_timeout(const struct ip_vs_net *ivn)
{
	return READ_ONCE(ivn->timeouts.tcp[IP_VS_TCP_LISTEN]);
}

/* Is there no need to announce an entry again that exists?  One in use is left
 * alone; a finished one waits for the next use.
 */
static bool listen_again(struct ip_vs_conn *c)
{
	bool alive;

	spin_lock_bh(&c->lock);
	alive = !c->dead;
	if (alive && c->flags & IP_VS_CONN_F_INACTIVE) {
		WRITE_ONCE(c->state, IP_VS_TCP_LISTEN);
		ip_vs_conn_set_timeout(c, listen_timeout(c->ivn));
		ip_vs_expiry_sooner(c);
	}
	spin_unlock_bh(&c->lock);
	return alive;
}

/* Is the server's address another than that of its dest? */
static bool is_elsewhere(const struct ip_vs_conn *control,
			 const struct ip_vs_ends *ends)
{
	return control->dest &&
	       !ip_vs_addr_equal(control->af, &control->dest->key.addr,
				 &ends->daddr);
}

/* May an address be that of a host?  The text that names it is a stranger's. */
static bool is_host(u16 af, const union nf_inet_addr *addr)
{
	if (af == AF_INET6)
		return ipv6_addr_type(&addr->in6) & IPV6_ADDR_UNICAST;
	return !ipv4_is_zeronet(addr->ip) && !ipv4_is_multicast(addr->ip) &&
	       !ipv4_is_lbcast(addr->ip);
}

/* Is the virtual end a service?  An entry would stand before it. */
static bool is_service(const struct ip_vs_conn *control,
		       const struct ip_vs_ends *ends)
{
	const union ip_vs_key *own = ip_vs_conn_key(control, IP_VS_DIR_INPUT);
	struct ip_vs_service_key key = {
		.af = control->af,
		.proto = control->proto,
		.port = ends->vport,
	};

	if (key.af == AF_INET6)
		key.addr.in6 = own->v6.daddr;
	else
		key.addr.ip = own->v4.daddr;
	return ip_vs_service_at_key(control->ivn, &key);
}

/**
 * ip_vs_conn_announce() - expect a data connection
 * @control: the NAT connection that announces it, of one family
 * @ends: its ends
 * @fwmark: mark of the packet that announces it
 *
 * It is bound to the server of @control, whatever the server's address, but that
 * has to be one host's.  If the client's port is not known, the virtual end must
 * not be a service: the client's connections to that would end here.
 *
 * Context: RCU read side, softirq or process; the lock of @control's struct
 * ip_vs_extra may be held.
 *
 * Return: 0, and there is an entry; -EADDRNOTAVAIL: the server's address is no
 * host's; -EADDRINUSE: it would stand before a service; -ENOBUFS, -ENOMEM.
 */
int ip_vs_conn_announce(struct ip_vs_conn *control,
			const struct ip_vs_ends *ends, u32 fwmark)
{
	struct ip_vs_conn *c = related_find(control, ends);
	struct ip_vs_net *ivn = control->ivn;
	struct ip_vs_conn_params params = {
		.ivn = ivn,
		.dest = control->dest,
		.daddr = ends->daddr,
		.control = control,
		.af = control->af,
		.dport = ends->dport,
		.fwmark = fwmark,
		.flags = READ_ONCE(control->flags) & IP_VS_CONN_F_NFCT,
		.timeout = listen_timeout(ivn),
		.state = IP_VS_TCP_LISTEN,
		.elsewhere = is_elsewhere(control, ends),
		.locked = true,
	};
	union ip_vs_key key;

	if (!is_host(control->af, &ends->daddr))
		return -EADDRNOTAVAIL;
	if (c && c->control == control && listen_again(c))
		return 0;
	if (!ends->cport && is_service(control, ends))
		return -EADDRINUSE;
	if (!ends->cport)
		params.flags |= IP_VS_CONN_F_NO_CPORT;
	ends_key(control, ends, &key);
	params.key = &key;
	return PTR_ERR_OR_ZERO(ip_vs_conn_new(&params));
}
EXPORT_SYMBOL_GPL(ip_vs_conn_announce);

/**
 * ip_vs_conn_unannounce() - expect a data connection no longer
 * @control: the connection that announced it
 * @ends: its ends; one that has had packets is left alone
 *
 * Context: as ip_vs_conn_announce().
 */
void ip_vs_conn_unannounce(struct ip_vs_conn *control,
			   const struct ip_vs_ends *ends)
{
	struct ip_vs_conn *c = related_find(control, ends);

	if (c && c->control == control &&
	    READ_ONCE(c->state) == IP_VS_TCP_LISTEN)
		ip_vs_conn_kill(c);
}
EXPORT_SYMBOL_GPL(ip_vs_conn_unannounce);

/* An expected connection is taken by one packet only. */
static bool portless_take(struct ip_vs_conn *c)
{
	bool taken;

	spin_lock_bh(&c->lock);
	taken = !c->dead && c->flags & IP_VS_CONN_F_NO_CPORT;
	if (taken)
		WRITE_ONCE(c->flags, c->flags & ~IP_VS_CONN_F_NO_CPORT);
	spin_unlock_bh(&c->lock);
	if (taken)
		atomic_dec(&c->ivn->n_portless);
	return taken;
}

/* Undo portless_take(). */
static void portless_return(struct ip_vs_conn *c)
{
	spin_lock_bh(&c->lock);
	if (!c->dead) {
		WRITE_ONCE(c->flags, c->flags | IP_VS_CONN_F_NO_CPORT);
		atomic_inc(&c->ivn->n_portless);
	}
	spin_unlock_bh(&c->lock);
}

static struct ip_vs_conn *portless_find(struct ip_vs_net *ivn,
					const struct ip_vs_packet *pkt)
{
	union ip_vs_key key = pkt->key;
	struct ip_vs_conn *c;

	if (pkt->af == AF_INET6)
		key.v6.sport = 0;
	else
		key.v4.sport = 0;
	c = ip_vs_conn_find_request(ivn, pkt->af, &key);
	return c && READ_ONCE(c->flags) & IP_VS_CONN_F_NO_CPORT ? c : NULL;
}

/**
 * ip_vs_conn_claim() - the expected connection that a client's packet opens
 * @ivn: namespace
 * @pkt: packet without a connection
 *
 * Called if ivn->n_portless is not 0.
 *
 * Context: RCU read side, softirq or process.
 *
 * Return: an RCU pointer; NULL: none is expected, or its server was removed; else
 * as ip_vs_conn_new().
 */
struct ip_vs_conn *ip_vs_conn_claim(struct ip_vs_net *ivn,
				    const struct ip_vs_packet *pkt)
{
	struct ip_vs_conn *c = portless_find(ivn, pkt), *claimed;
	struct ip_vs_conn_params params = {
		.ivn = ivn,
		.key = &pkt->key,
		.af = pkt->af,
	};
	struct ip_vs_conn_view view;
	u32 flags;

	if (!c || (c->dest && !ip_vs_dest_available(c->dest)) ||
	    !portless_take(c))
		return NULL;
	ip_vs_conn_view(c, &view);
	flags = READ_ONCE(c->flags);
	params.dest = c->dest;
	params.daddr = view.daddr;
	params.control = c->control;
	params.dport = view.dport;
	params.fwmark = c->fwmark;
	params.timeout = READ_ONCE(c->timeout);
	params.state = READ_ONCE(c->state);
	params.in_pkts = READ_ONCE(c->in_pkts);
	params.elsewhere = ip_vs_conn_elsewhere(c);
	/* All but what the server says, if there is one. */
	params.flags = flags & (IP_VS_CONN_F_SYNC | IP_VS_CONN_F_INACTIVE |
				IP_VS_CONN_F_NFCT);
	if (!c->dest)
		params.flags |= flags & (IP_VS_CONN_F_FWD_MASK |
					 IP_VS_CONN_F_NOOUTPUT);
	claimed = ip_vs_conn_new(&params);
	if (IS_ERR(claimed)) {
		portless_return(c);
		return claimed;
	}
	/* Connection tracking's entry is the new one's. */
	ip_vs_conn_untrack(c);
	ip_vs_conn_kill(c);
	return claimed;
}
