/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ways that packets of established connections have taken: what the routing
 * decided for them, so that the next packet need not ask.
 */
#ifndef IP_VS_LANES_H
#define IP_VS_LANES_H

#include <linux/rcupdate.h>
#include <linux/types.h>

struct dst_entry;
struct ip_vs_net;
struct net;

/* Ways of one routing generation; the first is none. */
#define IP_VS_LANES 256

/**
 * struct ip_vs_lane - how packets came in, and for answers where they leave
 * @dst: route of answers, holds a reference; NULL: to the virtual address
 * @ifindex: the device they came in by
 * @rp_filter: how that device checked the source
 * @tos: their type of service, without the bits of ECN: a route may ask for it
 */
struct ip_vs_lane {
	struct dst_entry *dst;
	int ifindex;
	int rp_filter;
	u8 tos;
};

/**
 * struct ip_vs_lanes - the lanes of one routing generation
 * @serial: of this set, never 0
 * @genid: the generation; see ip_vs_lanes_genid()
 * @n: how many there are, the unused first one included; grows, READ_ONCE()
 * @rcu: for freeing
 * @lane: the first is never used
 */
struct ip_vs_lanes {
	u32 serial;
	u32 genid;
	u32 n;
	struct rcu_head rcu;
	struct ip_vs_lane lane[IP_VS_LANES];
};

/**
 * struct ip_vs_lane_id - which way
 * @serial: of its set
 * @index: in the set; 0: none
 */
struct ip_vs_lane_id {
	u32 serial;
	u16 index;
};

u32 ip_vs_lanes_genid(const struct net *net, u16 af);
void ip_vs_lanes_add(struct ip_vs_net *ivn, u16 af, u32 genid,
		     const struct ip_vs_lane *lane, struct ip_vs_lane_id *id);
void ip_vs_lanes_drop(struct ip_vs_net *ivn, u16 af);
void ip_vs_lanes_init(struct ip_vs_net *ivn);

#endif
