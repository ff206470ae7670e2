// SPDX-License-Identifier: GPL-2.0-only
/*
 * The family IPVS_EXT: what is sent, and replies and events, whole and cut
 */
#include "net/codec.h"
#include "args/parse_filter.h"
#include "model/drop_names.h"
#include "print/eventline.h"
#include "cli_tests.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>

static struct service svc;
static struct dest dst;

static struct nl_msg *begin(void)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (!msg || !genlmsg_put(msg, 0, 0, 99, 0, 0, 1, 1))
		abort();
	return msg;
}

static struct nlattr *first(struct nl_msg *msg)
{
	return genlmsg_attrdata(genlmsg_hdr(nlmsg_hdr(msg)), 0);
}

static void reset(void)
{
	service_init(&svc);
	svc.protocol = IPPROTO_UDP;
	svc.vip.port = 53;
	inet_pton(AF_INET, "192.0.2.1", &svc.vip.addr);
	strcpy(svc.sched, "rr");
	dest_init(&dst);
	dst.rip.port = 53;
	dst.weight = 9;
	inet_pton(AF_INET, "10.0.0.1", &dst.rip.addr);
}

static void test_op(void)
{
	struct nlattr *tb[IPVS_EXT_OP_ATTR_MAX + 1];
	struct nl_msg *msg = begin();
	struct service back;
	struct nlattr *op;

	reset();
	CHECK(!encode_op(msg, IPVS_CMD_NEW_DEST, &svc, &dst));
	op = first(msg);
	CHECK(nla_type(op) == IPVS_EXT_ATTR_OP);
	/* Strict parsers ask for the flag. */
	CHECK(op->nla_type & NLA_F_NESTED);
	CHECK(!nla_parse_nested(tb, IPVS_EXT_OP_ATTR_MAX, op, NULL));
	CHECK(nla_get_u8(tb[IPVS_EXT_OP_ATTR_COMMAND]) == IPVS_CMD_NEW_DEST);
	CHECK(!decode_service_id(tb[IPVS_EXT_OP_ATTR_SERVICE], &back));
	CHECK(back.vip.port == 53 && back.protocol == IPPROTO_UDP);
	CHECK(tb[IPVS_EXT_OP_ATTR_DEST]);
	nlmsg_free(msg);
}

/* A full message refuses the next operation and stays as it was. */
static void test_full(void)
{
	struct nl_msg *msg = nlmsg_alloc_size(2048);
	uint32_t before = 0;
	int n = 0;

	reset();
	CHECK(genlmsg_put(msg, 0, 0, 99, 0, 0, 1, 1));
	for (; n < 100; n++) {
		before = nlmsg_hdr(msg)->nlmsg_len;
		if (encode_op(msg, IPVS_CMD_NEW_SERVICE, &svc, NULL))
			break;
	}
	CHECK(n > 5 && n < 100);
	CHECK(nlmsg_hdr(msg)->nlmsg_len == before);
	nlmsg_free(msg);
}

static void filter_attrs(const char *text, struct nl_msg *msg,
			 struct nlattr **tb)
{
	struct filter filter = { 0 };
	char copy[128];
	struct filter_fault fault;

	strcpy(copy, text);
	CHECK(parse_filter(&filter, copy, &fault));
	CHECK(!encode_filter(msg, &filter));
	CHECK(!nla_parse_nested(tb, IPVS_EXT_FILTER_ATTR_MAX, first(msg),
				NULL));
}

