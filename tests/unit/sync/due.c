// SPDX-License-Identifier: GPL-2.0-only
/*
 * When a record is due: the results of the in-tree module for a connection of so
 * many packets with such settings, as the specification has them, and the rules
 * one by one.
 */
#include "conn/conn.h"
#include "net.h"
#include "proto/states.h"
#include "sync/due.h"
#include "sync_tests.h"

#define MASK32 0xffffffffUL

static struct ip_vs_net ivn;

static void settings(int threshold, int every, int period_s, int retries)
{
	memset(&ivn, 0, sizeof(ivn));
	ivn.settings.sync_threshold[0] = threshold;
	ivn.settings.sync_threshold[1] = every;
	ivn.settings.sync_refresh_period = period_s * HZ;
	ivn.settings.sync_retries = retries;
}

static struct ip_vs_conn born(u8 proto, u32 timeout_s)
{
	return (struct ip_vs_conn) {
		.ivn = &ivn,
		.proto = proto,
		.af = AF_INET,
		.timeout = timeout_s * HZ,
		.synced_until = jiffies & MASK32,
	};
}

static void move(struct ip_vs_conn *c, u8 state, u32 timeout_s)
{
	c->state = state;
	c->timeout = timeout_s * HZ;
}

/* SYN, ACK, so many segments of data, FIN: how many records, all but the last. */
struct life {
	unsigned int during;
	bool at_end;
};

static struct life tcp_life(unsigned int data, unsigned int ticks_between)
{
	struct ip_vs_conn c = born(IPPROTO_TCP, 3);
	struct life life = {};
	unsigned int i;

	move(&c, IP_VS_TCP_SYN_RECV, 60);
	life.during += ip_vs_sync_due(&c, ++c.in_pkts);
	move(&c, IP_VS_TCP_ESTABLISHED, 900);
	life.during += ip_vs_sync_due(&c, ++c.in_pkts);
	for (i = 0; i < data; i++) {
		jiffies += ticks_between;
		life.during += ip_vs_sync_due(&c, ++c.in_pkts);
	}
	move(&c, IP_VS_TCP_CLOSE_WAIT, 60);
	life.at_end = ip_vs_sync_due(&c, ++c.in_pkts);
	return life;
}

/* What the in-tree module sent, number by number. */
static void as_intree(void)
{
	static const struct {
		int threshold, every, period, retries;
		unsigned int data, ticks, records;
	} rows[] = {
		{ 3, 50, 0, 0, 110, 1, 3 },
		{ 0, 0, 0, 0, 12, 1, 0 },
		{ 1, 0, 0, 0, 12, 1, 0 },
		{ 5, 0, 0, 0, 12, 1, 1 },
		{ 0, 1, 0, 0, 12, 1, 13 },
		{ 1, 4, 0, 0, 12, 1, 3 },
		{ 0, 2, 0, 0, 12, 1, 7 },
		{ 0, 0, 4, 0, 50, HZ / 5, 3 },
		/* at 0, 1, 2 and 10 s */
		{ 0, 0, 8, 2, 49, HZ / 5, 3 },
		{ 0, 0, 8, 2, 50, HZ / 5, 4 },
		{ 3, 50, 4, 0, 40, HZ / 5, 1 },
	};
	struct life life;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		settings(rows[i].threshold, rows[i].every, rows[i].period,
			 rows[i].retries);
		life = tcp_life(rows[i].data, rows[i].ticks);
		CHECK(life.during == rows[i].records,
		      "row %zu: %u records, not %u", i, life.during,
		      rows[i].records);
		CHECK(life.at_end, "row %zu: the FIN is told", i);
	}
}

static void tcp_states(void)
{
	static const bool told[IP_VS_TCP_MAX] = {
		[IP_VS_TCP_ESTABLISHED] = true, [IP_VS_TCP_FIN_WAIT] = true,
		[IP_VS_TCP_CLOSE] = true, [IP_VS_TCP_CLOSE_WAIT] = true,
		[IP_VS_TCP_TIME_WAIT] = true,
	};
	struct ip_vs_conn c;
	u8 state;

	settings(0, 1, 0, 0);
	for (state = 0; state < IP_VS_TCP_MAX; state++) {
		c = born(IPPROTO_TCP, 60);
		c.state = state;
		CHECK(ip_vs_sync_due(&c, 7) == told[state], "state %u", state);
	}
	/* A state told once is told again only with the packets. */
	settings(3, 50, 0, 0);
	c = born(IPPROTO_TCP, 60);
	c.state = IP_VS_TCP_TIME_WAIT;
	CHECK(ip_vs_sync_due(&c, 7), "a new state at once");
	CHECK(!ip_vs_sync_due(&c, 8), "the same not");
	CHECK(ip_vs_sync_due(&c, 53), "but with the packets");
}

