// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz the decoding of netlink replies, and print the result
 */
#include "net/codec.h"
#include "print/listline.h"
#include "print/saveline.h"

#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print(const struct service *svc, const struct dest *dst)
{
	static const enum option formats[] = {
		OPT_STATS, OPT_RATE, OPT_THRESHOLDS, OPT_PERSIST_CONN,
		OPT_TUN_INFO, OPT_NUMERIC
	};
	struct request req = { 0 };
	static FILE *out;

	if (!out)
		out = fopen("/dev/null", "w");
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		req.given = UINT64_C(1) << formats[i] | 1 << OPT_NUMERIC;
		listline_service(out, &req, svc);
		listline_dest(out, &req, svc, dst);
	}
	saveline_service(out, &req, svc);
	saveline_dest(out, &req, svc, dst);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nlmsghdr *nlh = malloc(NLMSG_HDRLEN + size);
	static struct service svc;
	static struct dest dst;
	struct timeouts t;
	struct daemon dmn;
	struct info info;

	if (!nlh)
		abort();
	memset(nlh, 0, NLMSG_HDRLEN);
	memcpy((char *)nlh + NLMSG_HDRLEN, data, size);
	nlh->nlmsg_len = NLMSG_HDRLEN + size;
	service_init(&svc);
	dest_init(&dst);
	if (!decode_service(nlh, &svc))
		print(&svc, &dst);
	if (!decode_dest(nlh, AF_INET, &dst))
		print(&svc, &dst);
	decode_daemon(nlh, &dmn);
	decode_timeouts(nlh, &t);
	decode_info(nlh, &info);
	free(nlh);
	return 0;
}
