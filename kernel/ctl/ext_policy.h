/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Types, lengths and ranges of the attributes of the family IPVS_EXT.
 */
#ifndef IP_VS_CTL_EXT_POLICY_H
#define IP_VS_CTL_EXT_POLICY_H

#include <linux/ip_vs_ext.h>
#include <net/netlink.h>

/* Attributes of each command at the first level. */
extern const struct nla_policy ip_vs_ext_none_policy[IPVS_EXT_ATTR_MAX + 1];
extern const struct nla_policy ip_vs_ext_table_policy[IPVS_EXT_ATTR_MAX + 1];
extern const struct nla_policy ip_vs_ext_conns_policy[IPVS_EXT_ATTR_MAX + 1];
extern const struct nla_policy ip_vs_ext_stage_policy[IPVS_EXT_ATTR_MAX + 1];
extern const struct nla_policy ip_vs_ext_commit_policy[IPVS_EXT_ATTR_MAX + 1];
extern const struct nla_policy ip_vs_ext_listen_policy[IPVS_EXT_ATTR_MAX + 1];

extern const struct nla_policy
ip_vs_ext_filter_policy[IPVS_EXT_FILTER_ATTR_MAX + 1];
extern const struct nla_policy ip_vs_ext_op_policy[IPVS_EXT_OP_ATTR_MAX + 1];

#endif