static void sctp_states(void)
{
	struct ip_vs_conn c;
	u8 state;

	settings(0, 1, 0, 0);
	for (state = 0; state < IP_VS_SCTP_MAX; state++) {
		bool told = state >= IP_VS_SCTP_ESTABLISHED &&
			    state != IP_VS_SCTP_REJECTED;

		c = born(IPPROTO_SCTP, 60);
		c.state = state;
		CHECK(ip_vs_sync_due(&c, 7) == told, "state %u", state);
	}
	settings(3, 50, 0, 0);
	c = born(IPPROTO_SCTP, 900);
	c.state = IP_VS_SCTP_ESTABLISHED;
	CHECK(!ip_vs_sync_due(&c, 7), "established waits for its packet");
	c.state = IP_VS_SCTP_SHUTDOWN_SENT;
	CHECK(ip_vs_sync_due(&c, 8), "an end does not");
	CHECK(c.synced == IP_VS_SCTP_SHUTDOWN_SENT, "synced %x", c.synced);
}

static void udp_packets(void)
{
	struct ip_vs_conn c;
	u32 n, sent = 0;

	settings(3, 50, 0, 0);
	c = born(IPPROTO_UDP, 300);
	for (n = 1; n <= 110; n++)
		sent += ip_vs_sync_due(&c, n);
	CHECK(sent == 3, "%u records", sent);
}

/* 62 packets: 62 records of the template; with a refresh period of 5 s one
 * in that time.
 */
static void templates(void)
{
	struct ip_vs_conn c;
	u32 n, sent = 0;

	settings(3, 50, 0, 0);
	c = born(IPPROTO_TCP, 360);
	c.flags = IP_VS_CONN_F_TEMPLATE;
	for (n = 1; n <= 62; n++)
		sent += ip_vs_sync_due(&c, n);
	CHECK(sent == 62, "%u records", sent);

	settings(3, 50, 5, 0);
	c.synced_until = jiffies & MASK32;
	for (n = 1, sent = 0; n <= 24; n++) {
		sent += ip_vs_sync_due(&c, n);
		jiffies += HZ / 5;
	}
	CHECK(sent == 1, "%u records", sent);
}

static void persist_mode(void)
{
	struct ip_vs_conn template, control, c;

	settings(0, 1, 0, 0);
	ivn.settings.sync_persist_mode = 1;
	template = born(IPPROTO_TCP, 360);
	template.flags = IP_VS_CONN_F_TEMPLATE;
	control = born(IPPROTO_TCP, 900);
	control.state = IP_VS_TCP_ESTABLISHED;
	c = control;
	CHECK(ip_vs_sync_due(&c, 5), "without a template");
	c.control = &control;
	CHECK(ip_vs_sync_due(&c, 5), "of a control connection");
	control.control = &template;
	CHECK(!ip_vs_sync_due(&c, 5), "of a template, indirectly");
	CHECK(!ip_vs_sync_due(&control, 5), "of a template");
	CHECK(ip_vs_sync_due(&template, 5), "the template");
}

/* A negative period is one without end. */
static void endless_period(void)
{
	struct ip_vs_conn c;
	u32 n, sent = 0;

	settings(0, 0, -1, 3);
	c = born(IPPROTO_UDP, 300);
	/* Half the timeout is the longest wait there is. */
	for (n = 0; n < 310; n++) {
		sent += ip_vs_sync_due(&c, n);
		jiffies += HZ;
	}
	CHECK(sent == 3, "%u records", sent);
}

/* All of it again where the low half of jiffies wraps. */
static void across_the_wrap(void)
{
	unsigned long start = 0xffffffff - 12 * HZ;
	int i;

	for (i = 0; i < 26; i++, start += HZ / 2) {
		jiffies = start;
		settings(0, 0, 4, 0);
		CHECK(tcp_life(50, HZ / 5).during == 3, "from %lx", start);
	}
}

const struct test due_tests[] = {
	{ "due: as many records as in-tree", as_intree },
	{ "due: which states of TCP are told", tcp_states },
	{ "due: which states of SCTP are told", sctp_states },
	{ "due: UDP by packets", udp_packets },
	{ "due: templates with each packet, or by time", templates },
	{ "due: sync_persist_mode", persist_mode },
	{ "due: a refresh period without end", endless_period },
	{ "due: where jiffies wrap", across_the_wrap },
	{ }
};
