// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replies as the kernel writes them, whole, cut and spoilt
 */
#include "net/codec.h"
#include "cli_tests.h"

#include <arpa/inet.h>
#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>

static struct nl_msg *begin(void)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (!msg || !genlmsg_put(msg, 0, 0, 99, 0, 0, 1, 1))
		abort();
	return msg;
}

static void put_stats(struct nl_msg *msg, int attr, bool wide)
{
	struct nlattr *nest = nla_nest_start(msg, attr);

	for (int i = IPVS_STATS_ATTR_CONNS; i <= IPVS_STATS_ATTR_OUTBPS; i++) {
		bool bytes = i == IPVS_STATS_ATTR_INBYTES ||
			     i == IPVS_STATS_ATTR_OUTBYTES;

		if (wide || bytes)
			nla_put_u64(msg, i, i + (wide ? UINT64_C(1) << 40 : 0));
		else
			nla_put_u32(msg, i, i);
	}
	nla_nest_end(msg, nest);
}

static struct nl_msg *service_reply(bool wide)
{
	struct ip_vs_flags flags = { 0x2b, ~0u };
	struct nl_msg *msg = begin();
	struct nlattr *nest = nla_nest_start(msg, IPVS_CMD_ATTR_SERVICE);
	union ip_addr addr = { .word = { htonl(0xc0000201) } };

	nla_put_u16(msg, IPVS_SVC_ATTR_AF, AF_INET);
	nla_put_u16(msg, IPVS_SVC_ATTR_PROTOCOL, IPPROTO_UDP);
	nla_put(msg, IPVS_SVC_ATTR_ADDR, sizeof(addr), &addr);
	nla_put_u16(msg, IPVS_SVC_ATTR_PORT, htons(53));
	nla_put_string(msg, IPVS_SVC_ATTR_SCHED_NAME, "wrr");
	nla_put_string(msg, IPVS_SVC_ATTR_PE_NAME, "sip");
	nla_put(msg, IPVS_SVC_ATTR_FLAGS, sizeof(flags), &flags);
	nla_put_u32(msg, IPVS_SVC_ATTR_TIMEOUT, 300);
	nla_put_u32(msg, IPVS_SVC_ATTR_NETMASK, ~0u);
	put_stats(msg, IPVS_SVC_ATTR_STATS, false);
	if (wide)
		put_stats(msg, IPVS_SVC_ATTR_STATS64, true);
	nla_put_u32(msg, 200, 1);
	nla_nest_end(msg, nest);
	return msg;
}

static struct nl_msg *dest_reply(void)
{
	struct nl_msg *msg = begin();
	struct nlattr *nest = nla_nest_start(msg, IPVS_CMD_ATTR_DEST);
	union ip_addr addr = { .word = { htonl(0x0a000001) } };

	nla_put(msg, IPVS_DEST_ATTR_ADDR, sizeof(addr), &addr);
	nla_put_u16(msg, IPVS_DEST_ATTR_PORT, htons(8080));
	nla_put_u32(msg, IPVS_DEST_ATTR_FWD_METHOD, IP_VS_CONN_F_TUNNEL);
	nla_put_u32(msg, IPVS_DEST_ATTR_WEIGHT, 5);
	nla_put_u8(msg, IPVS_DEST_ATTR_TUN_TYPE, 1);
	nla_put_u16(msg, IPVS_DEST_ATTR_TUN_PORT, htons(6080));
	nla_put_u16(msg, IPVS_DEST_ATTR_TUN_FLAGS, 2);
	for (int i = IPVS_DEST_ATTR_U_THRESH; i <= IPVS_DEST_ATTR_PERSIST_CONNS;
	     i++)
		nla_put_u32(msg, i, i);
	put_stats(msg, IPVS_DEST_ATTR_STATS64, true);
	nla_nest_end(msg, nest);
	return msg;
}

