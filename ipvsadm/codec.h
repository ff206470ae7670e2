/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values to netlink attributes (encode.c) and back (decode.c)
 *
 * encode_*() return 0 or -ENOMEM. decode_*() return 0, or -EINVAL when the
 * reply lacks what every kernel sends.
 */
#ifndef CODEC_H
#define CODEC_H

#include "model.h"

struct nl_msg;
struct nlmsghdr;

int encode_service(struct nl_msg *msg, const struct service *svc);
int encode_service_id(struct nl_msg *msg, const struct service *svc);
int encode_dest(struct nl_msg *msg, const struct dest *dst);
int encode_daemon(struct nl_msg *msg, const struct daemon *dmn);
int encode_timeouts(struct nl_msg *msg, const struct timeouts *t);

int decode_service(const struct nlmsghdr *nlh, struct service *svc);
int decode_dest(const struct nlmsghdr *nlh, uint16_t af, struct dest *dst);
int decode_daemon(const struct nlmsghdr *nlh, struct daemon *dmn);
int decode_timeouts(const struct nlmsghdr *nlh, struct timeouts *t);
int decode_info(const struct nlmsghdr *nlh, struct info *info);

#endif
