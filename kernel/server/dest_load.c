// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server's connection counts, and whether it is overloaded.
 */
#include <linux/limits.h>

#include "net.h"
#include "server/dest.h"
#include "server/sched.h"

/* Counts of a closed server: those who bind nevertheless, and take it back, do
 * not make them positive.
 */
#define COUNT_CLOSED	(INT_MIN / 2)

/* At the upper threshold a server is marked overloaded, below the lower one (by
 * default three quarters of the upper) the mark is cleared; in between it
 * stays.
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

/* What the mark has to be; unchanged while the total lies between the two. */
static bool dest_overloaded(const struct ip_vs_dest *dest)
{
	u32 upper = READ_ONCE(dest->u_threshold);
	u32 lower = lower_threshold(upper, READ_ONCE(dest->l_threshold));
	u32 total = atomic_read(&dest->total);

	if (!upper || total < lower)
		return false;
	return total >= upper || ip_vs_dest_overloaded(dest);
}

/* The total or the thresholds have changed, followed by a full barrier.
 * Another CPU may have counted earlier and write the mark later than this one.
 * So each CPU that writes the mark checks it again, and the last write leaves
 * it correct.  Returns whether this one has written it.
 */
static bool dest_update_overload(struct ip_vs_dest *dest)
{
	bool wanted = dest_overloaded(dest);
	bool written = false;

	while (wanted != ip_vs_dest_overloaded(dest)) {
		dest_set_overload(dest, wanted);
		/* Either this CPU sees a concurrent count, or that CPU the
		 * mark.
		 */
		smp_mb__after_atomic();
		wanted = dest_overloaded(dest);
		written = true;
	}
	return written;
}

/* Count one more; false: the server is closed. */
static bool count_bind(atomic_t *count)
{
	/* Fully ordered: before thresholds and mark are read, see
	 * dest_update_overload(), ip_vs_dest_set_thresholds().
	 */
	if (likely(atomic_inc_return(count) > 0))
		return true;
	atomic_dec(count);
	return false;
}

/**
 * ip_vs_dest_bind() - count a new connection of a server
 * @dest: server
 *
 * The connection counts as inactive until ip_vs_dest_set_active().
 *
 * Context: RCU read side, softirq or process.
 *
 * Return: false: the server is being destroyed.
 */
bool ip_vs_dest_bind(struct ip_vs_dest *dest)
{
	bool marked = false;

	if (unlikely(!count_bind(&dest->total)))
		return false;
	if (unlikely(READ_ONCE(dest->u_threshold)))
		marked = dest_update_overload(dest);
	ip_vs_sched_load_changed(dest, marked);
	return true;
}

/**
 * ip_vs_dest_bind_template() - count a new template of a server
 * @dest: server
 *
 * Context: RCU read side, softirq or process.
 *
 * Return: as ip_vs_dest_bind().
 */
bool ip_vs_dest_bind_template(struct ip_vs_dest *dest)
{
	return count_bind(&dest->persist);
}

/**
 * ip_vs_dest_unbind_template() - stop counting a template of a server
 * @dest: server
 *
 * Context: RCU read side, softirq or process.
 */
void ip_vs_dest_unbind_template(struct ip_vs_dest *dest)
{
	atomic_dec(&dest->persist);
}

/**
 * ip_vs_dest_close() - let no connection bind to a server any more
 * @dest: server in the trash
 *
 * A packet may have found it before its removal, or by a template that has ended
 * since: closing and binding exclude each other.
 *
 * Context: process, configuration mutex held.
 *
 * Return: false: it has connections or templates, and is not closed.
 */
bool ip_vs_dest_close(struct ip_vs_dest *dest)
{
	if (atomic_cmpxchg(&dest->total, 0, COUNT_CLOSED))
		return false;
	if (!atomic_cmpxchg(&dest->persist, 0, COUNT_CLOSED))
		return true;
	atomic_sub(COUNT_CLOSED, &dest->total);
	return false;
}

/**
 * ip_vs_dest_unbind() - stop counting a connection of a server
 * @dest: server
 * @active: it counted as active
 *
 * Context: RCU read side, softirq or process.
 */
void ip_vs_dest_unbind(struct ip_vs_dest *dest, bool active)
{
	bool marked = false;

	if (active)
		atomic_dec(&dest->active);
	atomic_dec(&dest->total);
	/* As in count_bind(). */
	smp_mb__after_atomic();
	if (unlikely(ip_vs_dest_overloaded(dest)))
		marked = dest_update_overload(dest);
	ip_vs_sched_load_changed(dest, marked);
}

/**
 * ip_vs_dest_set_active() - count a connection as active or inactive
 * @dest: its server
 * @active: true: active; false: inactive
 *
 * Context: RCU read side, softirq or process.
 */
void ip_vs_dest_set_active(struct ip_vs_dest *dest, bool active)
{
	if (active)
		atomic_inc(&dest->active);
	else
		atomic_dec(&dest->active);
	ip_vs_sched_load_changed(dest, false);
}

/**
 * ip_vs_dest_set_thresholds() - set when a server counts as overloaded
 * @dest: server
 * @upper: connections from which on it does, 0: never
 * @lower: connections below which it no longer does, 0: 3/4 of @upper
 *
 * New thresholds take effect at once; setting the same ones changes nothing.
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_dest_set_thresholds(struct ip_vs_dest *dest, u32 upper, u32 lower)
{
	if (dest->u_threshold == upper && dest->l_threshold == lower)
		return;
	WRITE_ONCE(dest->u_threshold, upper);
	WRITE_ONCE(dest->l_threshold, lower);
	/* CPUs that count later see them, and this one sees earlier counts. */
	smp_mb();
	dest_update_overload(dest);
}