static void test_filter_attrs(void)
{
	struct nlattr *tb[IPVS_EXT_FILTER_ATTR_MAX + 1];
	struct nl_msg *msg = begin();

	filter_attrs("client=10.9.0.0/16,server=[2001:db8::1]:81,state=time_wait",
		     msg, tb);
	CHECK(nla_get_u16(tb[IPVS_EXT_FILTER_ATTR_AF]) == AF_INET);
	CHECK(nla_len(tb[IPVS_EXT_FILTER_ATTR_CADDR]) == 4);
	CHECK(nla_get_u8(tb[IPVS_EXT_FILTER_ATTR_CPREFIX]) == 16);
	CHECK(nla_get_u16(tb[IPVS_EXT_FILTER_ATTR_DEST_AF]) == AF_INET6);
	CHECK(nla_len(tb[IPVS_EXT_FILTER_ATTR_DADDR]) == 16);
	CHECK(nla_get_u16(tb[IPVS_EXT_FILTER_ATTR_DPORT]) == htons(81));
	CHECK_TEXT(nla_get_string(tb[IPVS_EXT_FILTER_ATTR_STATE]), "TIME_WAIT");
	CHECK(!tb[IPVS_EXT_FILTER_ATTR_VADDR]);
	CHECK(!tb[IPVS_EXT_FILTER_ATTR_TEMPLATES]);
	nlmsg_free(msg);
	msg = begin();
	filter_attrs("mark=7,template=no,protocol=ip", msg, tb);
	CHECK(nla_get_u32(tb[IPVS_EXT_FILTER_ATTR_FWMARK]) == 7);
	CHECK(nla_get_u8(tb[IPVS_EXT_FILTER_ATTR_TEMPLATES]) == 0);
	CHECK(nla_get_u8(tb[IPVS_EXT_FILTER_ATTR_PROTOCOL]) == 0);
	nlmsg_free(msg);
	msg = begin();
	filter_attrs("service=192.0.2.1,template=yes", msg, tb);
	CHECK(nla_get_u16(tb[IPVS_EXT_FILTER_ATTR_AF]) == AF_INET);
	CHECK(!tb[IPVS_EXT_FILTER_ATTR_VPORT]);
	CHECK(nla_get_u8(tb[IPVS_EXT_FILTER_ATTR_TEMPLATES]) == 1);
	nlmsg_free(msg);
}

static void test_filter_made_by(void)
{
	struct nlattr *tb[IPVS_EXT_FILTER_ATTR_MAX + 1];
	const struct service svc = { .fwmark = 7, .vip = { .af = AF_INET6 } };
	const struct filter filter = { .made_by = &svc };
	struct nl_msg *msg = begin();
	struct nlattr *mark;

	CHECK(!filter_is_empty(&filter));
	CHECK(!encode_filter(msg, &filter));
	CHECK(!nla_parse_nested(tb, IPVS_EXT_FILTER_ATTR_MAX, first(msg),
				NULL));
	mark = nla_find(nla_data(tb[IPVS_EXT_FILTER_ATTR_SERVICE]),
			nla_len(tb[IPVS_EXT_FILTER_ATTR_SERVICE]),
			IPVS_SVC_ATTR_FWMARK);
	CHECK(mark && nla_get_u32(mark) == 7);
	nlmsg_free(msg);
}

static void test_no_filter(void)
{
	const struct filter filter = { 0 };
	struct nl_msg *msg = begin();

	CHECK(!encode_filter(msg, &filter));
	CHECK(nlmsg_hdr(msg)->nlmsg_len ==
	      NLMSG_HDRLEN + GENL_HDRLEN + NLA_HDRLEN);
	CHECK(nla_type(first(msg)) == IPVS_EXT_ATTR_FILTER);
	nlmsg_free(msg);
}

static void put_conn(struct nl_msg *msg, uint16_t cport, bool engine)
{
	struct nlattr *nest = nla_nest_start(msg, IPVS_EXT_ATTR_CONN);
	uint32_t client = htonl(0x0a090002), vip = htonl(0xc0000201);
	struct in6_addr server;

	inet_pton(AF_INET6, "2001:db8::1", &server);
	nla_put_u16(msg, IPVS_EXT_CONN_ATTR_AF, AF_INET);
	nla_put_u16(msg, IPVS_EXT_CONN_ATTR_DEST_AF, AF_INET6);
	nla_put_u8(msg, IPVS_EXT_CONN_ATTR_PROTOCOL, IPPROTO_TCP);
	nla_put(msg, IPVS_EXT_CONN_ATTR_CADDR, 4, &client);
	nla_put(msg, IPVS_EXT_CONN_ATTR_VADDR, 4, &vip);
	nla_put(msg, IPVS_EXT_CONN_ATTR_DADDR, 16, &server);
	nla_put_u16(msg, IPVS_EXT_CONN_ATTR_CPORT, htons(cport));
	nla_put_u16(msg, IPVS_EXT_CONN_ATTR_VPORT, htons(80));
	nla_put_u16(msg, IPVS_EXT_CONN_ATTR_DPORT, htons(8080));
	nla_put_string(msg, IPVS_EXT_CONN_ATTR_STATE, "ESTABLISHED");
	nla_put_u32(msg, IPVS_EXT_CONN_ATTR_EXPIRES, 61999);
	if (engine) {
		nla_put_string(msg, IPVS_EXT_CONN_ATTR_PE_NAME, "sip");
		nla_put(msg, IPVS_EXT_CONN_ATTR_PE_DATA, 5, "a\\b\0c");
	}
	nla_nest_end(msg, nest);
}

