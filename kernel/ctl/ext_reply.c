// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reply message to a request of the family IPVS_EXT.
 */
#include <net/genetlink.h>

#include "ctl/ext_reply.h"
#include "ctl/family.h"

/**
 * ip_vs_ext_reply_new() - begin the reply to a request
 * @info: request
 * @hdr: set to the message's header
 *
 * Context: process.
 *
 * Return: the message, to be ended by ip_vs_ext_reply_send(); NULL: no memory.
 */
struct sk_buff *ip_vs_ext_reply_new(struct genl_info *info, void **hdr)
{
	struct sk_buff *msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!msg)
		return NULL;
	*hdr = genlmsg_put_reply(msg, info, ip_vs_ext_family, 0,
				 info->genlhdr->cmd);
	if (*hdr)
		return msg;
	nlmsg_free(msg);
	return NULL;
}

/**
 * ip_vs_ext_reply_send() - send the reply, or drop it
 * @msg: message; consumed
 * @hdr: its header
 * @info: request
 * @err: error of the request; if not 0, nothing is sent
 *
 * Context: process.
 *
 * Return: @err, or the result of sending.
 */
int ip_vs_ext_reply_send(struct sk_buff *msg, void *hdr,
			 struct genl_info *info, int err)
{
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}
