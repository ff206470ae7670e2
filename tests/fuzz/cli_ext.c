// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz the decoding of replies and events of IPVS_EXT, and print the result
 */
#include "net/codec.h"
#include "print/connline.h"
#include "print/eventline.h"
#include "print/saveline.h"

#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static FILE *null;

static int print_conn(const struct conn *conn, void *arg)
{
	const struct request *req = arg;

	connline_print(null, req, conn);
	return 0;
}

static void print_event(const struct event *event)
{
	struct request req = { .given = 1 << OPT_NUMERIC };

	eventline_print(null, &req, event);
	req.given |= UINT64_C(1) << OPT_JSON;
	eventline_print(null, &req, event);
}

static void decode(const struct nlmsghdr *nlh)
{
	struct request req = { .given = 1 << OPT_NUMERIC |
				       1 << OPT_PERSIST_CONN };
	struct record record;
	struct event event;
	struct service svc;
	struct drops drops;
	struct dest dst;
	uint32_t small;
	uint64_t large;

	if (!decode_record(nlh, &record) && record.dst &&
	    !decode_service_id(record.svc, &svc) &&
	    !decode_dest_nest(record.dst, svc.vip.af, &dst))
		saveline_change(null, &req, CMD_EDIT_DEST, &svc, &dst);
	decode_conns(nlh, print_conn, &req);
	if (!decode_event(nlh, &event))
		print_event(&event);
	decode_drops(nlh, &drops);
	decode_generation(nlh, &small);
	decode_op_index(nlh, &small);
	decode_count(nlh, &large);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nlmsghdr *nlh = malloc(NLMSG_HDRLEN + size);

	if (!null)
		null = fopen("/dev/null", "w");
	if (!nlh || !null)
		abort();
	memset(nlh, 0, NLMSG_HDRLEN);
	memcpy((char *)nlh + NLMSG_HDRLEN, data, size);
	nlh->nlmsg_len = NLMSG_HDRLEN + size;
	decode(nlh);
	free(nlh);
	return 0;
}
