/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pointers to the two generic netlink families, for code that writes their
 * messages.
 */
#ifndef IP_VS_CTL_FAMILY_H
#define IP_VS_CTL_FAMILY_H

struct genl_family;

/* IPVS; set before any of its commands can run. */
extern const struct genl_family *ip_vs_family;
/* IPVS_EXT; the same. */
extern const struct genl_family *ip_vs_ext_family;

#endif
