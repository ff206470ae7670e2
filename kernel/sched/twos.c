// SPDX-License-Identifier: GPL-2.0-only
/*
 * twos: the lesser of two random choices, by weight.
 *
 * Rule: with W the sum of the weights of all usable servers, draw two random
 * numbers from 0 ...  W.  The numbers are assigned in list order, to each
 * server as many as its weight; the first one also has number 0.  Of the two
 * servers drawn take the one with the smaller overhead / weight, overhead being
 * 256 * active + total; the first drawn if they are equal.  Two choices keep
 * the fullest server's excess at the order of log(log n), where one choice
 * leaves log n / log(log n).  Source: M.  Mitzenmacher, "The Power of Two
 * Choices in Randomized Load Balancing", IEEE TPDS 12(10), 2001.
 *
 * The in-tree module multiplies in 32 bits, which overflow with many
 * connections or a large weight; the products here have 64.
 *
 * A pick writes nothing that is shared.
 */
#include <linux/math64.h>
#include <linux/random.h>

#include "packet.h"
#include "sched/load_index.h"
#include "sched/table.h"
#include "sched/weight_index.h"
#include "server/dest.h"
#include "server/sched.h"

/* A random number scaled to 0 ... @max; uneven by @max / 2^64 at most. */
static u64 twos_scale(u64 random, u64 max)
{
	return mul_u64_u64_shr(random, max + 1, 64);
}

static struct ip_vs_dest *
twos_draw(const struct ip_vs_weight_index *idx, u64 random)
{
	u64 sum = READ_ONCE(idx->node[1].sum);
	u32 pos;

	if (!sum)
		return NULL;
	pos = ip_vs_weight_index_draw(idx, twos_scale(random, sum));
	return rcu_dereference(idx->dest[pos]);
}

static struct ip_vs_dest *twos_pick(struct ip_vs_sched_state *state,
				    const struct ip_vs_packet *pkt)
{
	struct ip_vs_dest *first, *second;
	struct ip_vs_weight_index *idx;
	u64 r1 = get_random_u64();
	u64 r2 = get_random_u64();
	u32 seq;

	idx = rcu_dereference(ip_vs_weight_sched(state)->index);
	do {
		seq = read_seqcount_begin(&idx->seq);
		first = twos_draw(idx, r1);
		second = twos_draw(idx, r2);
	} while (read_seqcount_retry(&idx->seq, seq));
	if (!first || !second) {
		ip_vs_sched_complain(state, NULL);
		return NULL;
	}
	if (ip_vs_load_less(ip_vs_load_by_weight(second,
						 ip_vs_overhead(second)),
			    ip_vs_load_by_weight(first,
						 ip_vs_overhead(first))))
		return second;
	return first;
}

const struct ip_vs_scheduler ip_vs_sched_twos = {
	.name = "twos",
	.size = sizeof(struct ip_vs_weight_sched),
	.init = ip_vs_weight_index_init,
	.fill = ip_vs_weight_index_fill,
	.reserve = ip_vs_weight_index_reserve,
	.release = ip_vs_weight_index_free,
	.add = ip_vs_weight_index_add,
	.del = ip_vs_weight_index_del,
	.edit = ip_vs_weight_index_edit,
	.load = ip_vs_weight_index_load,
	.pick = twos_pick,
};
