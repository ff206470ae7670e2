/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reply message to a request of the family IPVS_EXT.
 */
#ifndef IP_VS_CTL_EXT_REPLY_H
#define IP_VS_CTL_EXT_REPLY_H

struct genl_info;
struct sk_buff;

struct sk_buff *ip_vs_ext_reply_new(struct genl_info *info, void **hdr);
int ip_vs_ext_reply_send(struct sk_buff *msg, void *hdr,
			 struct genl_info *info, int err);

#endif
