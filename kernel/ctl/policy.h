/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Types and lengths of the attributes of the IPVS netlink family.
 */
#ifndef IP_VS_CTL_POLICY_H
#define IP_VS_CTL_POLICY_H

#include <linux/ip_vs.h>
#include <linux/netfilter.h>
#include <net/netlink.h>

extern const struct nla_policy ip_vs_cmd_policy[IPVS_CMD_ATTR_MAX + 1];
extern const struct nla_policy ip_vs_service_policy[IPVS_SVC_ATTR_MAX + 1];
extern const struct nla_policy ip_vs_dest_policy[IPVS_DEST_ATTR_MAX + 1];
extern const struct nla_policy ip_vs_daemon_policy[IPVS_DAEMON_ATTR_MAX + 1];

#endif
