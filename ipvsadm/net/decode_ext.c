// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replies and events of the family IPVS_EXT to values
 *
 * As in decode.c: lengths are checked before anything is read, and what is not
 * known is passed over.
 */
#include "net/codec.h"

#include "model/conn.h"
#include "model/model.h"
#include "model/protocol.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <string.h>

/* Engines keep up to 255 bytes; each may take four letters to show. */
#define PE_TEXT		1024

#define ADDRESS		{ .type = NLA_UNSPEC, .minlen = 4, .maxlen = 16 }

static struct nla_policy ext_policy[IPVS_EXT_ATTR_MAX + 1] = {
	[IPVS_EXT_ATTR_SERVICE]		= { .type = NLA_NESTED },
	[IPVS_EXT_ATTR_DEST]		= { .type = NLA_NESTED },
	[IPVS_EXT_ATTR_DAEMON]		= { .type = NLA_NESTED },
	[IPVS_EXT_ATTR_GENERATION]	= { .type = NLA_U32 },
	[IPVS_EXT_ATTR_CONN]		= { .type = NLA_NESTED },
	[IPVS_EXT_ATTR_COUNT]		= { .type = NLA_U64 },
	[IPVS_EXT_ATTR_DROPS]		= { .type = NLA_NESTED },
	[IPVS_EXT_ATTR_OP_INDEX]	= { .type = NLA_U32 },
	[IPVS_EXT_ATTR_EVENT_TYPE]	= { .type = NLA_U32 },
};

static struct nla_policy conn_policy[IPVS_EXT_CONN_ATTR_MAX + 1] = {
	[IPVS_EXT_CONN_ATTR_AF]		= { .type = NLA_U16 },
	[IPVS_EXT_CONN_ATTR_DEST_AF]	= { .type = NLA_U16 },
	[IPVS_EXT_CONN_ATTR_PROTOCOL]	= { .type = NLA_U8 },
	[IPVS_EXT_CONN_ATTR_CADDR]	= ADDRESS,
	[IPVS_EXT_CONN_ATTR_VADDR]	= ADDRESS,
	[IPVS_EXT_CONN_ATTR_DADDR]	= ADDRESS,
	[IPVS_EXT_CONN_ATTR_CPORT]	= { .type = NLA_U16 },
	[IPVS_EXT_CONN_ATTR_VPORT]	= { .type = NLA_U16 },
	[IPVS_EXT_CONN_ATTR_DPORT]	= { .type = NLA_U16 },
	[IPVS_EXT_CONN_ATTR_STATE]	= { .type = NLA_STRING },
	[IPVS_EXT_CONN_ATTR_EXPIRES]	= { .type = NLA_U32 },
	[IPVS_EXT_CONN_ATTR_PE_NAME]	= { .type = NLA_STRING },
};

static int parse_ext(const struct nlmsghdr *nlh, struct nlattr **tb)
{
	if (!nlmsg_valid_hdr(message_unconst(nlh), GENL_HDRLEN) ||
	    nlmsg_parse(message_unconst(nlh), GENL_HDRLEN, tb, IPVS_EXT_ATTR_MAX,
			ext_policy) < 0)
		return -EINVAL;
	return 0;
}

/**
 * decode_generation() - which state the configuration is in
 * @nlh: reply to GET_INFO
 * @generation: the answer
 *
 * Return: 0 or -EINVAL.
 */
int decode_generation(const struct nlmsghdr *nlh, uint32_t *generation)
{
	struct nlattr *tb[IPVS_EXT_ATTR_MAX + 1];

	if (parse_ext(nlh, tb) || !tb[IPVS_EXT_ATTR_GENERATION])
		return -EINVAL;
	*generation = nla_get_u32(tb[IPVS_EXT_ATTR_GENERATION]);
	return 0;
}

/**
 * decode_count() - how many connections were ended
 * @nlh: reply to KILL_CONN
 * @count: the answer
 *
 * Return: 0 or -EINVAL.
 */
int decode_count(const struct nlmsghdr *nlh, uint64_t *count)
{
	struct nlattr *tb[IPVS_EXT_ATTR_MAX + 1];

	if (parse_ext(nlh, tb) || !tb[IPVS_EXT_ATTR_COUNT])
		return -EINVAL;
	*count = nla_get_u64(tb[IPVS_EXT_ATTR_COUNT]);
	return 0;
}

/**
 * decode_op_index() - which operation of a transaction was refused
 * @nlh: reply to COMMIT
 * @index: the answer, from 0
 *
 * Return: 0 or -EINVAL.
 */
