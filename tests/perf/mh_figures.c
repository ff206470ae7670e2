// SPDX-License-Identifier: GPL-2.0-only
/*
 * How evenly mh shares its table out, and how much of it moves when one server
 * goes: the real scheduler, in user space. Prints "servers least most moved",
 * the first two in slots, the last the share of the slots of servers that stay
 * which change hands, in per mille, averaged over ten removals.
 *
 * Built and drawn by "make -C tests/unit/sched figures".
 */
#include <stdio.h>
#include <string.h>
#include <linux/siphash.h>
#include <linux/workqueue.h>

#include "world.h"

#define N 4093

static struct ip_vs_packet packet_for[N];

/* A client for each slot. */
static void find_clients(void)
{
	hsiphash_key_t key = {{ 2654435761UL, 2654435761UL }};
	u32 addr;

	for (addr = 0x0b000000; addr < 0x0b040000; addr++)
		packet_for[hsiphash_1u32(addr, &key) % N] =
			packet4(addr, 1, 0x0a090001, 80, IPPROTO_UDP);
}

static void read_table(struct world *w, unsigned int owner[N])
{
	unsigned int i;

	/* what commands leave to the worker */
	shim_advance(HZ);
	for (i = 0; i < N; i++)
		owner[i] = world_pick(w, &packet_for[i])->id;
}

static void figure(unsigned int n)
{
	static unsigned int before[N], after[N], slots[MAX_SERVERS];
	unsigned int i, k, least = N, most = 0, moved = 0, stay = 0;
	struct world *w = world_new(AF_INET, 0);

	world_schedule(w, "mh");
	for (i = 1; i <= n; i++)
		world_add(w, i, 1);
	read_table(w, before);
	memset(slots, 0, sizeof(slots));
	for (i = 0; i < N; i++)
		slots[before[i]]++;
	for (i = 1; i <= n; i++) {
		least = min(least, slots[i]);
		most = max(most, slots[i]);
	}
	for (k = 0; k < 10; k++) {
		struct server *s = w->order[k * w->n / 10];
		unsigned int id = s->id;

		read_table(w, before);
		world_del(s);
		read_table(w, after);
		for (i = 0; i < N; i++) {
			if (before[i] == id)
				continue;
			stay++;
			moved += after[i] != before[i];
		}
		world_add(w, id, 1);
	}
	printf("%u %u %u %.2f\n", n, least, most, 1000. * moved / stay);
	world_free(w);
}

int main(void)
{
	static const unsigned int n[] = {
		2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000, 2000, 4000,
	};
	size_t i;

	find_clients();
	for (i = 0; i < ARRAY_SIZE(n); i++)
		figure(n[i]);
	return 0;
}
