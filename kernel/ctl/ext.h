/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generic netlink family IPVS_EXT.
 */
#ifndef IP_VS_CTL_EXT_H
#define IP_VS_CTL_EXT_H

#include <linux/ip_vs_ext.h>

struct genl_family;
struct genl_info;
struct sk_buff;

extern struct genl_family ip_vs_ext_family;

struct sk_buff *ip_vs_ext_reply_new(struct genl_info *info, void **hdr);
int ip_vs_ext_reply_send(struct sk_buff *msg, void *hdr,
			 struct genl_info *info, int err);

int ip_vs_ext_register(void);
void ip_vs_ext_unregister(void);

#endif