int decode_op_index(const struct nlmsghdr *nlh, uint32_t *index)
{
	struct nlattr *tb[IPVS_EXT_ATTR_MAX + 1];

	if (parse_ext(nlh, tb) || !tb[IPVS_EXT_ATTR_OP_INDEX])
		return -EINVAL;
	*index = nla_get_u32(tb[IPVS_EXT_ATTR_OP_INDEX]);
	return 0;
}

/**
 * decode_record() - a service, or a server behind the name of its service
 * @nlh: a reply to GET_TABLE
 * @record: its nests
 *
 * Return: 0 or -EINVAL.
 */
int decode_record(const struct nlmsghdr *nlh, struct record *record)
{
	struct nlattr *tb[IPVS_EXT_ATTR_MAX + 1];

	if (parse_ext(nlh, tb) || !tb[IPVS_EXT_ATTR_SERVICE])
		return -EINVAL;
	record->svc = tb[IPVS_EXT_ATTR_SERVICE];
	record->dst = tb[IPVS_EXT_ATTR_DEST];
	return 0;
}

static void get_endpoint(struct nlattr *addr, struct nlattr *port, uint16_t af,
			 struct endpoint *ep)
{
	memset(ep, 0, sizeof(*ep));
	ep->af = af;
	nla_memcpy(&ep->addr, addr, sizeof(ep->addr));
	ep->port = ntohs(nla_get_u16(port));
}

/* Data of a persistence engine may be any bytes; they are escaped. */
static const char *pe_text(struct nlattr *attr)
{
	static char text[PE_TEXT];
	const uint8_t *data = nla_data(attr);
	char *to = text;

	for (int i = 0; i < nla_len(attr); i++) {
		if (to - text > PE_TEXT - 5)
			break;
		if (isgraph(data[i]) && data[i] != '\\')
			*to++ = data[i];
		else
			to += sprintf(to, "\\x%02x", data[i]);
	}
	*to = '\0';
	return text;
}

static void get_engine(struct nlattr **tb, struct conn *conn)
{
	conn->pe = NULL;
	conn->pe_data = NULL;
	if (!tb[IPVS_EXT_CONN_ATTR_PE_NAME] || !tb[IPVS_EXT_CONN_ATTR_PE_DATA])
		return;
	conn->pe = nla_get_string(tb[IPVS_EXT_CONN_ATTR_PE_NAME]);
	conn->pe_data = pe_text(tb[IPVS_EXT_CONN_ATTR_PE_DATA]);
}

static int decode_conn(struct nlattr *nest, struct conn *conn)
{
	static const uint8_t needed[] = {
		IPVS_EXT_CONN_ATTR_AF, IPVS_EXT_CONN_ATTR_PROTOCOL,
		IPVS_EXT_CONN_ATTR_CADDR, IPVS_EXT_CONN_ATTR_VADDR,
		IPVS_EXT_CONN_ATTR_DADDR, IPVS_EXT_CONN_ATTR_CPORT,
		IPVS_EXT_CONN_ATTR_VPORT, IPVS_EXT_CONN_ATTR_DPORT,
		IPVS_EXT_CONN_ATTR_STATE, IPVS_EXT_CONN_ATTR_EXPIRES,
	};
	struct nlattr *tb[IPVS_EXT_CONN_ATTR_MAX + 1];
	uint16_t af, daf;

	if (nla_parse_nested(tb, IPVS_EXT_CONN_ATTR_MAX, nest,
			     conn_policy) < 0)
		return -EINVAL;
	for (size_t i = 0; i < sizeof(needed); i++)
		if (!tb[needed[i]])
			return -EINVAL;
	af = nla_get_u16(tb[IPVS_EXT_CONN_ATTR_AF]);
	daf = af;
	if (tb[IPVS_EXT_CONN_ATTR_DEST_AF])
		daf = nla_get_u16(tb[IPVS_EXT_CONN_ATTR_DEST_AF]);
	get_endpoint(tb[IPVS_EXT_CONN_ATTR_CADDR],
		     tb[IPVS_EXT_CONN_ATTR_CPORT], af, &conn->client);
	get_endpoint(tb[IPVS_EXT_CONN_ATTR_VADDR],
		     tb[IPVS_EXT_CONN_ATTR_VPORT], af, &conn->vip);
	get_endpoint(tb[IPVS_EXT_CONN_ATTR_DADDR],
		     tb[IPVS_EXT_CONN_ATTR_DPORT], daf, &conn->dest);
	conn->number = nla_get_u8(tb[IPVS_EXT_CONN_ATTR_PROTOCOL]);
	conn->protocol = protocol_name(conn->number);
	conn->state = nla_get_string(tb[IPVS_EXT_CONN_ATTR_STATE]);
	conn->expires = nla_get_u32(tb[IPVS_EXT_CONN_ATTR_EXPIRES]) / 1000;
	get_engine(tb, conn);
	return 0;
}

