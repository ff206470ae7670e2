// SPDX-License-Identifier: GPL-2.0-only
/*
 * wrr: round robin by weight.
 *
 * Rule: walk the list in rounds and take every server that is not overloaded
 * and has at least the current weight cw.  After each round cw falls by di, the
 * gcd of all weights, and starts again at mw = M - (di - 1), M being the
 * largest weight.  Weights 4, 3, 2 (A, B, C; C is the newest) and cw = 4 give A
 * BA CBA CBA.  An addition, deletion or edit restarts the round at the head of
 * the list and moves cw to one of the new steps, but does not reset it.  The
 * exact rule, failures included, is the in-tree module's; the idea is that of
 * M.  Katevenis et al., "Weighted round-robin cell multiplexing in a
 * general-purpose ATM switch chip", IEEE JSAC 9(8), 1991.
 *
 * The walk does not visit each server: the index finds the next one with enough
 * weight, and rounds that would find none are skipped in one step, whatever the
 * weights are.
 *
 * A pick writes one shared word, its position and cw, by compare and exchange;
 * it takes no lock.
 */
#include <linux/kernel.h>

#include "packet.h"
#include "sched/table.h"
#include "sched/weight_index.h"
#include "server/dest.h"
#include "server/sched.h"

/**
 * struct wrr_walk - a pick in progress
 * @pos: current position; in the end, that of the server taken
 * @cw: the current weight
 */
struct wrr_walk {
	u32 pos;
	s32 cw;
};

static s32 wrr_step(const struct ip_vs_weight_index *idx)
{
	return READ_ONCE(idx->node[1].gcd) ?: 1;
}

static s32 wrr_max(const struct ip_vs_weight_index *idx)
{
	return (s32)READ_ONCE(idx->node[1].top) - (wrr_step(idx) - 1);
}

/* End of a round: returns the next cw at which the walk can find a server, or
 * the last step above zero.
 */
static s32 wrr_descend(const struct ip_vs_weight_index *idx, s32 cw, s32 di)
{
	s32 target = max_t(s32, READ_ONCE(idx->node[1].most), di);

	cw -= di;
	if (cw > target)
		cw -= roundup(cw - target, di);
	return cw;
}

/* One pick.  Returns false if there is no server; @walk is then where the next
 * pick starts.
 */
static bool wrr_walk(const struct ip_vs_weight_index *idx,
		     struct wrr_walk *walk)
{
	bool restarted = false, final = false, stop = false;
	s32 di = wrr_step(idx), mw = wrr_max(idx);
	u32 last = walk->pos;
	u32 pos;

	/* No server has any weight. */
	if (!mw)
		return false;
	for (;;) {
		/* In the last round, not beyond where this pick started. */
		pos = ip_vs_weight_index_next(idx, walk->pos,
					      max(walk->cw, 1));
		if (pos != IP_VS_POS_NONE && !(stop && pos < last)) {
			walk->pos = pos;
			return true;
		}
		if (stop) {
			walk->pos = last;
			return false;
		}
		/* The end of the list. */
		walk->pos = IP_VS_POS_HEAD;
		walk->cw = wrr_descend(idx, walk->cw, di);
		if (walk->cw <= 0) {
			walk->cw = mw;
			if (final || last == IP_VS_POS_HEAD)
				return false;
			restarted = true;
		}
		/* At the last step of cw, the next round is the last one. */
		final = walk->cw <= di;
		stop = final && restarted && last != IP_VS_POS_HEAD;
	}
}

static struct ip_vs_dest *wrr_pick(struct ip_vs_sched_state *state,
				   const struct ip_vs_packet *pkt)
{
	struct ip_vs_weight_index *idx;
	struct ip_vs_dest *dest;
	struct wrr_walk walk;
	s64 last, next;
	u32 seq;

	idx = rcu_dereference(ip_vs_weight_sched(state)->index);
	last = atomic64_read(&idx->cursor);
	do {
		do {
			seq = read_seqcount_begin(&idx->seq);
			walk.pos = ip_vs_cursor_pos(last);
			walk.cw = ip_vs_cursor_number(last);
			dest = wrr_walk(idx, &walk) ?
			       rcu_dereference(idx->dest[walk.pos]) : NULL;
		} while (read_seqcount_retry(&idx->seq, seq));
		next = ip_vs_cursor(walk.pos, walk.cw);
	} while (next != last &&
		 !atomic64_try_cmpxchg(&idx->cursor, &last, next));
	if (!dest)
		ip_vs_sched_complain(state, wrr_max(idx) ?
				     "all destinations are overloaded" : NULL);
	return dest;
}

/* After any change of the servers: restarts at the head of the list, with cw at
 * one of the new steps.
 */
static void wrr_reset(struct ip_vs_sched_state *state)
{
	struct ip_vs_weight_index *idx = ip_vs_weight_index(state);
	s64 cursor = atomic64_read(&idx->cursor), next;
	s32 di = wrr_step(idx), mw = wrr_max(idx), cw;

	do {
		cw = ip_vs_cursor_number(cursor);
		if (cw > mw || !cw)
			cw = mw;
		else if (di > 1)
			cw = rounddown(cw, di) + 1;
		next = ip_vs_cursor(IP_VS_POS_HEAD, cw);
	} while (!atomic64_try_cmpxchg(&idx->cursor, &cursor, next));
}

static void wrr_fill(struct ip_vs_sched_state *state)
{
	ip_vs_weight_index_fill(state);
	wrr_reset(state);
}

static void wrr_add(struct ip_vs_sched_state *state, struct ip_vs_dest *dest)
{
	ip_vs_weight_index_add(state, dest);
	wrr_reset(state);
}

static void wrr_del(struct ip_vs_sched_state *state, struct ip_vs_dest *dest)
{
	ip_vs_weight_index_del(state, dest);
	wrr_reset(state);
}

static void wrr_edit(struct ip_vs_sched_state *state, struct ip_vs_dest *dest)
{
	ip_vs_weight_index_edit(state, dest);
	wrr_reset(state);
}

const struct ip_vs_scheduler ip_vs_sched_wrr = {
	.name = "wrr",
	.size = sizeof(struct ip_vs_weight_sched),
	.init = ip_vs_weight_index_init,
	.fill = wrr_fill,
	.reserve = ip_vs_weight_index_reserve,
	.release = ip_vs_weight_index_free,
	.add = wrr_add,
	.del = wrr_del,
	.edit = wrr_edit,
	.load = ip_vs_weight_index_load,
	.pick = wrr_pick,
};
