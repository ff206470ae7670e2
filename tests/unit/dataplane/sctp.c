// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SCTP state machine, cell by cell against the table as the specification
 * prints it, and the checksum.
 */
#include "dataplane_tests.h"
#include "packet.h"
#include "proto/proto.h"
#include "proto/rows.h"
#include "proto/states.h"

/* Copied from spec/data-plane.md, 8.5; columns as @states. */
static const char cells[] =
"| INPUT | DATA | ES | I1 | IN | CS | CR | CW | CO | CE | ES | SS | SR | SA | RJ | CL |\n"
"| INPUT | INIT | I1 | IN | IN | CS | CR | CW | CO | CE | ES | SS | SR | SA | IN | IN |\n"
"| INPUT | INIT-ACK | CW | CW | CW | CS | CR | CO | CO | CE | ES | SS | SR | SA | RJ | CL |\n"
"| INPUT | COOKIE-ECHO | CR | IN | IN | CR | CR | CW | CO | CE | ES | SS | SR | SA | RJ | CL |\n"
"| INPUT | COOKIE-ACK | ES | I1 | IN | CS | CR | CW | CO | ES | ES | SS | SR | SA | RJ | CL |\n"
"| INPUT | SHUTDOWN | SR | I1 | IN | CS | CR | CW | CO | CE | SR | SS | SR | SA | RJ | CL |\n"
"| INPUT | SHUTDOWN-ACK | CL | IN | IN | CS | CR | CW | CO | CE | ES | CL | SR | CL | RJ | CL |\n"
"| INPUT | SHUTDOWN-COMPLETE | CL | CL | CL | CS | CR | CW | CO | CE | ES | SS | SR | CL | RJ | CL |\n"
"| INPUT | ERROR | CL | I1 | IN | CS | CR | CW | CO | CL | ES | SS | SR | SA | RJ | CL |\n"
"| INPUT | ABORT | CL | CL | CL | CL | CL | RJ | CL | CL | CL | CL | CL | CL | CL | CL |\n"
"| OUTPUT | DATA | ES | I1 | IN | CS | CR | CW | CO | CE | ES | SS | SR | SA | RJ | CL |\n"
"| OUTPUT | INIT | CW | CW | CW | CW | CW | CW | CW | CW | ES | CW | CW | CW | CW | CW |\n"
"| OUTPUT | INIT-ACK | CS | CS | CS | CS | CR | CW | CO | CE | ES | SS | SR | SA | RJ | CL |\n"
"| OUTPUT | COOKIE-ECHO | CE | CE | CE | CE | CE | CE | CE | CE | ES | SS | SR | SA | RJ | CL |\n"
"| OUTPUT | COOKIE-ACK | ES | ES | ES | ES | ES | ES | ES | ES | ES | SS | SR | SA | RJ | CL |\n"
"| OUTPUT | SHUTDOWN | SS | SS | SS | SS | SS | SS | SS | SS | SS | SS | SR | SA | RJ | CL |\n"
"| OUTPUT | SHUTDOWN-ACK | SA | SA | SA | SA | SA | CW | CO | CE | ES | SA | SA | SA | RJ | CL |\n"
"| OUTPUT | SHUTDOWN-COMPLETE | CL | I1 | IN | CS | CR | CW | CO | CE | ES | SS | SR | SA | RJ | CL |\n"
"| OUTPUT | ERROR | CL | CL | CL | CL | CL | CW | CO | CE | ES | SS | SR | SA | RJ | CL |\n"
"| OUTPUT | ABORT | CL | RJ | CL | CL | CL | CL | CL | CL | CL | CL | CL | CL | CL | CL |\n"
"| INPUT-ONLY | DATA | ES | I1 | IN | CS | CR | ES | CO | CE | ES | SS | SR | SA | RJ | CL |\n"
"| INPUT-ONLY | INIT | I1 | IN | IN | IN | IN | IN | CO | CE | ES | SS | SR | SA | IN | IN |\n"
"| INPUT-ONLY | INIT-ACK | CE | CE | CE | CE | CE | CE | CO | CE | ES | SS | SR | SA | RJ | CL |\n"
"| INPUT-ONLY | COOKIE-ECHO | ES | ES | ES | ES | ES | ES | CO | CE | ES | SS | SR | SA | RJ | CL |\n"
"| INPUT-ONLY | COOKIE-ACK | ES | I1 | IN | ES | ES | CW | ES | ES | ES | SS | SR | SA | RJ | CL |\n"
"| INPUT-ONLY | SHUTDOWN | SR | I1 | IN | CS | CR | CW | CO | CE | SR | SS | SR | SA | RJ | CL |\n"
"| INPUT-ONLY | SHUTDOWN-ACK | CL | IN | IN | CS | CR | CW | CO | CE | CL | CL | SR | CL | RJ | CL |\n"
"| INPUT-ONLY | SHUTDOWN-COMPLETE | CL | CL | CL | CL | CL | CW | CO | CE | ES | SS | CL | CL | RJ | CL |\n"
"| INPUT-ONLY | ERROR | CL | I1 | IN | CS | CR | CW | CO | CE | ES | SS | SR | SA | RJ | CL |\n"
"| INPUT-ONLY | ABORT | CL | CL | CL | CL | CL | RJ | CL | CL | CL | CL | CL | CL | CL | CL |\n";

