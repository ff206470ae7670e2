/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The two generic netlink families, for whoever writes their messages.
 */
#ifndef IP_VS_CTL_FAMILY_H
#define IP_VS_CTL_FAMILY_H

struct genl_family;

/* IPVS; set before any command of it can come. */
extern const struct genl_family *ip_vs_family;
/* IPVS_EXT; the same. */
extern const struct genl_family *ip_vs_ext_family;

#endif