static void test_service(void)
{
	struct nl_msg *msg = service_reply(true);
	struct service svc;

	CHECK(!decode_service(nlmsg_hdr(msg), &svc));
	CHECK(svc.vip.af == AF_INET && svc.protocol == IPPROTO_UDP);
	CHECK(svc.vip.port == 53 && svc.timeout == 300 && svc.flags == 0x2b);
	CHECK_TEXT(svc.sched, "wrr");
	CHECK_TEXT(svc.pe, "sip");
	CHECK(svc.stats.v[CNT_OUTBPS] == (UINT64_C(1) << 40) + 10);
	nlmsg_free(msg);
	msg = service_reply(false);
	CHECK(!decode_service(nlmsg_hdr(msg), &svc));
	CHECK(svc.stats.v[CNT_CONNS] == 1 && svc.stats.v[CNT_INBYTES] == 4);
	nlmsg_free(msg);
}

static void test_dest(void)
{
	struct nl_msg *msg = dest_reply();
	struct dest dst;

	CHECK(!decode_dest(nlmsg_hdr(msg), AF_INET, &dst));
	CHECK(dst.rip.af == AF_INET && dst.rip.port == 8080);
	CHECK(dst.weight == 5 && dst.tun_port == 6080 && dst.tun_flags == 2);
	CHECK(dst.u_thresh == IPVS_DEST_ATTR_U_THRESH);
	CHECK(dst.stats.v[CNT_CONNS] == (UINT64_C(1) << 40) + 1);
	CHECK(decode_service(nlmsg_hdr(msg), &(struct service){ 0 }));
	nlmsg_free(msg);
}

/* Each prefix of a reply, in memory of just that size. */
static void test_cut(struct nl_msg *msg)
{
	struct nlmsghdr *whole = nlmsg_hdr(msg);
	union {
		struct service svc;
		struct dest dst;
		struct daemon dmn;
		struct timeouts t;
		struct info info;
	} out;

	for (uint32_t len = sizeof(*whole); len < whole->nlmsg_len; len++) {
		struct nlmsghdr *cut = malloc(len);

		memcpy(cut, whole, len);
		cut->nlmsg_len = len;
		CHECK(decode_service(cut, &out.svc));
		CHECK(decode_dest(cut, AF_INET, &out.dst));
		decode_daemon(cut, &out.dmn);
		decode_timeouts(cut, &out.t);
		decode_info(cut, &out.info);
		free(cut);
	}
	nlmsg_free(msg);
}

static void test_round_trip(void)
{
	struct daemon in = {
		.state = IP_VS_STATE_BACKUP, .ifname = "eth7", .syncid = 9,
		.maxlen = 1024, .port = 9000, .ttl = 3,
		.group = { .af = AF_INET6 },
	};
	struct timeouts t = { 1, 2, 3 }, u;
	struct nl_msg *msg = begin();
	struct daemon out;

	inet_pton(AF_INET6, "ff02::81", &in.group.addr);
	CHECK(!encode_daemon(msg, &in));
	CHECK(!decode_daemon(nlmsg_hdr(msg), &out));
	CHECK(!memcmp(&in, &out, sizeof(in)));
	nlmsg_free(msg);
	msg = begin();
	CHECK(!encode_timeouts(msg, &t));
	CHECK(!decode_timeouts(nlmsg_hdr(msg), &u));
	CHECK(!memcmp(&t, &u, sizeof(t)));
	nlmsg_free(msg);
}

static void test_service_cut(void)
{
	test_cut(service_reply(true));
}

static void test_dest_cut(void)
{
	test_cut(dest_reply());
}

const struct test codec_tests[] = {
	{ "codec: services are decoded, old and new counters", test_service },
	{ "codec: servers are decoded", test_dest },
	{ "codec: a service cut anywhere is refused", test_service_cut },
	{ "codec: a server cut anywhere is refused", test_dest_cut },
	{ "codec: daemons and timeouts come back as they were sent",
	  test_round_trip },
	{}
};