static const struct {
	const char *abbr, *name;
	unsigned int seconds;
} states[] = {
	{ "NO", "NONE", 2 },
	{ "I1", "INIT1", 4 },
	{ "IN", "INIT", 61 },
	{ "CS", "C-SENT", 61 },
	{ "CR", "C-REPLIED", 61 },
	{ "CW", "C-WAIT", 61 },
	{ "CO", "COOKIE", 61 },
	{ "CE", "C-ECHOED", 61 },
	{ "ES", "ESTABLISHED", 900 },
	{ "SS", "S-SENT", 61 },
	{ "SR", "S-RECEIVED", 61 },
	{ "SA", "S-ACK-SENT", 61 },
	{ "RJ", "REJECTED", 4 },
	{ "CL", "CLOSED", 61 },
};

/* Chunk types by event; what is not here is data. */
static const struct {
	const char *event;
	u8 chunk;
} events[] = {
	{ "DATA", 0 }, { "INIT", 1 }, { "INIT-ACK", 2 }, { "DATA", 3 },
	{ "DATA", 4 }, { "DATA", 5 }, { "ABORT", 6 }, { "SHUTDOWN", 7 },
	{ "SHUTDOWN-ACK", 8 }, { "ERROR", 9 }, { "COOKIE-ECHO", 10 },
	{ "COOKIE-ACK", 11 }, { "DATA", 12 }, { "DATA", 13 },
	{ "SHUTDOWN-COMPLETE", 14 }, { "DATA", 15 }, { "DATA", 64 },
	{ "DATA", 128 }, { "DATA", 192 }, { "DATA", 255 },
};

static int state_of(const char *abbr)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(states); i++)
		if (!strcmp(abbr, states[i].abbr))
			return i;
	return -1;
}

static u8 next_state(const char *direction, u8 chunk, bool aborts, u8 state)
{
	const struct ip_vs_packet pkt = { .chunk = chunk,
					  .chunk_aborts = aborts };

	return ip_vs_sctp_next(!strcmp(direction, "OUTPUT") ?
			       IP_VS_DIR_OUTPUT : IP_VS_DIR_INPUT,
			       !strcmp(direction, "INPUT-ONLY"), &pkt, state);
}

/* Every chunk type that means @event, in one state. */
static void check_cell(const char *direction, const char *event,
		       unsigned int state, const char *want)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(events); i++) {
		if (strcmp(event, events[i].event))
			continue;
		CHECK(next_state(direction, events[i].chunk, false, state) ==
		      state_of(want), "%s chunk %u in %s, not %s", direction,
		      events[i].chunk, states[state].abbr, want);
	}
	if (!strcmp(event, "ABORT"))
		CHECK(next_state(direction, 10, true, state) == state_of(want),
		      "%s ABORT behind a cookie in %s", direction,
		      states[state].abbr);
}

static void table(void)
{
	char *text = strdup(cells), *lines, *line;
	unsigned int state, n = 0;

	for (line = strtok_r(text, "\n", &lines); line;
	     line = strtok_r(NULL, "\n", &lines)) {
		char *row, *direction = strtok_r(line, "| ", &row);
		char *event = strtok_r(NULL, "| ", &row);

		for (state = 0; state < ARRAY_SIZE(states); state++, n++)
			check_cell(direction, event, state,
				   strtok_r(NULL, "| ", &row));
	}
	CHECK(n == 30 * 14, "%u cells", n);
	free(text);
}