static struct conn seen[4];
static unsigned int n_seen;
static char engine_text[64];

static int see(const struct conn *conn, void *arg)
{
	seen[n_seen++ % 4] = *conn;
	if (conn->pe_data)
		snprintf(engine_text, sizeof(engine_text), "%s %s", conn->pe,
			 conn->pe_data);
	return *(int *)arg;
}

static void test_conns(void)
{
	struct nl_msg *msg = begin();
	int answer = 0;

	put_conn(msg, 1, false);
	put_conn(msg, 2, true);
	CHECK(!decode_conns(nlmsg_hdr(msg), see, &answer));
	CHECK(n_seen == 2);
	CHECK(seen[0].client.port == 1 && seen[1].client.port == 2);
	CHECK(seen[0].client.af == AF_INET && seen[0].dest.af == AF_INET6);
	CHECK(seen[0].expires == 61 && seen[0].number == IPPROTO_TCP);
	CHECK_TEXT(seen[0].protocol, "TCP");
	CHECK(!seen[0].pe_data);
	CHECK_TEXT(engine_text, "sip a\\x5cb\\x00c");
	answer = -EIO;
	CHECK(decode_conns(nlmsg_hdr(msg), see, &answer) == -EIO);
	CHECK(n_seen == 3);
	nlmsg_free(msg);
	n_seen = 0;
}

static struct nl_msg *event_message(void)
{
	struct nl_msg *msg = begin();

	nla_put_u32(msg, IPVS_EXT_ATTR_EVENT_TYPE, IPVS_EXT_EVENT_CONN_NEW);
	nla_put_u32(msg, IPVS_EXT_ATTR_GENERATION, 77);
	put_conn(msg, 1, true);
	return msg;
}

/* The old family's numbers serve for services and servers. */
static void test_events(void)
{
	struct nl_msg *msg = event_message();
	struct event event;

	reset();
	CHECK(!decode_event(nlmsg_hdr(msg), &event));
	CHECK(event.type == IPVS_EXT_EVENT_CONN_NEW && event.has_conn);
	CHECK(event.generation == 77 && !event.has_service);
	nlmsg_free(msg);
	msg = begin();
	nla_put_u32(msg, IPVS_EXT_ATTR_EVENT_TYPE, IPVS_EXT_EVENT_DEST_DEL);
	CHECK(!encode_service_id(msg, &svc) && !encode_dest(msg, &dst));
	CHECK(!decode_event(nlmsg_hdr(msg), &event));
	CHECK(event.has_service && event.svc_id && event.svc.vip.port == 53);
	CHECK(event.has_dest && event.dst_id && event.dst.rip.port == 53);
	nlmsg_free(msg);
}

static const char *event_line(uint32_t type, bool has_service, bool has_dest)
{
	struct request req = { .given = 1 << OPT_NUMERIC };
	struct event event = {
		.type = type, .has_service = has_service, .has_dest = has_dest,
		.svc = svc, .dst = dst,
	};

	eventline_print(text_open(), &req, &event);
	return text_close();
}

