// SPDX-License-Identifier: GPL-2.0-only
/*
 * When a connection is synchronised.
 *
 * Often enough that entries at the peers do not expire, and seldom enough not
 * to flood the link: when a connection begins to close; otherwise once per
 * number of requests (sync_threshold), or when its expiry has moved far enough
 * (sync_refresh_period), then repeated a few times (sync_retries), since
 * messages are not acknowledged and may be lost.
 *
 * A connection stores what its last record contained: ip_vs_conn.synced holds
 * the state in its low half and the number of repetitions above, synced_until
 * the time of expiry.
 */
#include <linux/jiffies.h>

#include "conn/conn.h"
#include "net.h"
#include "proto/rows.h"
#include "sync/due.h"

#define SYNCED_STATE	0x0f
#define SYNCED_RETRY	4

/* An expiry that moved by less than this needs no record, however short the
 * period.
 */
#define LEAST_MOVE	(10 * HZ)

/* When a connection is synchronised, by its state. */
enum stage {
	STAGE_EARLY,	/* not yet */
	STAGE_STEADY,	/* from time to time */
	STAGE_ENDING,	/* at once */
};

static enum stage stage_of(u8 proto, u8 state, u8 told)
{
	const struct ip_vs_state *s = ip_vs_proto_state(proto, state);

	if (!s || !s->told)
		return STAGE_EARLY;
	return state != told && state != ip_vs_proto_row(proto)->established ?
	       STAGE_ENDING : STAGE_STEADY;
}

static bool from_template(const struct ip_vs_conn *c)
{
	while (c->control) {
		c = c->control;
		if (ip_vs_conn_is_template(c))
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
		return ip_vs_conn_is_template(c) || pkts % every == threshold;
	return period || pkts == threshold;
}

/**
 * struct told - contents of the last record, or of the next one
 * @until: time of expiry, low 32 bits of jiffies
 * @retries: how often it has been repeated
 */
struct told {
	u32 until;
	u8 retries;
};

/* Does the refresh period, if any, allow a record now?  Sets @next->retries. */
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
 * ip_vs_sync_due() - does a connection need a sync record?
 * @c: connection or template; stores the record's contents if it does
 * @pkts: its number of requests
 *
 * It may be true for two packets at once; a second record is harmless.
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

	if (!ip_vs_conn_is_template(c)) {
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
	/* If another packet was faster, its record is sufficient. */
	return cmpxchg(&c->synced_until, last.until, next.until) == last.until ||
	       stage == STAGE_ENDING;
}