static void names(void)
{
	struct ip_vs_timeouts t;
	unsigned int i;

	CHECK(IP_VS_SCTP_MAX == ARRAY_SIZE(states), "%u states",
	      IP_VS_SCTP_MAX);
	for (i = 0; i < 256; i++)
		CHECK(!strcmp(ip_vs_proto_state_name(IPPROTO_SCTP, 0, i),
			      i < ARRAY_SIZE(states) ? states[i].name :
						       "ERR!"), "state %u", i);
	ip_vs_timeouts_init(&t);
	for (i = 0; i < ARRAY_SIZE(states); i++)
		CHECK(ip_vs_proto_timeout(&t, IPPROTO_SCTP, i) ==
		      states[i].seconds * HZ, "%s", states[i].name);
}

/* The run that 8.5 tells. */
static void run(void)
{
	static const struct {
		const char *direction;
		u8 chunk;
		const char *name;
	} steps[] = {
		{ "INPUT", 1, "INIT1" }, { "INPUT", 1, "INIT" },
		{ "OUTPUT", 2, "C-SENT" }, { "INPUT", 10, "C-REPLIED" },
		{ "OUTPUT", 11, "ESTABLISHED" }, { "INPUT", 7, "S-RECEIVED" },
		{ "OUTPUT", 8, "S-ACK-SENT" }, { "INPUT", 14, "CLOSED" },
	};
	const char *name;
	unsigned int i;
	u8 state = 0;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		state = next_state(steps[i].direction, steps[i].chunk, false,
				   state);
		name = ip_vs_proto_state_name(IPPROTO_SCTP, 0, state);
		CHECK(!strcmp(name, steps[i].name), "step %u: %s", i, name);
	}
}

static struct sk_buff *packet(u16 sport, u16 dport)
{
	unsigned char bytes[20 + 12 + 40];
	struct sctphdr *sh = (struct sctphdr *)(bytes + 20);
	struct sk_buff *skb;

	check_random_bytes(bytes, sizeof(bytes));
	sh->source = htons(sport);
	sh->dest = htons(dport);
	skb = shim_skb(bytes, sizeof(bytes), 40, 7);
	sh = (struct sctphdr *)(skb->data + 20);
	sh->checksum = sctp_compute_cksum(skb, 20);
	skb->ip_summed = CHECKSUM_NONE;
	return skb;
}

static void rewrite(enum ip_vs_end end, u16 port, u8 summed, bool mended)
{
	struct sk_buff *skb = packet(1000, 2000);
	struct sctphdr *sh = (struct sctphdr *)(skb->data + 20);
	struct ip_vs_packet pkt = { .l4_offset = 20 };
	__le32 before = sh->checksum;
	struct ip_vs_writable w;

	skb->ip_summed = summed;
	CHECK(!ip_vs_writable_make(&w, skb, NULL, 32), "writable");
	CHECK(ip_vs_sctp_rewrite(w, &pkt, end, htons(port)), "not rewritten");
	CHECK((end == IP_VS_END_SOURCE ? sh->source : sh->dest) == htons(port),
	      "port");
	if (mended)
		CHECK(sh->checksum == sctp_compute_cksum(skb, 20), "wrong sum");
	else
		CHECK(sh->checksum == before, "touched");
	CHECK(skb->ip_summed == (mended ? CHECKSUM_UNNECESSARY : summed),
	      "summed %u", skb->ip_summed);
	shim_skb_free(skb);
}

static void checksum(void)
{
	rewrite(IP_VS_END_DEST, 3000, CHECKSUM_NONE, true);
	rewrite(IP_VS_END_SOURCE, 3000, CHECKSUM_NONE, true);
	/* It covers no address: nothing to do. */
	rewrite(IP_VS_END_DEST, 2000, CHECKSUM_NONE, false);
	/* The device does it. */
	rewrite(IP_VS_END_DEST, 3000, CHECKSUM_PARTIAL, false);
}

const struct test sctp_tests[] = {
	{ "sctp: all 420 cells of the table, by every chunk type", table },
	{ "sctp: names and timeouts", names },
	{ "sctp: a whole run as captured", run },
	{ "sctp: the checksum is computed only if a port changes", checksum },
	{}
};
