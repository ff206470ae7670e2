// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ways that packets of established connections have taken.
 *
 * The answers of all connections to clients behind one router have the same
 * route, and so have all requests that come in by one device.  So a connection
 * holds no route: it has the number of a way (struct ip_vs_pass), and the few
 * lanes of a namespace hold one reference to a route each.
 *
 * A set of lanes is good for one generation of the namespace's routing tables,
 * whose number changes with each route, rule, address and device.  It is then
 * replaced by an empty one, and a connection's number, which names the set too,
 * means nothing any more.  A set does not grow: what does not fit is not
 * remembered.
 *
 * A route holds a reference to its device, whose removal waits for it: when a
 * device goes down the whole set is dropped (device.c).
 */
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/dst.h>
#include <net/net_namespace.h>

#include "foreign.h"
#include "net.h"
#include "server/lanes.h"

static struct ip_vs_lanes __rcu **lanes_slot(struct ip_vs_net *ivn, u16 af)
{
	return &ivn->lanes[af == AF_INET6];
}

static struct ip_vs_lanes *lanes_locked(struct ip_vs_net *ivn, u16 af)
{
	return rcu_dereference_protected(*lanes_slot(ivn, af),
					 lockdep_is_held(&ivn->lanes_lock));
}

static void lanes_free(struct rcu_head *rcu)
{
	struct ip_vs_lanes *lanes = container_of(rcu, struct ip_vs_lanes, rcu);
	u32 i;

	for (i = 1; i < lanes->n; i++)
		dst_release(lanes->lane[i].dst);
	kfree(lanes);
}

/* Packets may use them until a grace period has passed. */
static void lanes_replace(struct ip_vs_net *ivn, u16 af, struct ip_vs_lanes *lanes)
{
	struct ip_vs_lanes *old = lanes_locked(ivn, af);

	rcu_assign_pointer(*lanes_slot(ivn, af), lanes);
	if (old)
		call_rcu(&old->rcu, lanes_free);
}

/* The set of this generation, made if need be.  NULL: no memory. */
static struct ip_vs_lanes *lanes_of(struct ip_vs_net *ivn, u16 af, u32 genid)
{
	struct ip_vs_lanes *lanes = lanes_locked(ivn, af);

	if (lanes && lanes->genid == genid)
		return lanes;
	lanes = ip_vs_packet_kmalloc(ivn->foreign, sizeof(*lanes));
	if (!lanes)
		return NULL;
	if (!++ivn->lanes_serial)
		ivn->lanes_serial = 1;
	lanes->serial = ivn->lanes_serial;
	lanes->genid = genid;
	lanes->n = 1;
	lanes_replace(ivn, af, lanes);
	return lanes;
}

static u16 lane_index(const struct ip_vs_lanes *lanes, const struct ip_vs_lane *lane)
{
	const struct ip_vs_lane *w;
	u32 i;

	for (i = 1; i < lanes->n; i++) {
		w = &lanes->lane[i];
		if (w->dst == lane->dst && w->ifindex == lane->ifindex &&
		    w->rp_filter == lane->rp_filter && w->tos == lane->tos)
			return i;
	}
	return 0;
}

/* May the route be kept?  The device going down either finds it afterwards or
 * is seen here.  Takes a reference.
 */
static bool lane_lasts(const struct ip_vs_lane *lane)
{
	const struct net_device *dev;

	if (!lane->dst)
		return true;
	dev = lane->dst->dev;
	return dev->flags & IFF_UP && dev->reg_state == NETREG_REGISTERED &&
	       lane->dst->obsolete == DST_OBSOLETE_FORCE_CHK &&
	       dst_hold_safe(lane->dst);
}

static u16 lane_append(struct ip_vs_lanes *lanes, const struct ip_vs_lane *lane)
{
	u32 i = lanes->n;

	if (i == IP_VS_LANES || !lane_lasts(lane))
		return 0;
	lanes->lane[i] = *lane;
	/* Pairs with the reading of the number in a connection. */
	smp_store_release(&lanes->n, i + 1);
	return i;
}

/**
 * ip_vs_lanes_genid() - the present generation of a namespace's routing tables
 * @net: namespace
 * @af: family
 *
 * Return: a number; a packet that was routed after it was read, and before it
 * was read again and was the same, was routed by that generation.
 */
u32 ip_vs_lanes_genid(const struct net *net, u16 af)
{
#if IS_ENABLED(CONFIG_IPV6)
	if (af == AF_INET6)
		return rt_genid_ipv6(net);
#endif
	return rt_genid_ipv4(net);
}

/**
 * ip_vs_lanes_add() - the number of a way
 * @ivn: namespace
 * @af: family
 * @genid: generation of the routing tables that the way is of
 * @lane: a way that a packet has just taken
 * @id: set to its number, with an index of 0 if there is no room
 *
 * Context: RCU read side, softirq.
 */
void ip_vs_lanes_add(struct ip_vs_net *ivn, u16 af, u32 genid,
		     const struct ip_vs_lane *lane, struct ip_vs_lane_id *id)
{
	struct ip_vs_lanes *lanes;

	id->index = 0;
	spin_lock_bh(&ivn->lanes_lock);
	lanes = lanes_of(ivn, af, genid);
	if (lanes) {
		id->serial = lanes->serial;
		id->index = lane_index(lanes, lane) ?: lane_append(lanes, lane);
	}
	spin_unlock_bh(&ivn->lanes_lock);
}

/**
 * ip_vs_lanes_drop() - forget all lanes of a namespace
 * @ivn: namespace
 * @af: family
 *
 * Context: any but hard interrupts.
 */
void ip_vs_lanes_drop(struct ip_vs_net *ivn, u16 af)
{
	spin_lock_bh(&ivn->lanes_lock);
	lanes_replace(ivn, af, NULL);
	spin_unlock_bh(&ivn->lanes_lock);
}

/**
 * ip_vs_lanes_init() - initialise a namespace's lanes, of which there are none
 * @ivn: namespace
 */
void ip_vs_lanes_init(struct ip_vs_net *ivn)
{
	spin_lock_init(&ivn->lanes_lock);
}
