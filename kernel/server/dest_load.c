// SPDX-License-Identifier: GPL-2.0-only
/*
 * How many connections a server has, and whether these are too many.
 */
#include "net.h"
#include "server/dest.h"
#include "server/sched.h"

/* Thresholds: when is a server overloaded?  At the upper one it is marked, below
 * the lower one (by default three quarters of the upper) unmarked; in between
 * the mark stays as it is.
 */
static u32 lower_threshold(u32 upper, u32 lower)
{
	return lower ?: upper - upper / 4;
}

static void dest_set_overload(struct ip_vs_dest *dest, bool overloaded)
{
	if (overloaded)
		set_bit(IP_VS_DEST_OVERLOAD_BIT, &dest->status);
	else
		clear_bit(IP_VS_DEST_OVERLOAD_BIT, &dest->status);
}

/* What the mark has to be; as it is, while the total lies between the two. */
static bool dest_overloaded(const struct ip_vs_dest *dest)
{
	u32 upper = READ_ONCE(dest->u_threshold);
	u32 lower = lower_threshold(upper, READ_ONCE(dest->l_threshold));
	u32 total = atomic_read(&dest->total);

	if (!upper || total < lower)
		return false;
	return total >= upper || ip_vs_dest_overloaded(dest);
}

/* The total or the thresholds have changed, a full barrier ago.  Others count
 * meanwhile and may mark later than we, though they counted before: whoever writes
 * the mark looks once more, and so the last one leaves it right.
 */
static void dest_update_overload(struct ip_vs_dest *dest)
{
	bool wanted = dest_overloaded(dest);

	while (wanted != ip_vs_dest_overloaded(dest)) {
		dest_set_overload(dest, wanted);
		/* Either we see who counts now, or he sees the mark. */
		smp_mb__after_atomic();
		wanted = dest_overloaded(dest);
	}
}

/**
 * ip_vs_dest_bind() - a connection was made for a server
 * @dest: server, to which the connection holds a reference
 *
 * The connection counts as inactive until ip_vs_dest_set_active().
 *
 * Context: RCU read side, softirq or process.
 */
void ip_vs_dest_bind(struct ip_vs_dest *dest)
{
	atomic_inc(&dest->total);
	/* Before thresholds and mark are read: dest_update_overload(),
	 * ip_vs_dest_set_thresholds().
	 */
	smp_mb__after_atomic();
	if (READ_ONCE(dest->u_threshold))
		dest_update_overload(dest);
	ip_vs_sched_load_changed(dest);
}

/**
 * ip_vs_dest_unbind() - a connection of a server has ended
 * @dest: server
 * @active: it counted as active
 *
 * Context: RCU read side, softirq or process.
 */
void ip_vs_dest_unbind(struct ip_vs_dest *dest, bool active)
{
	if (active)
		atomic_dec(&dest->active);
	atomic_dec(&dest->total);
	/* As in ip_vs_dest_bind(). */
	smp_mb__after_atomic();
	if (ip_vs_dest_overloaded(dest))
		dest_update_overload(dest);
	ip_vs_sched_load_changed(dest);
}

/**
 * ip_vs_dest_set_active() - a connection became active or inactive
 * @dest: its server
 * @active: what it became
 *
 * Context: RCU read side, softirq or process.
 */
void ip_vs_dest_set_active(struct ip_vs_dest *dest, bool active)
{
	if (active)
		atomic_inc(&dest->active);
	else
		atomic_dec(&dest->active);
	ip_vs_sched_load_changed(dest);
}

/**
 * ip_vs_dest_set_thresholds() - when a server counts as overloaded
 * @dest: server
 * @upper: connections from which on it does, 0: never
 * @lower: connections below which it no longer does, 0: 3/4 of @upper
 *
 * New thresholds speak at once; the same ones again change nothing.
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_dest_set_thresholds(struct ip_vs_dest *dest, u32 upper, u32 lower)
{
	if (dest->u_threshold == upper && dest->l_threshold == lower)
		return;
	WRITE_ONCE(dest->u_threshold, upper);
	WRITE_ONCE(dest->l_threshold, lower);
	/* Whoever counts after this sees them, and we whoever counted before. */
	smp_mb();
	dest_update_overload(dest);
}
