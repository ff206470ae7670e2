// SPDX-License-Identifier: GPL-2.0-only
/*
 * sh: source hashing.
 *
 * Rule: a table of 256 slots, assigned to the servers in list order,
 * repeatedly, to each as many consecutive ones as its weight, but at least one.
 * The slot is the multiplicative hash of the client's folded address; with flag
 * sh-port its port is added first.  The slot's server, if usable, else none;
 * with flag sh-fallback, the first usable one of the slots k + 2 * h mod 256, k
 * = 0, 1, 2 ... (h is added twice, probably by mistake, but directors have to
 * agree, so it stays.)  Source: ipvsadm(8); the hash is
 * D. E. Knuth's, "The Art of Computer Programming" 3, 6.4.
 *
 * The table is filled in place after each addition, deletion and edit, slot by
 * slot, from the first 256 servers of the list: the cost does not depend on
 * their number.
 *
 * A pick writes nothing that is shared.
 */
#include "net.h"
#include "packet.h"
#include "sched/client_hash.h"
#include "sched/table.h"
#include "server/dest.h"
#include "server/sched.h"

/* The kernel's own module may have been built with another size. */
#ifdef CONFIG_IP_VS_SH_TAB_BITS
#define SH_BITS CONFIG_IP_VS_SH_TAB_BITS
#else
#define SH_BITS 8
#endif
#define SH_SLOTS BIT(SH_BITS)

/**
 * struct sh_state - source hashing of one service
 * @state: common part of all schedulers
 * @slot: the table, NULL: no servers; RCU, configuration mutex
 */
struct sh_state {
	struct ip_vs_sched_state state;
	struct ip_vs_dest __rcu *slot[SH_SLOTS];
};

static struct sh_state *sh_state(struct ip_vs_sched_state *state)
{
	return container_of(state, struct sh_state, state);
}

static void sh_fill(struct ip_vs_sched_state *state)
{
	struct list_head *list = &state->svc->dest_list;
	struct sh_state *sh = sh_state(state);
	struct ip_vs_dest *dest;
	unsigned int i;
	int taken = 0;

	dest = list_first_entry_or_null(list, struct ip_vs_dest, list);
	for (i = 0; i < SH_SLOTS; i++) {
		rcu_assign_pointer(sh->slot[i], dest);
		if (dest && ++taken >= dest->weight) {
			dest = list_next_entry_circular(dest, list, list);
			taken = 0;
		}
	}
}

static void sh_changed(struct ip_vs_sched_state *state,
		       struct ip_vs_dest *dest)
{
	sh_fill(state);
}

static struct ip_vs_dest *sh_find(struct sh_state *sh, u32 hash, bool fallback)
{
	struct ip_vs_dest *dest = rcu_dereference(sh->slot[hash]);
	u32 k = 0;

	while (dest && !ip_vs_hash_usable(dest)) {
		if (!fallback || k == SH_SLOTS)
			return NULL;
		dest = rcu_dereference(sh->slot[(k++ + 2 * hash) % SH_SLOTS]);
	}
	return dest;
}

static struct ip_vs_dest *sh_pick(struct ip_vs_sched_state *state,
				  const struct ip_vs_packet *pkt)
{
	u32 flags = READ_ONCE(state->svc->flags);
	struct ip_vs_dest *dest;
	u32 hash;

	hash = ip_vs_hash_number(ip_vs_client_number(pkt, flags), SH_BITS);
	dest = sh_find(sh_state(state), hash, flags & IP_VS_HASH_FALLBACK);
	if (!dest)
		ip_vs_sched_complain(state, NULL);
	return dest;
}

const struct ip_vs_scheduler ip_vs_sched_sh = {
	.name = "sh",
	.size = sizeof(struct sh_state),
	.anew = true,
	.fill = sh_fill,
	.add = sh_changed,
	.del = sh_changed,
	.edit = sh_changed,
	.pick = sh_pick,
};
