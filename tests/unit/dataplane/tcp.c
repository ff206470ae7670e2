// SPDX-License-Identifier: GPL-2.0-only
/*
 * The TCP state machine, cell by cell against the tables as the specification
 * prints them.
 */
#include "dataplane_tests.h"
#include "proto/proto.h"
#include "proto/rows.h"
#include "proto/states.h"

#define FIN 0x01
#define SYN 0x02
#define RST 0x04
#define PSH 0x08
#define ACK 0x10

/* Copied from spec/data-plane.md, 8.1. */
static const char normal[] =
"| Direction | Event | NO | ES | SS | SR | FW | TW | CL | CW | LA | LI | SA |\n"
"|---|---|---|---|---|---|---|---|---|---|---|---|---|\n"
"| INPUT | SYN | SR | ES | ES | SR | SR | SR | SR | SR | SR | SR | SR |\n"
"| INPUT | FIN | CL | CW | SS | TW | TW | TW | CL | CW | LA | LI | TW |\n"
"| INPUT | ACK | ES | ES | SS | ES | FW | TW | CL | CW | CL | LI | ES |\n"
"| INPUT | RST | CL | CL | CL | SR | CL | CL | CL | CL | LA | LI | SR |\n"
"| OUTPUT | SYN | SS | ES | SS | SR | SS | SS | SS | SS | SS | LI | SR |\n"
"| OUTPUT | FIN | TW | FW | SS | TW | FW | TW | CL | TW | LA | LI | TW |\n"
"| OUTPUT | ACK | ES | ES | SS | ES | FW | TW | CL | CW | LA | ES | ES |\n"
"| OUTPUT | RST | CL | CL | SS | CL | CL | TW | CL | CL | CL | CL | CL |\n"
"| INPUT-ONLY | SYN | SR | ES | ES | SR | SR | SR | SR | SR | SR | SR | SR |\n"
"| INPUT-ONLY | FIN | CL | FW | SS | TW | FW | TW | CL | CW | LA | LI | TW |\n"
"| INPUT-ONLY | ACK | ES | ES | SS | ES | FW | TW | CL | CW | CL | LI | ES |\n"
"| INPUT-ONLY | RST | CL | CL | CL | SR | CL | CL | CL | CL | LA | LI | CL |\n";

/* Copied from 8.2. */
static const char secure[] =
"| Direction | Event | NO | ES | SS | SR | FW | TW | CL | CW | LA | LI | SA |\n"
"|---|---|---|---|---|---|---|---|---|---|---|---|---|\n"
"| INPUT | SYN | SR | ES | ES | SR | SR | SR | SR | SR | SR | SR | SA |\n"
"| INPUT | FIN | CL | CW | SS | TW | TW | TW | CL | CW | LA | LI | SA |\n"
"| INPUT | ACK | ES | ES | SS | SR | FW | TW | CL | CW | CL | LI | SA |\n"
"| INPUT | RST | CL | CL | CL | SR | CL | CL | CL | CL | LA | LI | CL |\n"
"| OUTPUT | SYN | SS | ES | SS | SA | SS | SS | SS | SS | SS | LI | SA |\n"
"| OUTPUT | FIN | TW | FW | SS | TW | FW | TW | CL | TW | LA | LI | TW |\n"
"| OUTPUT | ACK | ES | ES | SS | ES | FW | TW | CL | CW | LA | ES | ES |\n"
"| OUTPUT | RST | CL | CL | SS | CL | CL | TW | CL | CL | CL | CL | CL |\n"
"| INPUT-ONLY | SYN | SA | ES | ES | SR | SA | SA | SA | SA | SA | SA | SA |\n"
"| INPUT-ONLY | FIN | CL | FW | SS | TW | FW | TW | CL | CW | LA | LI | TW |\n"
"| INPUT-ONLY | ACK | ES | ES | SS | ES | FW | TW | CL | CW | CL | LI | ES |\n"
"| INPUT-ONLY | RST | CL | CL | CL | SR | CL | CL | CL | CL | LA | LI | CL |\n";

/* From 8.3: in the order of the state numbers. */
static const struct {
	const char *abbr, *name;
	unsigned int seconds;
	bool active;
} states[] = {
	{ "NO", "NONE", 2, false },
	{ "ES", "ESTABLISHED", 900, true },
	{ "SS", "SYN_SENT", 120, true },
	{ "SR", "SYN_RECV", 60, true },
	{ "FW", "FIN_WAIT", 120, false },
	{ "TW", "TIME_WAIT", 120, false },
	{ "CL", "CLOSE", 10, false },
	{ "CW", "CLOSE_WAIT", 60, false },
	{ "LA", "LAST_ACK", 30, false },
	{ "LI", "LISTEN", 120, false },
	{ "SA", "SYNACK", 120, true },
};

static int state_of(const char *abbr)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(states); i++)
		if (!strcmp(abbr, states[i].abbr))
			return i;
	return -1;
}

static int flag_of(const char *event)
{
	return !strcmp(event, "SYN") ? SYN : !strcmp(event, "FIN") ? FIN :
	       !strcmp(event, "ACK") ? ACK : !strcmp(event, "RST") ? RST : -1;
}

static bool by_secure;

static u8 next_state(const char *direction, u8 flags, u8 state)
{
	return ip_vs_tcp_next(!strcmp(direction, "OUTPUT") ?
			      IP_VS_DIR_OUTPUT : IP_VS_DIR_INPUT,
			      !strcmp(direction, "INPUT-ONLY"), by_secure,
			      flags, state);
}

