// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests of the families IPVS and IPVS_EXT, drawn from their attribute trees.
 *
 * A row says of an attribute what is in it and in which requests it belongs.  An
 * attribute that the headers know and no row here is sent with random bytes.  The
 * world is small: few addresses, ports and marks, so that most requests are about
 * something that is there.
 */
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#include "../../include/uapi/linux/ip_vs_ext.h"
#include "ctlfuzz.h"

/* In which requests an attribute is. */
enum { RARE, ID = 1, FULL = 2, BOTH = ID | FULL };

/* What is in it. */
enum kind {
	NOISE, ANY8, ANY16, ANY32, FAMILY, DEST_FAMILY, PROTO16, PROTO8, VADDR,
	DADDR, GROUP6, PORT, DEST_PORT, MARK, SCHEDULER, ENGINE, FLAGS, SECONDS,
	NETMASK, METHOD, WEIGHT, THRESHOLD, TUNNEL, DAEMON, INTERFACE, STATE,
	PREFIX, EVENTS, NEST, OPERATIONS,
};

struct tree;

struct row {
	uint8_t type, kind, when;
	const struct tree *nest;
};

struct tree {
	unsigned int n, max;
	const struct row *rows;
};

#define TREE(_name, _max, ...)						\
	static const struct row _name##_rows[] = { __VA_ARGS__ };	\
	static const struct tree _name = {				\
		ARRAY_SIZE(_name##_rows), _max, _name##_rows,		\
	}

TREE(stats, IPVS_STATS_ATTR_MAX, { IPVS_STATS_ATTR_CONNS, ANY32, BOTH, NULL });

TREE(service, IPVS_SVC_ATTR_MAX,
     { IPVS_SVC_ATTR_AF, FAMILY, BOTH, NULL },
     { IPVS_SVC_ATTR_PROTOCOL, PROTO16, BOTH, NULL },
     { IPVS_SVC_ATTR_ADDR, VADDR, BOTH, NULL },
     { IPVS_SVC_ATTR_PORT, PORT, BOTH, NULL },
     { IPVS_SVC_ATTR_FWMARK, MARK, BOTH, NULL },
     { IPVS_SVC_ATTR_SCHED_NAME, SCHEDULER, FULL, NULL },
     { IPVS_SVC_ATTR_FLAGS, FLAGS, FULL, NULL },
     { IPVS_SVC_ATTR_TIMEOUT, SECONDS, FULL, NULL },
     { IPVS_SVC_ATTR_NETMASK, NETMASK, FULL, NULL },
     { IPVS_SVC_ATTR_STATS, NEST, RARE, &stats },
     { IPVS_SVC_ATTR_PE_NAME, ENGINE, RARE, NULL },
     { IPVS_SVC_ATTR_STATS64, NEST, RARE, &stats });

TREE(dest, IPVS_DEST_ATTR_MAX,
     { IPVS_DEST_ATTR_ADDR, DADDR, BOTH, NULL },
     { IPVS_DEST_ATTR_PORT, DEST_PORT, BOTH, NULL },
     { IPVS_DEST_ATTR_FWD_METHOD, METHOD, FULL, NULL },
     { IPVS_DEST_ATTR_WEIGHT, WEIGHT, FULL, NULL },
     { IPVS_DEST_ATTR_U_THRESH, THRESHOLD, FULL, NULL },
     { IPVS_DEST_ATTR_L_THRESH, THRESHOLD, FULL, NULL },
     { IPVS_DEST_ATTR_ACTIVE_CONNS, ANY32, RARE, NULL },
     { IPVS_DEST_ATTR_INACT_CONNS, ANY32, RARE, NULL },
     { IPVS_DEST_ATTR_PERSIST_CONNS, ANY32, RARE, NULL },
     { IPVS_DEST_ATTR_STATS, NEST, RARE, &stats },
     { IPVS_DEST_ATTR_ADDR_FAMILY, DEST_FAMILY, BOTH, NULL },
     { IPVS_DEST_ATTR_STATS64, NEST, RARE, &stats },
     { IPVS_DEST_ATTR_TUN_TYPE, TUNNEL, FULL, NULL },
     { IPVS_DEST_ATTR_TUN_PORT, DEST_PORT, FULL, NULL },
     { IPVS_DEST_ATTR_TUN_FLAGS, ANY16, RARE, NULL });

TREE(daemon, IPVS_DAEMON_ATTR_MAX,
     { IPVS_DAEMON_ATTR_STATE, DAEMON, BOTH, NULL },
     { IPVS_DAEMON_ATTR_MCAST_IFN, INTERFACE, BOTH, NULL },
     { IPVS_DAEMON_ATTR_SYNC_ID, ANY8, RARE, NULL },
     { IPVS_DAEMON_ATTR_SYNC_MAXLEN, ANY16, RARE, NULL },
     { IPVS_DAEMON_ATTR_MCAST_GROUP, ANY32, RARE, NULL },
     { IPVS_DAEMON_ATTR_MCAST_GROUP6, GROUP6, RARE, NULL },
     { IPVS_DAEMON_ATTR_MCAST_PORT, ANY16, RARE, NULL },
     { IPVS_DAEMON_ATTR_MCAST_TTL, ANY8, RARE, NULL });

TREE(filter, IPVS_EXT_FILTER_ATTR_MAX,
     { IPVS_EXT_FILTER_ATTR_AF, FAMILY, RARE, NULL },
     { IPVS_EXT_FILTER_ATTR_PROTOCOL, PROTO8, RARE, NULL },
     { IPVS_EXT_FILTER_ATTR_VADDR, VADDR, RARE, NULL },
     { IPVS_EXT_FILTER_ATTR_VPORT, PORT, RARE, NULL },
     { IPVS_EXT_FILTER_ATTR_FWMARK, MARK, RARE, NULL },
     { IPVS_EXT_FILTER_ATTR_DEST_AF, DEST_FAMILY, RARE, NULL },
     { IPVS_EXT_FILTER_ATTR_DADDR, DADDR, RARE, NULL },
     { IPVS_EXT_FILTER_ATTR_DPORT, DEST_PORT, RARE, NULL },
     { IPVS_EXT_FILTER_ATTR_CADDR, VADDR, RARE, NULL },
     { IPVS_EXT_FILTER_ATTR_CPREFIX, PREFIX, RARE, NULL },
     { IPVS_EXT_FILTER_ATTR_CPORT, PORT, RARE, NULL },
     { IPVS_EXT_FILTER_ATTR_STATE, STATE, RARE, NULL },
     { IPVS_EXT_FILTER_ATTR_TEMPLATES, ANY8, RARE, NULL },
     { IPVS_EXT_FILTER_ATTR_SERVICE, NEST, RARE, &service });

/* Its command is put by put_operations(). */
TREE(operation, IPVS_EXT_OP_ATTR_MAX,
     { IPVS_EXT_OP_ATTR_COMMAND, ANY8, RARE, NULL },
     { IPVS_EXT_OP_ATTR_SERVICE, NEST, RARE, &service },
     { IPVS_EXT_OP_ATTR_DEST, NEST, RARE, &dest });

TREE(old_top, IPVS_CMD_ATTR_MAX,
     { IPVS_CMD_ATTR_SERVICE, NEST, RARE, &service },
     { IPVS_CMD_ATTR_DEST, NEST, RARE, &dest },
     { IPVS_CMD_ATTR_DAEMON, NEST, RARE, &daemon },
     { IPVS_CMD_ATTR_TIMEOUT_TCP, SECONDS, RARE, NULL },
     { IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, SECONDS, RARE, NULL },
     { IPVS_CMD_ATTR_TIMEOUT_UDP, SECONDS, RARE, NULL });

TREE(ext_top, IPVS_EXT_ATTR_MAX,
     { IPVS_EXT_ATTR_SERVICE, NEST, RARE, &service },
     { IPVS_EXT_ATTR_DEST, NEST, RARE, &dest },
     { IPVS_EXT_ATTR_DAEMON, NEST, RARE, &daemon },
     { IPVS_EXT_ATTR_GENERATION, ANY32, RARE, NULL },
     { IPVS_EXT_ATTR_FILTER, NEST, RARE, &filter },
     { IPVS_EXT_ATTR_OPS, OPERATIONS, RARE, &operation },
     { IPVS_EXT_ATTR_EVENTS, EVENTS, RARE, NULL });

static const struct tree *const top[FAMILIES] = { &old_top, &ext_top };

/* Commands, what belongs into them, and how often they are drawn. */
struct command {
	uint8_t command, weight;
	enum { CHANGES, READS, DUMPS } sort;
	uint8_t when;			/* a service or server: its identity or all */
	uint32_t takes;			/* attributes: bits */
};

#define OLD(_name) (1U << IPVS_CMD_ATTR_##_name)
#define EXT(_name) (1U << IPVS_EXT_ATTR_##_name)

static const struct command old_commands[] = {
	{ IPVS_CMD_NEW_SERVICE, 12, CHANGES, FULL, OLD(SERVICE) },
	{ IPVS_CMD_SET_SERVICE, 8, CHANGES, FULL, OLD(SERVICE) },
	{ IPVS_CMD_DEL_SERVICE, 2, CHANGES, ID, OLD(SERVICE) },
	{ IPVS_CMD_GET_SERVICE, 3, READS, ID, OLD(SERVICE) },
	{ IPVS_CMD_GET_SERVICE, 4, DUMPS, ID, 0 },
	{ IPVS_CMD_NEW_DEST, 16, CHANGES, FULL, OLD(SERVICE) | OLD(DEST) },
	{ IPVS_CMD_SET_DEST, 12, CHANGES, FULL, OLD(SERVICE) | OLD(DEST) },
	{ IPVS_CMD_DEL_DEST, 5, CHANGES, ID, OLD(SERVICE) | OLD(DEST) },
	{ IPVS_CMD_GET_DEST, 4, DUMPS, ID, OLD(SERVICE) },
	{ IPVS_CMD_NEW_DAEMON, 2, CHANGES, ID, OLD(DAEMON) },
	{ IPVS_CMD_DEL_DAEMON, 2, CHANGES, ID, OLD(DAEMON) },
	{ IPVS_CMD_GET_DAEMON, 2, DUMPS, ID, 0 },
	{ IPVS_CMD_SET_CONFIG, 2, CHANGES, ID,
	  OLD(TIMEOUT_TCP) | OLD(TIMEOUT_TCP_FIN) | OLD(TIMEOUT_UDP) },
	{ IPVS_CMD_GET_CONFIG, 1, READS, ID, 0 },
	{ IPVS_CMD_SET_INFO, 1, CHANGES, ID, 0 },
	{ IPVS_CMD_GET_INFO, 1, READS, ID, 0 },
	{ IPVS_CMD_ZERO, 2, CHANGES, ID, OLD(SERVICE) },
	{ IPVS_CMD_FLUSH, 1, CHANGES, ID, 0 },
};

static const struct command ext_commands[] = {
	{ IPVS_EXT_CMD_GET_INFO, 2, READS, ID, 0 },
	{ IPVS_EXT_CMD_GET_TABLE, 6, DUMPS, ID, 0 },
	{ IPVS_EXT_CMD_GET_TABLE, 3, DUMPS, ID, EXT(SERVICE) },
	{ IPVS_EXT_CMD_GET_CONN, 6, DUMPS, ID, EXT(FILTER) },
	{ IPVS_EXT_CMD_KILL_CONN, 3, READS, ID, EXT(FILTER) },
	{ IPVS_EXT_CMD_GET_DROPS, 3, DUMPS, ID, 0 },
	{ IPVS_EXT_CMD_BEGIN, 16, READS, ID, 0 },
	{ IPVS_EXT_CMD_STAGE, 40, READS, ID, EXT(OPS) },
	{ IPVS_EXT_CMD_COMMIT, 12, CHANGES, ID, 0 },
	{ IPVS_EXT_CMD_COMMIT, 1, CHANGES, ID, EXT(GENERATION) },
	{ IPVS_EXT_CMD_ABORT, 2, READS, ID, 0 },
	{ IPVS_EXT_CMD_EVENT, 1, READS, ID, EXT(SERVICE) },
	{ IPVS_EXT_CMD_LISTEN, 4, READS, ID, EXT(EVENTS) },
};

static const uint8_t operations[] = {
	IPVS_CMD_NEW_SERVICE, IPVS_CMD_NEW_SERVICE, IPVS_CMD_SET_SERVICE,
	IPVS_CMD_DEL_SERVICE, IPVS_CMD_NEW_DEST, IPVS_CMD_NEW_DEST,
	IPVS_CMD_NEW_DEST, IPVS_CMD_SET_DEST, IPVS_CMD_SET_DEST, IPVS_CMD_DEL_DEST,
};

/* What a request is about, redrawn for each and for each operation. */
static struct {
	bool v6, mark, dest_v6;
	bool spoilt;		/* some of it is not as it should be */
} shape;

static void shape_draw(void)
{
	shape.v6 = rarely(4);
	shape.mark = rarely(5);
	shape.dest_v6 = rarely(8) ? !shape.v6 : shape.v6;
}

void put(struct message *m, const void *data, unsigned int len)
{
	if (m->len + len > sizeof(m->data))
		return;
	if (len)
		memcpy(m->data + m->len, data, len);
	m->len += len;
}

/* --- values --- */

static unsigned int value32(uint8_t *to, uint32_t value, unsigned int size)
{
	memcpy(to, &value, size);
	return size;
}

static unsigned int port_of(uint8_t *to, uint16_t value)
{
	value = htons(rarely(30) ? number() : value);
	memcpy(to, &value, sizeof(value));
	return sizeof(value);
}

/* An address whose last byte is one of a few; those of IPv4 are given long or short. */
static unsigned int address(uint8_t *to, bool v6, uint8_t last)
{
	static const uint8_t odd[][4] = {
		{ 0, 0, 0, 0 }, { 255, 255, 255, 255 }, { 224, 0, 0, 1 },
		{ 127, 0, 0, 1 }, { 10, 0, 0, 255 }, { 10, 77, 1, 2 },
	};
	const uint8_t v4[4] = { 10, 0, 0, last };

	memset(to, 0, 16);
	if (v6) {
		to[0] = 0xfd;
		to[15] = last;
		if (rarely(20))
			noise(to, 16);
		return 16;
	}
	memcpy(to, rarely(20) ? odd[draw(ARRAY_SIZE(odd))] : v4, 4);
	return rarely(2) ? 16 : 4;
}

static unsigned int text(uint8_t *to, const char *const *words, unsigned int n)
{
	static const char *const odd[] = {
		"", "nosuch", "xxxxxxxxxxxxxxx", "xxxxxxxxxxxxxxxx", "%n%s", "../..",
		"\xff\xfe", "a b",
	};
	const char *word = rarely(30) ? odd[draw(ARRAY_SIZE(odd))] : words[draw(n)];
	unsigned int len = strlen(word);

	memcpy(to, word, len + 1);
	return len + !rarely(30);
}

#define TEXT(...) \
	text(to, (const char *const[]){ __VA_ARGS__ }, \
	     ARRAY_SIZE(((const char *const[]){ __VA_ARGS__ })))

static uint32_t flags(void)
{
	return rarely(6) ? number() : draw(4) ? 0 : IP_VS_SVC_F_PERSISTENT;
}

/* Small numbers mostly, and none. */
static uint32_t few(void)
{
	return rarely(12) ? number() : draw(3) ? 0 : draw(8);
}

/* Writes a value of up to 64 bytes and returns its length. */
static unsigned int value(uint8_t *to, enum kind kind)
{
	static const uint8_t proto[] = { 6, 6, 17, 17, 17, 132, 47, 0 };

	switch (kind) {
	case FAMILY:
		return value32(to, rarely(40) ? number() : shape.v6 ? AF_INET6 : AF_INET, 2);
	case DEST_FAMILY:
		return value32(to, rarely(40) ? number() :
			       shape.dest_v6 ? AF_INET6 : AF_INET, 2);
	case PROTO16:
		return value32(to, proto[draw(ARRAY_SIZE(proto))], 2);
	case PROTO8:
		return value32(to, proto[draw(ARRAY_SIZE(proto))], 1);
	case VADDR:
		return address(to, shape.v6, rarely(2) ? 1 : 5);
	case DADDR:
		return address(to, shape.dest_v6, 11 + draw(6));
	case GROUP6:
		noise(to, 16);
		to[0] = 0xff;
		return 16;
	case PORT:
		return port_of(to, PICK(uint16_t, 53, 53, 80, 21, 0));
	case DEST_PORT:
		return port_of(to, PICK(uint16_t, 53, 80, 8080, 0));
	case MARK:
		return value32(to, rarely(40) ? number() : 1 + draw(2), 4);
	case SCHEDULER:
		return TEXT("rr", "wrr", "lc", "wlc", "sh", "dh", "mh", "sed", "nq", "fo",
			    "ovf", "lblc", "lblcr", "twos", "none");
	case ENGINE:
		return TEXT("", "sip", "nosuch");
	case FLAGS:
		value32(to, flags(), 4);
		return 4 + value32(to + 4, rarely(8) ? number() : ~0U, 4);
	case SECONDS:
		return value32(to, rarely(20) ? number() :
			       PICK(uint32_t, 0, 1, 300, 900), 4);
	case NETMASK:
		return value32(to, rarely(8) ? number() : shape.v6 ? 128 : ~0U, 4);
	case METHOD:
		return value32(to, rarely(20) ? number() : draw(5), 4);
	case WEIGHT:
		return value32(to, rarely(12) ? number() : draw(5), 4);
	case THRESHOLD:
		return value32(to, few(), 4);
	case TUNNEL:
		return value32(to, rarely(20) ? number() : draw(3), 1);
	case DAEMON:
		return value32(to, rarely(8) ? number() : 1 + draw(2), 4);
	case INTERFACE:
		return TEXT("d0", "d0", "lo", "gone");
	case STATE:
		return TEXT("ESTABLISHED", "UDP", "SYN_RECV", "NONE", "ASSURED");
	case PREFIX:
		return value32(to, draw(130), 1);
	case EVENTS:
		return value32(to, rarely(20) ? number() : draw(4), 4);
	case ANY8:
		return value32(to, rarely(3) ? number() : draw(9), 1);
	case ANY16:
		return value32(to, rarely(2) ? number() : draw(9), 2);
	case ANY32:
		return value32(to, number(), 4);
	case NOISE:
	case NEST:
	case OPERATIONS:
		break;
	}
	noise(to, 64);
	return draw(40);
}

/* --- attributes --- */

static unsigned int attr_begin(struct message *m, uint16_t type)
{
	const struct nlattr head = { .nla_type = type };
	unsigned int at = m->len;

	put(m, &head, sizeof(head));
	return at;
}

static void attr_end(struct message *m, unsigned int at)
{
	struct nlattr *attr = (struct nlattr *)(m->data + at);

	if (at + sizeof(*attr) > m->len)
		return;
	attr->nla_len = m->len - at;
	put(m, (const uint32_t[]){ 0 }, -m->len & 3);
	if (shape.spoilt && rarely(60))
		attr->nla_len = rarely(2) ? number() : attr->nla_len + draw(9) - 4;
}

static void put_value(struct message *m, uint16_t type, enum kind kind)
{
	unsigned int at = attr_begin(m, type), len;
	uint8_t data[128];

	memset(data, 0, sizeof(data));
	len = value(data, kind);
	if (shape.spoilt && rarely(20))
		len = draw(len + 1);
	else if (shape.spoilt && rarely(20))
		len += draw(9);
	else if (shape.spoilt && rarely(20))
		noise(data, len);
	put(m, data, len);
	if (shape.spoilt && rarely(500)) {
		static const uint8_t much[4096];

		for (unsigned int i = draw(16); i; i--)
			put(m, much, sizeof(much));
	}
	attr_end(m, at);
}

static void put_tree(struct message *m, const struct tree *tree, unsigned int when,
		     uint32_t takes);

static void put_operations(struct message *m, const struct tree *tree)
{
	unsigned int n = rarely(50) ? draw(300) : draw(7), at, inner;

	while (n--) {
		bool spoilt = shape.spoilt;
		uint8_t command = operations[draw(ARRAY_SIZE(operations))];
		bool server = command >= IPVS_CMD_NEW_DEST;
		unsigned int when = command == IPVS_CMD_DEL_SERVICE ||
				    command == IPVS_CMD_DEL_DEST ? ID : FULL;

		shape_draw();
		shape.spoilt = spoilt && rarely(4);
		if (shape.spoilt && rarely(6)) {
			put_value(m, draw(20), NOISE);
			continue;
		}
		at = attr_begin(m, IPVS_EXT_ATTR_OP | NLA_F_NESTED);
		inner = attr_begin(m, IPVS_EXT_OP_ATTR_COMMAND);
		put(m, shape.spoilt && rarely(6) ? (uint8_t[]){ draw(256) } : &command, 1);
		attr_end(m, inner);
		put_tree(m, tree, server ? when | ID : when, 1U << IPVS_EXT_OP_ATTR_SERVICE |
			 (uint32_t)server << IPVS_EXT_OP_ATTR_DEST);
		attr_end(m, at);
		shape.spoilt = spoilt;
	}
}

static void put_row(struct message *m, const struct row *row, unsigned int when)
{
	uint16_t type = row->type;
	unsigned int at;

	if (row->kind < NEST) {
		if (shape.spoilt && rarely(40))
			type |= rarely(2) ? NLA_F_NESTED : NLA_F_NET_BYTEORDER;
		put_value(m, type, row->kind);
		return;
	}
	if (!shape.spoilt || !rarely(20))
		type |= NLA_F_NESTED;
	at = attr_begin(m, type);
	if (row->kind == OPERATIONS)
		put_operations(m, row->nest);
	else
		put_tree(m, row->nest, when, 0);
	attr_end(m, at);
}

static bool row_belongs(const struct tree *tree, const struct row *row,
			unsigned int when, uint32_t takes)
{
	/* A service has a mark, or the rest of an identity. */
	if (tree == &service && row->type == IPVS_SVC_ATTR_FWMARK)
		return shape.mark;
	if (tree == &service && shape.mark && row->type >= IPVS_SVC_ATTR_PROTOCOL &&
	    row->type <= IPVS_SVC_ATTR_PORT)
		return false;
	if (tree == &filter)
		return rarely(5);
	return row->when & when || takes & 1U << row->type;
}

static const struct row *row_of(const struct tree *tree, unsigned int type)
{
	for (unsigned int i = 0; i < tree->n; i++)
		if (tree->rows[i].type == type)
			return &tree->rows[i];
	return NULL;
}

/* @when: which rows of a service's or server's nest; @takes: which of another's */
static void put_tree(struct message *m, const struct tree *tree, unsigned int when,
		     uint32_t takes)
{
	const struct row *row;
	unsigned int type;

	for (type = 0; type <= tree->max; type++) {
		row = row_of(tree, type);
		if (row && row_belongs(tree, row, takes ? 0 : when, takes)) {
			if (shape.spoilt && rarely(30))
				continue;
			put_row(m, row, when);
		}
		if (!shape.spoilt || !rarely(40))
			continue;
		/* another one: twice, not wanted, or nobody's */
		row = row_of(tree, draw(tree->max + 2));
		if (row && row->kind != OPERATIONS)
			put_row(m, row, rarely(2) ? RARE : when);
		else
			put_value(m, draw(tree->max + 4), NOISE);
	}
	if (shape.spoilt && rarely(40))
		put(m, "\1\0\0\0\377\377\377", 1 + draw(7));
}

static const struct command *command_draw(const struct command *commands, unsigned int n)
{
	unsigned int sum = 0, i, at;

	for (i = 0; i < n; i++)
		sum += commands[i].weight;
	at = draw(sum);
	for (i = 0; at >= commands[i].weight; i++)
		at -= commands[i].weight;
	return &commands[i];
}

void message_draw(struct message *m, struct request *r)
{
	struct genlmsghdr head = { .version = 1 };
	const struct command *command;

	r->family = rarely(2);
	command = r->family == IPVS ?
		  command_draw(old_commands, ARRAY_SIZE(old_commands)) :
		  command_draw(ext_commands, ARRAY_SIZE(ext_commands));
	shape_draw();
	shape.spoilt = rarely(3);
	r->command = command->command;
	r->dump = command->sort == DUMPS;
	r->reads = command->sort != CHANGES;
	if (shape.spoilt && rarely(40)) {
		/* another command with these attributes, or none */
		r->command = draw(rarely(3) ? 256 : 20);
		r->reads = false;
	}
	if (shape.spoilt && rarely(40))
		r->dump = !r->dump;
	head.cmd = r->command;
	if (rarely(50))
		head.version = draw(256);
	if (rarely(50))
		head.reserved = draw(65536);
	put(m, &head, sizeof(head));
	if (command->takes && !(r->command == IPVS_CMD_ZERO && rarely(3)))
		put_tree(m, top[r->family], command->when, command->takes);
	if (shape.spoilt && rarely(60))
		m->len -= draw(m->len > 64 ? 64 : m->len);
}
