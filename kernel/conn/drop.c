// SPDX-License-Identifier: GPL-2.0-only
/*
 * A packet of a connection is dropped: counted for the service it belongs to.
 */
#include <linux/netfilter.h>
#include <linux/skbuff.h>

#include "conn/conn.h"
#include "conn/drop.h"
#include "server/dest.h"
#include "server/drops.h"
#include "server/service.h"

/* The reason as drop_monitor, perf and other tools of the kernel name it. */
static enum skb_drop_reason kernel_reason(enum ip_vs_ext_drop why)
{
	switch (why) {
	case IPVS_EXT_DROP_NO_ROUTE:
	case IPVS_EXT_DROP_REROUTE:
		return SKB_DROP_REASON_IP_OUTNOROUTES;
	case IPVS_EXT_DROP_TOO_BIG:
	case IPVS_EXT_DROP_NARROW:
		return SKB_DROP_REASON_PKT_TOO_BIG;
	case IPVS_EXT_DROP_NO_MEMORY:
		return SKB_DROP_REASON_NOMEM;
	default:
		return SKB_DROP_REASON_NETFILTER_DROP;
	}
}

/* The service a connection belongs to, or would if its server had not been
 * removed.
 */
static struct ip_vs_service *service_of(const struct ip_vs_conn *c)
{
	struct ip_vs_service *svc;

	if (!c->dest)
		return NULL;
	svc = rcu_dereference(c->dest->svc);
	return svc ?: ip_vs_service_at_key(c->ivn, &c->dest->svc_key);
}

/**
 * ip_vs_drop_of() - count a packet of a connection that is going to be dropped
 * @c: connection
 * @why: enum ip_vs_ext_drop
 *
 * Context: RCU read side, softirq or process.
 *
 * Return: NF_DROP, for the caller to return.
 */
unsigned int ip_vs_drop_of(const struct ip_vs_conn *c, enum ip_vs_ext_drop why)
{
	return ip_vs_drop(c->ivn, service_of(c), why);
}

/**
 * ip_vs_drop_free() - count and free a packet of a connection
 * @c: connection
 * @skb: packet; freed
 * @why: enum ip_vs_ext_drop
 *
 * Context: RCU read side, softirq or process.
 *
 * Return: NF_STOLEN, for the caller to return.
 */
unsigned int ip_vs_drop_free(const struct ip_vs_conn *c, struct sk_buff *skb,
			     enum ip_vs_ext_drop why)
{
	ip_vs_drop_of(c, why);
	kfree_skb_reason(skb, kernel_reason(why));
	return NF_STOLEN;
}