/**
 * decode_conns() - the connections in a message
 * @nlh: a reply to GET_CONN
 * @take: takes each; it lasts until this returns
 * @arg: for @take
 *
 * Return: 0, -EINVAL, or what @take said.
 */
int decode_conns(const struct nlmsghdr *nlh,
		 int (*take)(const struct conn *conn, void *arg), void *arg)
{
	struct nlattr *attr;
	struct conn conn;
	int left, err;

	if (!nlmsg_valid_hdr(message_unconst(nlh), GENL_HDRLEN))
		return -EINVAL;
	nlmsg_for_each_attr(attr, message_unconst(nlh), GENL_HDRLEN, left) {
		if (nla_type(attr) != IPVS_EXT_ATTR_CONN)
			continue;
		err = decode_conn(attr, &conn);
		if (!err)
			err = take(&conn, arg);
		if (err)
			return err;
	}
	return 0;
}

/**
 * decode_drops() - what was dropped, of one service or of all
 * @nlh: a reply to GET_DROPS
 * @drops: the result
 *
 * Return: 0 or -EINVAL.
 */
int decode_drops(const struct nlmsghdr *nlh, struct drops *drops)
{
	struct nlattr *tb[IPVS_EXT_ATTR_MAX + 1];
	struct nlattr *attr;
	int left;

	memset(drops, 0, sizeof(*drops));
	if (parse_ext(nlh, tb) || !tb[IPVS_EXT_ATTR_DROPS])
		return -EINVAL;
	drops->has_service = tb[IPVS_EXT_ATTR_SERVICE];
	if (drops->has_service &&
	    decode_service_id(tb[IPVS_EXT_ATTR_SERVICE], &drops->svc))
		return -EINVAL;
	nla_for_each_nested(attr, tb[IPVS_EXT_ATTR_DROPS], left) {
		if (nla_type(attr) < DROP_REASONS &&
		    nla_len(attr) >= (int)sizeof(uint64_t))
			drops->n[nla_type(attr)] = nla_get_u64(attr);
	}
	return 0;
}

/* A deleted service may be reported without properties. */
static int get_service(struct nlattr *nest, struct event *event)
{
	event->svc_id = decode_service_config(nest, &event->svc);
	if (event->svc_id && decode_service_id(nest, &event->svc))
		return -EINVAL;
	event->has_service = true;
	return 0;
}

static int get_dest(struct nlattr *nest, struct event *event)
{
	uint16_t af = event->svc.vip.af;

	event->dst_id = decode_dest_nest(nest, af, &event->dst);
	if (event->dst_id && decode_dest_id(nest, af, &event->dst))
		return -EINVAL;
	event->has_dest = true;
	return 0;
}

/**
 * decode_event() - something that happened
 * @nlh: an EVENT message
 * @event: the result; points into @nlh
 *
 * Return: 0 or -EINVAL.
 */
int decode_event(const struct nlmsghdr *nlh, struct event *event)
{
	struct nlattr *tb[IPVS_EXT_ATTR_MAX + 1];

	memset(event, 0, sizeof(*event));
	if (parse_ext(nlh, tb) || !tb[IPVS_EXT_ATTR_EVENT_TYPE])
		return -EINVAL;
	event->type = nla_get_u32(tb[IPVS_EXT_ATTR_EVENT_TYPE]);
	event->has_daemon = tb[IPVS_EXT_ATTR_DAEMON];
	event->has_conn = tb[IPVS_EXT_ATTR_CONN];
	event->has_generation = tb[IPVS_EXT_ATTR_GENERATION];
	if (event->has_generation)
		event->generation = nla_get_u32(tb[IPVS_EXT_ATTR_GENERATION]);
	if ((tb[IPVS_EXT_ATTR_SERVICE] &&
	     get_service(tb[IPVS_EXT_ATTR_SERVICE], event)) ||
	    (tb[IPVS_EXT_ATTR_DEST] &&
	     get_dest(tb[IPVS_EXT_ATTR_DEST], event)) ||
	    (event->has_daemon &&
	     decode_daemon_nest(tb[IPVS_EXT_ATTR_DAEMON], &event->daemon)) ||
	    (event->has_conn &&
	     decode_conn(tb[IPVS_EXT_ATTR_CONN], &event->conn)))
		return -EINVAL;
	return 0;
}
