// SPDX-License-Identifier: GPL-2.0-only
/*
 * The iptables match "ipvs", a module of its own: what IPVS made of a packet.
 *
 * A packet that IPVS has handled carries a mark.  All else is asked of the
 * connection that the packet belongs to, found as that of a request which has
 * been forwarded.  So answers have the mark and match no other option.
 *
 * Rules come from any user namespace, by way of iptables or nftables.  Every
 * value of the options is valid: no more is done with them than to compare.
 */
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter/xt_ipvs.h>
#include <linux/skbuff.h>
#include <net/netfilter/nf_conntrack.h>

#include "conn/forwarded.h"

/* Is an option absent, or as wanted?  @is: its condition holds. */
static bool option_holds(const struct xt_ipvs_mtinfo *info, u8 option, bool is)
{
	if (!(info->bitmask & option))
		return true;
	return is != !!(info->invert & option);
}

static bool vaddr_covered(const struct xt_ipvs_mtinfo *info, u8 pf,
			  const union nf_inet_addr *vaddr)
{
	if (pf == NFPROTO_IPV6)
		return !ipv6_masked_addr_cmp(&vaddr->in6, &info->vmask.in6,
					     &info->vaddr.in6);
	return !((vaddr->ip ^ info->vaddr.ip) & info->vmask.ip);
}

/* --vdir: the direction as connection tracking sees it; what is not tracked has
 * none.
 */
static bool vdir_holds(const struct xt_ipvs_mtinfo *info,
		       const struct sk_buff *skb)
{
	enum ip_conntrack_info ctinfo;

	if (!(info->bitmask & XT_IPVS_DIR))
		return true;
	if (!nf_ct_get(skb, &ctinfo))
		return false;
	return option_holds(info, XT_IPVS_DIR,
			    CTINFO2DIR(ctinfo) == IP_CT_DIR_ORIGINAL);
}

static bool ipvs_match(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_ipvs_mtinfo *info = par->matchinfo;
	u8 pf = xt_family(par);
	struct ip_vs_forwarded fwd;

	if (info->bitmask == XT_IPVS_IPVS_PROPERTY)
		return option_holds(info, XT_IPVS_IPVS_PROPERTY,
				    skb->ipvs_property);
	/* All other options imply --ipvs, inverted ones as well. */
	if (!skb->ipvs_property ||
	    !ip_vs_forwarded_find(xt_net(par), skb, pf, &fwd))
		return false;
	return option_holds(info, XT_IPVS_PROTO, fwd.proto == info->l4proto) &&
	       option_holds(info, XT_IPVS_VPORT, fwd.vport == info->vport) &&
	       option_holds(info, XT_IPVS_VPORTCTL,
			    fwd.controlled &&
			    fwd.control_vport == info->vportctl) &&
	       option_holds(info, XT_IPVS_METHOD,
			    fwd.method == info->fwd_method) &&
	       option_holds(info, XT_IPVS_VADDR,
			    vaddr_covered(info, pf, &fwd.vaddr)) &&
	       vdir_holds(info, skb);
}

/* Tables of other families ask for it as well: bridge, ARP, inet. */
static int ipvs_match_check(const struct xt_mtchk_param *par)
{
	if (par->family == NFPROTO_IPV4 || par->family == NFPROTO_IPV6)
		return 0;
	return -EINVAL;
}

static struct xt_match ipvs_match_reg __read_mostly = {
	.name = "ipvs",
	.revision = 0,
	.family = NFPROTO_UNSPEC,
	.match = ipvs_match,
	.checkentry = ipvs_match_check,
	.matchsize = XT_ALIGN(sizeof(struct xt_ipvs_mtinfo)),
	.me = THIS_MODULE,
};

static int __init xt_ipvs_start(void)
{
	return xt_register_match(&ipvs_match_reg);
}

static void __exit xt_ipvs_stop(void)
{
	xt_unregister_match(&ipvs_match_reg);
}

/* The layout is iptables'. */
static_assert(sizeof(struct xt_ipvs_mtinfo) == 40);

module_init(xt_ipvs_start);
module_exit(xt_ipvs_stop);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("iptables match: what IPVS made of a packet");
MODULE_ALIAS("ipt_ipvs");
MODULE_ALIAS("ip6t_ipvs");
