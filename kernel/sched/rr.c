// SPDX-License-Identifier: GPL-2.0-only
/*
 * rr: round robin, the servers in turn.
 *
 * Rule: the first usable server after the one chosen last, in list order,
 * starting again at the head; only weight 0 matters: not usable.  When the
 * server chosen last is deleted, the one after it is next.  Source: J.  Nagle,
 * "On Packet Switches With Infinite Storage", RFC 970, 1985, for turns as a
 * fair share; the rule itself is in ipvsadm(8).
 *
 * A pick writes one shared word, the position of the last choice, by compare
 * and exchange; it takes no lock, and with a single usable server writes
 * nothing.
 */
#include "packet.h"
#include "sched/table.h"
#include "sched/weight_index.h"
#include "server/dest.h"
#include "server/sched.h"

static struct ip_vs_dest *rr_pick(struct ip_vs_sched_state *state,
				  const struct ip_vs_packet *pkt)
{
	struct ip_vs_weight_index *idx;
	struct ip_vs_dest *dest;
	s64 last, next;
	u32 pos, seq;

	idx = rcu_dereference(ip_vs_weight_sched(state)->index);
	last = atomic64_read(&idx->cursor);
	do {
		do {
			seq = read_seqcount_begin(&idx->seq);
			pos = ip_vs_weight_index_next(idx,
						      ip_vs_cursor_pos(last),
						      1);
			if (pos == IP_VS_POS_NONE)
				pos = ip_vs_weight_index_next(idx,
							      IP_VS_POS_HEAD,
							      1);
			dest = pos == IP_VS_POS_NONE ? NULL :
			       rcu_dereference(idx->dest[pos]);
		} while (read_seqcount_retry(&idx->seq, seq));
		if (!dest) {
			ip_vs_sched_complain(state, NULL);
			return NULL;
		}
		next = ip_vs_cursor(pos, 0);
	} while (next != last &&
		 !atomic64_try_cmpxchg(&idx->cursor, &last, next));
	return dest;
}

const struct ip_vs_scheduler ip_vs_sched_rr = {
	.name = "rr",
	.size = sizeof(struct ip_vs_weight_sched),
	.init = ip_vs_weight_index_init,
	.fill = ip_vs_weight_index_fill,
	.reserve = ip_vs_weight_index_reserve,
	.release = ip_vs_weight_index_free,
	.add = ip_vs_weight_index_add,
	.del = ip_vs_weight_index_del,
	.edit = ip_vs_weight_index_edit,
	.load = ip_vs_weight_index_load,
	.pick = rr_pick,
};