/* What does not belong to an event, or is not there, is not looked at. */
static void test_odd_events(void)
{
	reset();
	for (uint32_t type = 0; type <= IPVS_EXT_EVENT_MAX + 1; type++)
		for (int has = 0; has < 4; has++)
			CHECK(*event_line(type, has & 1, has & 2));
	CHECK(*event_line(IPVS_EXT_EVENT_DEST_NEW, true, true) == '-');
	CHECK(*event_line(IPVS_EXT_EVENT_DEST_NEW, true, false) == '#');
	CHECK(*event_line(IPVS_EXT_EVENT_SERVICE_NEW, true, false) == '-');
	CHECK(*event_line(IPVS_EXT_EVENT_DAEMON_NEW, true, true) == '#');
}

static void test_drops(void)
{
	struct nl_msg *msg = begin();
	struct nlattr *nest;
	struct drops drops;

	reset();
	CHECK(!encode_service_id(msg, &svc));
	nest = nla_nest_start(msg, IPVS_EXT_ATTR_DROPS);
	nla_put_u64(msg, IPVS_EXT_DROP_TTL, 5);
	nla_put_u64(msg, DROP_REASONS - 1, 6);
	nla_put_u64(msg, DROP_REASONS, 7);
	nla_put_u32(msg, 3, 8);
	nla_nest_end(msg, nest);
	CHECK(!decode_drops(nlmsg_hdr(msg), &drops));
	CHECK(drops.has_service && drops.svc.vip.port == 53);
	CHECK(drops.n[IPVS_EXT_DROP_TTL] == 5 && !drops.n[3]);
	CHECK(drops.n[DROP_REASONS - 1] == 6);
	nlmsg_free(msg);
	for (unsigned int i = 1; i <= IPVS_EXT_DROP_MAX; i++)
		CHECK(strncmp(drop_key(i), "reason", 6));
	CHECK_TEXT(drop_key(60), "reason_60");
}

static void test_numbers(void)
{
	struct nl_msg *msg = begin();
	uint32_t small;
	uint64_t large;

	CHECK(decode_generation(nlmsg_hdr(msg), &small) == -EINVAL);
	CHECK(decode_count(nlmsg_hdr(msg), &large) == -EINVAL);
	CHECK(decode_op_index(nlmsg_hdr(msg), &small) == -EINVAL);
	nla_put_u32(msg, IPVS_EXT_ATTR_OP_INDEX, 3);
	nla_put_u64(msg, IPVS_EXT_ATTR_COUNT, UINT64_C(1) << 40);
	CHECK(!decode_op_index(nlmsg_hdr(msg), &small) && small == 3);
	CHECK(!decode_count(nlmsg_hdr(msg), &large) && large >> 40 == 1);
	nlmsg_free(msg);
}

static void test_cut(struct nl_msg *msg)
{
	struct nlmsghdr *whole = nlmsg_hdr(msg);
	int answer = 0;

	for (uint32_t len = sizeof(*whole); len < whole->nlmsg_len; len++) {
		struct nlmsghdr *cut = malloc(len);
		struct event event;
		struct drops drops;
		uint64_t count;
		struct record record;

		memcpy(cut, whole, len);
		cut->nlmsg_len = len;
		decode_event(cut, &event);
		decode_drops(cut, &drops);
		decode_count(cut, &count);
		decode_record(cut, &record);
		decode_conns(cut, see, &answer);
		free(cut);
	}
	nlmsg_free(msg);
}

static void test_event_cut(void)
{
	test_cut(event_message());
}

const struct test ext_tests[] = {
	{ "ext: an operation names its service and its server", test_op },
	{ "ext: a full message stays as it was", test_full },
	{ "ext: filters as attributes", test_filter_attrs },
	{ "ext: filters by who made a connection", test_filter_made_by },
	{ "ext: no filter is an empty attribute", test_no_filter },
	{ "ext: connections are decoded", test_conns },
	{ "ext: events are decoded", test_events },
	{ "ext: odd events have a line of their own", test_odd_events },
	{ "ext: counters of drops", test_drops },
	{ "ext: generations, counts and operation numbers", test_numbers },
	{ "ext: an event cut anywhere is read no further", test_event_cut },
	{}
};
