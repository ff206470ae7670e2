// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of protocols: every row is complete, and what it says of memory
 * pressure.
 */
#include "dataplane_tests.h"
#include "packet.h"
#include "proto/proto.h"
#include "proto/rows.h"
#include "proto/states.h"

/* The column of listings, and half of a byte of ip_vs_conn.synced. */
#define NAME_LONGEST 11
#define STATES_MOST 16

#define TIMEOUTS (sizeof(struct ip_vs_timeouts) / sizeof(u32))

static const u8 known[] = {
	IPPROTO_IP, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP,
	IPPROTO_ICMPV6, IPPROTO_AH, IPPROTO_ESP,
};

static bool is_known(u8 proto)
{
	return memchr(known, proto, sizeof(known));
}

static void numbers(void)
{
	const struct ip_vs_proto *row;
	unsigned int proto;
	char buf[8];

	for (proto = 0; proto < 256; proto++) {
		row = ip_vs_proto_row(proto);
		if (is_known(proto)) {
			CHECK(row->number == proto, "%u has the row of %u",
			      proto, row->number);
			continue;
		}
		CHECK(!row->name && !row->stateless && !row->states &&
		      !row->n_states && !row->established && !row->timeouts &&
		      !row->ports && !row->connectionless &&
		      !row->header_len && !row->number, "%u has a row", proto);
		CHECK(!ip_vs_proto_state(proto, 0), "%u has a state", proto);
		CHECK(!strcmp(ip_vs_proto_state_name(proto, 0, 0), "ERR!"),
		      "state of %u", proto);
		CHECK(!strncmp(ip_vs_proto_name(proto, buf, sizeof(buf)),
			       "IP_", 3), "name of %u", proto);
	}
	CHECK(!strcmp(ip_vs_proto_state_name(IPPROTO_IP, 0, 0), "NONE"), "IP");
}

static void check_state(const struct ip_vs_proto *row, u8 state)
{
	const struct ip_vs_state *s = ip_vs_proto_state(row->number, state);
	u8 other;

	CHECK(s == &row->states[state], "%u: state %u", row->number, state);
	CHECK(s->name && *s->name && strlen(s->name) <= NAME_LONGEST,
	      "%u: name of state %u", row->number, state);
	CHECK(s->pressure <= IP_VS_PRESSURE_DROP, "%u: %s", row->number,
	      s->name);
	CHECK(s->reuse <= IP_VS_REUSE_YES, "%u: %s", row->number, s->name);
	for (other = 0; other < state; other++)
		CHECK(strcmp(s->name, row->states[other].name),
		      "%u: two states %s", row->number, s->name);
}

/* What is balanced has a timeout for each state, in a place of its own. */
static void check_balanced(const struct ip_vs_proto *row, bool taken[TIMEOUTS])
{
	const struct ip_vs_state *established = &row->states[row->established];
	struct ip_vs_timeouts t;
	u8 state;

	CHECK(row->name && *row->name, "%u: name", row->number);
	CHECK(row->header_len >= IP_VS_PORTS_LEN, "%s: header", row->name);
	CHECK(row->n_states, "%s: no states", row->name);
	CHECK(established->told, "%s: established is told", row->name);
	CHECK(established->active == !row->connectionless, "%s: active",
	      row->name);
	CHECK(ip_vs_proto_has_ports(row->number), "%s: ports", row->name);
	ip_vs_timeouts_init(&t);
	for (state = 0; state < row->n_states; state++) {
		unsigned int place = row->timeouts + state;
		u32 seconds = row->states[state].seconds;

		CHECK(seconds, "%s: timeout of %s", row->name,
		      row->states[state].name);
		CHECK(place < TIMEOUTS && !taken[place], "%s: place of %s",
		      row->name, row->states[state].name);
		taken[place] = true;
		CHECK(((u32 *)&t)[place] == seconds * HZ, "%s: default of %s",
		      row->name, row->states[state].name);
		CHECK(ip_vs_proto_timeout(&t, row->number, state) ==
		      seconds * HZ, "%s: timeout of %s", row->name,
		      row->states[state].name);
	}
	CHECK(!ip_vs_proto_timeout(&t, row->number, row->n_states),
	      "%s: timeout of no state", row->name);
}

/* What follows the key exchange has nothing of its own to rewrite or to wait
 * for.
 */
