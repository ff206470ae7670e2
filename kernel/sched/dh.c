// SPDX-License-Identifier: GPL-2.0-only
/*
 * dh: destination hashing.
 *
 * Rule: a table of 256 slots, slot i holding server number i mod n in list
 * order; the slot is the multiplicative hash of the folded destination address.
 * The slot's server, if usable, else none.  Weights do not affect the table.
 * Source: ipvsadm(8); the hash is D. E. Knuth's, "The Art of Computer
 * Programming" 3, 6.4.
 *
 * The table is filled in place after each addition and deletion, slot by slot,
 * from the first 256 servers of the list: the cost does not depend on their
 * number.
 *
 * A pick writes nothing that is shared.
 */
#include "addr.h"
#include "net.h"
#include "packet.h"
#include "sched/client_hash.h"
#include "sched/table.h"
#include "server/dest.h"
#include "server/sched.h"

#define DH_BITS 8
#define DH_SLOTS BIT(DH_BITS)

/**
 * struct dh_state - destination hashing of one service
 * @state: common part of all schedulers
 * @slot: the table, NULL: no servers; RCU, configuration mutex
 */
struct dh_state {
	struct ip_vs_sched_state state;
	struct ip_vs_dest __rcu *slot[DH_SLOTS];
};

static struct dh_state *dh_state(struct ip_vs_sched_state *state)
{
	return container_of(state, struct dh_state, state);
}

static void dh_fill(struct ip_vs_sched_state *state)
{
	struct list_head *list = &state->svc->dest_list;
	struct dh_state *dh = dh_state(state);
	struct ip_vs_dest *dest;
	unsigned int i;

	dest = list_first_entry_or_null(list, struct ip_vs_dest, list);
	for (i = 0; i < DH_SLOTS; i++) {
		rcu_assign_pointer(dh->slot[i], dest);
		if (dest)
			dest = list_next_entry_circular(dest, list, list);
	}
}

static void dh_changed(struct ip_vs_sched_state *state,
		       struct ip_vs_dest *dest)
{
	dh_fill(state);
}

static struct ip_vs_dest *dh_pick(struct ip_vs_sched_state *state,
				  const struct ip_vs_packet *pkt)
{
	/* The destination in the parsed header, even in one quoted by an error. */
	u32 number = ip_vs_addr_fold(pkt->af, ip_vs_packet_daddr(pkt));
	struct ip_vs_dest *dest;
	u32 slot;

	slot = ip_vs_hash_number(number, DH_BITS);
	dest = rcu_dereference(dh_state(state)->slot[slot]);
	if (dest && ip_vs_hash_usable(dest))
		return dest;
	ip_vs_sched_complain(state, NULL);
	return NULL;
}

const struct ip_vs_scheduler ip_vs_sched_dh = {
	.name = "dh",
	.size = sizeof(struct dh_state),
	.anew = true,
	.fill = dh_fill,
	.add = dh_changed,
	.del = dh_changed,
	.pick = dh_pick,
};