static char *cell(char **row)
{
	char *text = strtok_r(NULL, "| ", row);

	return text ? text : "";
}

static unsigned int check_row(char *line)
{
	char *row, *direction = strtok_r(line, "| ", &row), *event = cell(&row);
	unsigned int state, n = 0;

	if (flag_of(event) < 0)
		return 0;
	for (state = 0; state < ARRAY_SIZE(states); state++, n++) {
		const char *want = cell(&row);
		u8 got = next_state(direction, flag_of(event), state);

		CHECK(got == state_of(want), "%s %s in %s: %u, not %s",
		      direction, event, states[state].abbr, got, want);
	}
	return n;
}

static void check_table(const char *rows)
{
	char *text = strdup(rows), *lines, *line;
	unsigned int cells = 0;

	for (line = strtok_r(text, "\n", &lines); line;
	     line = strtok_r(NULL, "\n", &lines))
		cells += check_row(line);
	CHECK(cells == 12 * 11, "%u cells", cells);
	free(text);
}

static void table(void)
{
	check_table(normal);
}

static void secure_table(void)
{
	by_secure = true;
	check_table(secure);
	by_secure = false;
}

/* First that applies: RST, SYN, FIN, ACK; none: CLOSE. */
static u8 first_flag(u8 flags)
{
	return flags & RST ? RST : flags & SYN ? SYN : flags & FIN ? FIN :
	       flags & ACK;
}

static void priorities(void)
{
	static const char *const directions[] = { "INPUT", "OUTPUT",
						  "INPUT-ONLY" };
	unsigned int d, flags, state;

	for (d = 0; d < ARRAY_SIZE(directions); d++)
		for (flags = 0; flags < 256; flags++)
			for (state = 0; state < ARRAY_SIZE(states); state++) {
				u8 one = first_flag(flags);
				u8 want = one ? next_state(directions[d], one,
							   state) :
					  state_of("CL");

				CHECK(next_state(directions[d], flags, state) ==
				      want, "%s flags %02x in %s",
				      directions[d], flags,
				      states[state].abbr);
			}
}

/* An answer is an answer, whether or not one had been seen before. */
static void output_only(void)
{
	unsigned int state;

	for (state = 0; state < ARRAY_SIZE(states); state++)
		CHECK(ip_vs_tcp_next(IP_VS_DIR_OUTPUT, true, false, ACK,
				     state) ==
		      ip_vs_tcp_next(IP_VS_DIR_OUTPUT, false, false, ACK,
				     state),
		      "state %u", state);
}

static void timeouts(void)
{
	struct ip_vs_timeouts t;
	unsigned int i;

	CHECK(IP_VS_TCP_MAX == ARRAY_SIZE(states), "%u states", IP_VS_TCP_MAX);
	ip_vs_timeouts_init(&t);
	for (i = 0; i < ARRAY_SIZE(states); i++)
		CHECK(t.tcp[i] == states[i].seconds * HZ, "%s: %u",
		      states[i].name, t.tcp[i] / HZ);
}

static void names(void)
{
	unsigned int i;

	for (i = 0; i < 256; i++)
		CHECK(!strcmp(ip_vs_proto_state_name(IPPROTO_TCP, 0, i),
			      i < ARRAY_SIZE(states) ? states[i].name : "ERR!"), "state %u", i);
}

static void active(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(states); i++)
		CHECK(ip_vs_proto_state(IPPROTO_TCP, i)->active ==
		      states[i].active, "%s", states[i].name);
}

/* The runs that 8.2 tells, for masquerading and for direct routing. */
static void runs(void)
{
	static const struct {
		const char *direction;
		u8 flags;
		const char *state;
	} steps[] = {
		{ "INPUT", SYN, "SR" }, { "OUTPUT", SYN | ACK, "SR" },
		{ "INPUT", ACK, "ES" }, { "INPUT", PSH | ACK, "ES" },
		{ "INPUT", FIN | ACK, "CW" }, { "OUTPUT", FIN | ACK, "TW" },
		{ "INPUT", ACK, "TW" }, { "INPUT", SYN, "SR" },
		{ "INPUT", RST, "SR" }, { "OUTPUT", RST | ACK, "CL" },
		{ "INPUT-ONLY", SYN, "SR" }, { "INPUT-ONLY", ACK, "ES" },
		{ "INPUT-ONLY", FIN | ACK, "FW" }, { "INPUT-ONLY", ACK, "FW" },
		{ "INPUT-ONLY", PSH, "CL" },
	};
	u8 state = IP_VS_TCP_NONE;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		state = next_state(steps[i].direction, steps[i].flags, state);
		CHECK(state == state_of(steps[i].state), "step %u: %s", i,
		      states[state].name);
	}
}

const struct test tcp_tests[] = {
	{ "tcp: all 132 cells of the normal table", table },
	{ "tcp: all 132 cells of the secure table", secure_table },
	{ "tcp: all 256 sets of flags in every state", priorities },
	{ "tcp: an answer moves the OUTPUT row in any case", output_only },
	{ "tcp: default timeouts", timeouts },
	{ "tcp: names of all 256 numbers", names },
	{ "tcp: which states count as active", active },
	{ "tcp: whole runs as captured", runs },
	{}
};
