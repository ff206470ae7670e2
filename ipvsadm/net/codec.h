/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values to netlink attributes (encode.c) and back (decode.c; decode_ext.c for
 * what the family IPVS_EXT adds)
 *
 * encode_*() return 0 or -ENOMEM. decode_*() return 0, or -EINVAL when the
 * reply lacks what every kernel sends.
 */
#ifndef CODEC_H
#define CODEC_H

#include "model/drops.h"
#include "model/event.h"

#include <stdint.h>

struct filter;
struct nl_msg;
struct nlattr;
struct nlmsghdr;

/**
 * struct record - one message of a table
 * @svc: IPVS_SVC_ATTR_*: the service, with @dst no more than its name
 * @dst: IPVS_DEST_ATTR_*: the server, or NULL
 */
struct record {
	struct nlattr *svc;
	struct nlattr *dst;
};

/* The parser of libnl does not write through this pointer. */
static inline struct nlmsghdr *message_unconst(const struct nlmsghdr *nlh)
{
	return (struct nlmsghdr *)(uintptr_t)nlh;
}

int encode_service(struct nl_msg *msg, const struct service *svc);
int encode_service_id(struct nl_msg *msg, const struct service *svc);
int encode_dest(struct nl_msg *msg, const struct dest *dst);
int encode_daemon(struct nl_msg *msg, const struct daemon *dmn);
int encode_timeouts(struct nl_msg *msg, const struct timeouts *t);
int encode_op(struct nl_msg *msg, int command, const struct service *svc,
	      const struct dest *dst);
int encode_filter(struct nl_msg *msg, const struct filter *filter);

int decode_service(const struct nlmsghdr *nlh, struct service *svc);
int decode_dest(const struct nlmsghdr *nlh, uint16_t af, struct dest *dst);
int decode_daemon(const struct nlmsghdr *nlh, struct daemon *dmn);
int decode_timeouts(const struct nlmsghdr *nlh, struct timeouts *t);
int decode_info(const struct nlmsghdr *nlh, struct info *info);

int decode_service_id(struct nlattr *nest, struct service *svc);
int decode_service_config(struct nlattr *nest, struct service *svc);
int decode_service_nest(struct nlattr *nest, struct service *svc);
int decode_dest_id(struct nlattr *nest, uint16_t af, struct dest *dst);
int decode_dest_nest(struct nlattr *nest, uint16_t af, struct dest *dst);
int decode_daemon_nest(struct nlattr *nest, struct daemon *dmn);

int decode_generation(const struct nlmsghdr *nlh, uint32_t *generation);
int decode_count(const struct nlmsghdr *nlh, uint64_t *count);
int decode_op_index(const struct nlmsghdr *nlh, uint32_t *index);
int decode_record(const struct nlmsghdr *nlh, struct record *record);
int decode_conns(const struct nlmsghdr *nlh,
		 int (*take)(const struct conn *conn, void *arg), void *arg);
int decode_drops(const struct nlmsghdr *nlh, struct drops *drops);
int decode_event(const struct nlmsghdr *nlh, struct event *event);

#endif
