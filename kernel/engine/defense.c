// SPDX-License-Identifier: GPL-2.0-only
/*
 * Defences against memory pressure.
 *
 * Three defences, each with a mode of its own (sysctl): off, always on, or on
 * while memory is short, when the mode reads 2, and else 1.
 *
 *	drop_packet	one of so many packets that would open a connection is
 *			dropped
 *	secure_tcp	a TCP connection counts as established only by what its
 *			server sends (proto/tcp.c)
 *	drop_entry	connections are ended: each second a 32nd of all is
 *			looked at, and those like a flood's are ended
 *
 * A work item runs them each second, in process context, and only while one is
 * switched on.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/vmstat.h>

#include "conn/conn.h"
#include "conn/expiry.h"
#include "conn/walk.h"
#include "engine/defense.h"
#include "net.h"
#include "proto/rows.h"
#include "proto/states.h"

#define PERIOD HZ
/* The share of all connections that a pass looks at. */
#define SHARE 32
/* How many are looked at before other tasks may run. */
#define SLICE 64
/* Idle: no packet for so long, ... */
#define IDLE_TIME (60 * HZ)
/* ... and no more packets than this before. */
#define IDLE_PACKETS 8

/* Pages that are available at once. */
static long available_pages(void)
{
	struct sysinfo info;

	si_meminfo(&info);
	return info.freeram + info.bufferram;
}

/* Is the defence on?  An automatic mode is set to waiting or active. */
static bool mode_on(int *mode, bool short_of_memory)
{
	switch (READ_ONCE(*mode)) {
	case IP_VS_DEFENSE_ALWAYS:
		return true;
	case IP_VS_DEFENSE_WAITING:
	case IP_VS_DEFENSE_ACTIVE:
		WRITE_ONCE(*mode, short_of_memory ? IP_VS_DEFENSE_ACTIVE :
						    IP_VS_DEFENSE_WAITING);
		return short_of_memory;
	}
	return false;
}

/* One of how many packets is dropped?  The shorter memory is, the more. */
static int drop_rate(const struct ip_vs_settings *s, int mode, long available,
		     long threshold)
{
	if (mode == IP_VS_DEFENSE_ALWAYS)
		return READ_ONCE(s->am_droprate);
	return threshold / max(threshold - available, 1L);
}

static void set_drop_packet(struct ip_vs_net *ivn, long available,
			    long threshold)
{
	struct ip_vs_settings *s = &ivn->settings;
	struct ip_vs_defense *d = &ivn->defense;
	bool is_on = mode_on(&s->drop_packet, available < threshold);
	int rate = 0;

	if (is_on)
		rate = drop_rate(s, READ_ONCE(s->drop_packet), available,
				 threshold);
	if (is_on && READ_ONCE(s->drop_packet) != IP_VS_DEFENSE_ALWAYS)
		atomic_set(&d->countdown, rate);
	WRITE_ONCE(d->drop_rate, rate);
}

static void take_measures(struct ip_vs_net *ivn)
{
	struct ip_vs_settings *s = &ivn->settings;
	struct ip_vs_defense *d = &ivn->defense;
	long threshold = max(READ_ONCE(s->amemthresh), 0);
	long available = available_pages();

	d->dropping = mode_on(&s->drop_entry, available < threshold);
	set_drop_packet(ivn, available, threshold);
	WRITE_ONCE(d->secure_tcp, mode_on(&s->secure_tcp, available < threshold));
}

/* Has a connection had few packets, and none for some time?  Of those that had
 * n packets one in n is ended.
 */
static bool conn_idle(struct ip_vs_defense *d, const struct ip_vs_conn *c)
{
	u32 silent = (u32)jiffies - READ_ONCE(c->stamp);
	u32 packets = READ_ONCE(c->in_pkts);

	if (silent < IDLE_TIME || !packets || packets > IDLE_PACKETS)
		return false;
	if (--d->idle[packets])
		return false;
	d->idle[packets] = packets;
	return true;
}

static bool template_given_up(struct ip_vs_defense *d,
			      const struct ip_vs_conn *c)
{
	if (READ_ONCE(c->flags) & IP_VS_CONN_F_ONE_PACKET)
		return conn_idle(d, c);
	return READ_ONCE(c->state) != IP_VS_TEMPLATE_ASSURED;
}

static bool given_up(struct ip_vs_defense *d, const struct ip_vs_conn *c)
{
	const struct ip_vs_state *s = ip_vs_proto_state(c->proto,
							READ_ONCE(c->state));

	if (READ_ONCE(c->n_control))
		return false;
	if (ip_vs_conn_is_template(c))
		return template_given_up(d, c);
	switch (s ? s->pressure : IP_VS_PRESSURE_KEEP) {
	case IP_VS_PRESSURE_DROP:
		return true;
	case IP_VS_PRESSURE_DROP_IDLE:
		return conn_idle(d, c);
	}
	return false;
}