static void check_ike(const struct ip_vs_proto *row)
{
	struct ip_vs_timeouts t;
	u8 state;

	CHECK(!row->header_len && !row->connectionless, "%u: header",
	      row->number);
	CHECK(!ip_vs_proto_has_ports(row->number), "%u: ports", row->number);
	ip_vs_timeouts_init(&t);
	for (state = 0; state < row->n_states; state++)
		CHECK(!ip_vs_proto_timeout(&t, row->number, state),
		      "%u: timeout of state %u", row->number, state);
}

static void complete(void)
{
	bool taken[TIMEOUTS] = {};
	unsigned int i, state, balanced = 0;

	for (i = 0; i < sizeof(known); i++) {
		const struct ip_vs_proto *row = ip_vs_proto_row(known[i]);

		CHECK(!row->n_states == !row->states, "%u: states", known[i]);
		CHECK(row->n_states <= STATES_MOST, "%u: %u states", known[i],
		      row->n_states);
		CHECK(!row->n_states || row->established < row->n_states,
		      "%u: established", known[i]);
		for (state = 0; state < row->n_states; state++)
			check_state(row, state);
		for (; state < 256; state++)
			CHECK(!ip_vs_proto_state(known[i], state),
			      "%u: state %u", known[i], state);
		switch (row->ports) {
		case IP_VS_PORTS_OWN:
			check_balanced(row, taken);
			balanced++;
			break;
		case IP_VS_PORTS_IKE:
			check_ike(row);
			break;
		default:
			CHECK(row->ports == IP_VS_PORTS_NONE &&
			      !row->n_states && !row->header_len,
			      "%u is not balanced", known[i]);
		}
	}
	CHECK(balanced == 3, "%u are balanced", balanced);
	for (i = 0; i < TIMEOUTS; i++)
		CHECK(taken[i], "timeout %u is no state's", i);
}

/* Spec: what drop_entry ends at once, what if it has been idle, and what not. */
static void pressure(void)
{
	static const struct {
		u8 proto, state, pressure;
	} rows[] = {
		{ IPPROTO_TCP, IP_VS_TCP_SYN_RECV, IP_VS_PRESSURE_DROP },
		{ IPPROTO_TCP, IP_VS_TCP_SYNACK, IP_VS_PRESSURE_DROP },
		{ IPPROTO_TCP, IP_VS_TCP_ESTABLISHED, IP_VS_PRESSURE_DROP_IDLE },
		{ IPPROTO_UDP, IP_VS_UDP_NORMAL, IP_VS_PRESSURE_DROP_IDLE },
		{ IPPROTO_SCTP, IP_VS_SCTP_INIT1, IP_VS_PRESSURE_DROP },
		{ IPPROTO_SCTP, IP_VS_SCTP_INIT, IP_VS_PRESSURE_DROP },
		{ IPPROTO_SCTP, IP_VS_SCTP_ESTABLISHED, IP_VS_PRESSURE_DROP_IDLE },
	};
	unsigned int i, proto, state, n = 0;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		CHECK(ip_vs_proto_state(rows[i].proto, rows[i].state)->pressure ==
		      rows[i].pressure, "row %u", i);
	for (proto = 0; proto < 256; proto++)
		for (state = 0; state < ip_vs_proto_row(proto)->n_states; state++)
			n += ip_vs_proto_state(proto, state)->pressure !=
			     IP_VS_PRESSURE_KEEP;
	CHECK(n == ARRAY_SIZE(rows), "%u states may be dropped", n);
}

/* Packets that end a connection at once: RST, ABORT as the first chunk. */
static void aborts(void)
{
	struct ip_vs_packet pkt = { .has_l4 = true };
	unsigned int proto, byte;

	for (proto = 0; proto < 256; proto++)
		for (byte = 0; byte < 256; byte++) {
			pkt.proto = proto;
			pkt.tcp_flags = proto == IPPROTO_TCP ? byte : 0;
			pkt.chunk = proto == IPPROTO_SCTP ? byte : 0;
			CHECK(ip_vs_proto_aborts(&pkt) ==
			      ((proto == IPPROTO_TCP && byte & 0x04) ||
			       (proto == IPPROTO_SCTP && byte == 6)),
			      "%u %02x", proto, byte);
		}
}

const struct test rows_tests[] = {
	{ "rows: each protocol finds its own, others an empty one", numbers },
	{ "rows: every row is complete", complete },
	{ "rows: what may be dropped under memory pressure", pressure },
	{ "rows: what ends a connection at once", aborts },
	{}
};
