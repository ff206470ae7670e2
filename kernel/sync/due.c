// SPDX-License-Identifier: GPL-2.0-only
/*
 * When peers are to hear of a connection.
 *
 * Often enough that their entries do not run out, seldom enough that the link
 * bears it: when a connection begins to end, and otherwise once in so many
 * requests (sync_threshold), or when its deadline has moved by so much
 * (sync_refresh_period), then repeated a few times in case a message got lost
 * (sync_retries), since nobody acknowledges any.
 *
 * A connection remembers what its last record said: ip_vs_conn.synced holds the
 * state in its low half and the number of repetitions above, synced_until the
 * deadline.
 */
#include <linux/in.h>
#include <linux/jiffies.h>

#include "conn/conn.h"
#include "net.h"
#include "proto/states.h"
#include "sync/due.h"

#define SYNCED_STATE	0x0f
#define SYNCED_RETRY	4

/* A deadline that moved by less than this is not worth a record, however short
 * the period.
 */
#define LEAST_MOVE	(10 * HZ)

/* Which states of a protocol concern peers: those of connections that have come
 * about.  A protocol without a row has one state, which does.
 */
static const struct {
	u8 proto;
	u8 established;
	u16 told;
} protocols[] = {
	{
		IPPROTO_TCP, IP_VS_TCP_ESTABLISHED,
		BIT(IP_VS_TCP_ESTABLISHED) | BIT(IP_VS_TCP_FIN_WAIT) |
		BIT(IP_VS_TCP_CLOSE) | BIT(IP_VS_TCP_CLOSE_WAIT) |
		BIT(IP_VS_TCP_TIME_WAIT),
	}, {
		IPPROTO_SCTP, IP_VS_SCTP_ESTABLISHED,
		BIT(IP_VS_SCTP_ESTABLISHED) | BIT(IP_VS_SCTP_SHUTDOWN_SENT) |
		BIT(IP_VS_SCTP_SHUTDOWN_RECEIVED) |
		BIT(IP_VS_SCTP_SHUTDOWN_ACK_SENT) | BIT(IP_VS_SCTP_CLOSED),
	},
};

/* What a connection's state says about telling peers. */
enum stage {
	STAGE_EARLY,	/* not yet */
	STAGE_STEADY,	/* from time to time */
	STAGE_ENDING,	/* at once */
};

static enum stage stage_of(u8 proto, u8 state, u8 told)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(protocols); i++) {
		if (protocols[i].proto != proto)
			continue;
		if (!(protocols[i].told & BIT(state)))
			return STAGE_EARLY;
		return state != told && state != protocols[i].established ?
		       STAGE_ENDING : STAGE_STEADY;
	}
	return STAGE_STEADY;
}

static bool conn_is_template(const struct ip_vs_conn *c)
{
	return READ_ONCE(c->flags) & IP_VS_CONN_F_TEMPLATE;
}

static bool from_template(const struct ip_vs_conn *c)
{
	while (c->control) {
		c = c->control;
		if (conn_is_template(c))
			return true;
	}
	return false;
}

static bool packet_counts(const struct ip_vs_conn *c, u32 pkts, u32 period)
{
	const struct ip_vs_settings *set = &c->ivn->settings;
	u32 threshold = READ_ONCE(set->sync_threshold[0]);
	u32 every = READ_ONCE(set->sync_threshold[1]);

	if (every)
		return conn_is_template(c) || pkts % every == threshold;
	return period || pkts == threshold;
}

/**
 * struct told - what the last record said, or the next one says
 * @until: deadline, low 32 bits of jiffies
 * @retries: how often it has been repeated
 */
struct told {
	u32 until;
	u8 retries;
};

/* With a refresh period: is it time again?  @next->retries is set. */
static bool refresh_due(const struct ip_vs_conn *c, u32 period,
			const struct told *last, struct told *next)
{
	u32 timeout = READ_ONCE(c->timeout);
	u32 sent = last->until - timeout;
	u32 least = min(period, max_t(u32, timeout / 2, LEAST_MOVE));
	u32 moved = abs((s32)(next->until - last->until));

	next->retries = 0;
	if (!period || moved >= least)
		return true;
	if (last->retries >= READ_ONCE(c->ivn->settings.sync_retries))
		return false;
	next->retries = last->retries + 1;
	return (s32)((u32)jiffies - (sent + period / 8)) >= 0;
}

/**
 * ip_vs_sync_due() - is a record needed?
 * @c: connection or template; remembers the record if it is
 * @pkts: its number of requests
 *
 * Two packets at once may both say yes, to the same effect.
 *
 * Context: RCU read side, softirq or process.
 *
 * Return: true or false.
 */
bool ip_vs_sync_due(struct ip_vs_conn *c, u32 pkts)
{
	const struct ip_vs_settings *set = &c->ivn->settings;
	u32 period = READ_ONCE(set->sync_refresh_period);
	u8 synced = READ_ONCE(c->synced);
	u8 state = READ_ONCE(c->state);
	const struct told last = {
		.until = READ_ONCE(c->synced_until),
		.retries = synced >> SYNCED_RETRY,
	};
	struct told next = {
		.until = (u32)jiffies + READ_ONCE(c->timeout),
	};
	enum stage stage = STAGE_STEADY;

	if (!conn_is_template(c)) {
		if (READ_ONCE(set->sync_persist_mode) && from_template(c))
			return false;
		stage = stage_of(c->proto, state, synced & SYNCED_STATE);
	}
	if (stage == STAGE_EARLY)
		return false;
	if (stage == STAGE_STEADY &&
	    (!refresh_due(c, period, &last, &next) ||
	     !packet_counts(c, pkts, period)))
		return false;
	WRITE_ONCE(c->synced, state | next.retries << SYNCED_RETRY);
	/* Whoever comes second need not repeat what the first has told. */
	return cmpxchg(&c->synced_until, last.until, next.until) == last.until ||
	       stage == STAGE_ENDING;
}