/* With the last connection that it controls a controlling entry is ended as
 * well, and so on, unless it is a template in ASSURED state.
 */
static void defense_end(struct ip_vs_conn *c)
{
	while (ip_vs_conn_kill(c)) {
		c = c->control;
		if (!c || (ip_vs_conn_is_template(c) &&
			   READ_ONCE(c->state) == IP_VS_TEMPLATE_ASSURED))
			return;
	}
}

/* Check the next connections of the walk.  Returns how many; 0: the walk is
 * over and is to start again.
 */
static unsigned int drop_slice(struct ip_vs_defense *d)
{
	struct ip_vs_conn *batch[SLICE];
	unsigned int i, n;

	rcu_read_lock();
	n = ip_vs_conn_walk(d->round, batch, ARRAY_SIZE(batch));
	for (i = 0; i < n; i++)
		if (given_up(d, batch[i]))
			defense_end(batch[i]);
	rcu_read_unlock();
	return n;
}

static void drop_entries(struct ip_vs_net *ivn)
{
	struct ip_vs_defense *d = &ivn->defense;
	u32 left = DIV_ROUND_UP(ip_vs_conns_count(ivn), SHARE);
	unsigned int n;

	while (left) {
		n = drop_slice(d);
		if (!n) {
			ip_vs_conn_walk_stop(d->round);
			ip_vs_conn_walk_start(ivn, d->round);
			return;
		}
		left -= min(left, n);
		cond_resched();
	}
}

static bool any_mode(const struct ip_vs_settings *s)
{
	return READ_ONCE(s->drop_entry) || READ_ONCE(s->drop_packet) ||
	       READ_ONCE(s->secure_tcp);
}

static void defense_work(struct work_struct *work)
{
	struct ip_vs_defense *d = container_of(to_delayed_work(work),
					       struct ip_vs_defense, work);
	struct ip_vs_net *ivn = container_of(d, struct ip_vs_net, defense);

	take_measures(ivn);
	if (d->dropping)
		drop_entries(ivn);
	if (any_mode(&ivn->settings))
		queue_delayed_work(ip_vs_wq, &d->work, PERIOD);
}

/**
 * ip_vs_defense_drops() - is a packet that would open a connection to be
 * dropped?
 * @ivn: namespace
 *
 * Context: any.
 *
 * Return: true for one of drop_rate packets.
 */
bool ip_vs_defense_drops(struct ip_vs_net *ivn)
{
	struct ip_vs_defense *d = &ivn->defense;
	int rate = READ_ONCE(d->drop_rate);

	if (likely(!rate))
		return false;
	if (atomic_dec_return(&d->countdown) > 0)
		return false;
	atomic_set(&d->countdown, rate);
	return true;
}

/**
 * ip_vs_defense_changed() - apply a mode that was written
 * @ivn: namespace
 *
 * Returns when the new modes are in effect.
 *
 * Context: process, may sleep.
 */
void ip_vs_defense_changed(struct ip_vs_net *ivn)
{
	mod_delayed_work(ip_vs_wq, &ivn->defense.work, 0);
	flush_delayed_work(&ivn->defense.work);
}

/**
 * ip_vs_defense_init() - initialise the defences, all off
 * @ivn: namespace
 */
void ip_vs_defense_init(struct ip_vs_net *ivn)
{
	struct ip_vs_defense *d = &ivn->defense;
	int i;

	for (i = 0; i < ARRAY_SIZE(d->idle); i++)
		d->idle[i] = i;
	INIT_DELAYED_WORK(&d->work, defense_work);
}

/**
 * ip_vs_defense_equip() - allocate the walk that ends connections
 * @ivn: namespace
 *
 * Context: process.
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_defense_equip(struct ip_vs_net *ivn)
{
	struct ip_vs_conn_cursor *round;

	round = kzalloc(sizeof(*round), GFP_KERNEL_ACCOUNT);
	if (!round)
		return -ENOMEM;
	ip_vs_conn_walk_start(ivn, round);
	ivn->defense.round = round;
	return 0;
}

/**
 * ip_vs_defense_strip() - undo ip_vs_defense_equip()
 * @ivn: namespace; the work item does not run and never will
 *
 * Context: process.
 */
void ip_vs_defense_strip(struct ip_vs_net *ivn)
{
	kfree(ivn->defense.round);
	ivn->defense.round = NULL;
}

/**
 * ip_vs_defense_exit() - stop the work item and the walk
 * @ivn: namespace; its sysctls are gone, its connections are still there
 *
 * Context: process, may sleep.
 */
void ip_vs_defense_exit(struct ip_vs_net *ivn)
{
	cancel_delayed_work_sync(&ivn->defense.work);
	if (ivn->defense.round)
		ip_vs_conn_walk_stop(ivn->defense.round);
}
