// SPDX-License-Identifier: GPL-2.0-only
/*
 * nq: never queue.
 *
 * Rule: the first usable server in list order that has no active connection,
 * however slow; if all have, the one with the smallest (active + 1) / weight,
 * the first in list order among equals.  In load_index.c, an idle server has
 * load 0, so that one order covers both cases.  Source: A.  Weinrib and S.
 * Shenker, "Greed is not enough: adaptive load sharing in large heterogeneous
 * systems", INFOCOM 1988.
 *
 * A pick writes as load_index.c says: nothing, or the changes since the last.
 */
#include "sched/load_index.h"
#include "sched/table.h"
#include "server/dest.h"

static struct ip_vs_load nq_measure(const struct ip_vs_dest *dest)
{
	u32 active = ip_vs_active(dest);

	return ip_vs_load_by_weight(dest, active ? active + 1 : 0);
}

const struct ip_vs_scheduler ip_vs_sched_nq = {
	.name = "nq",
	.measure = nq_measure,
	IP_VS_LOAD_INDEX_PICK,
	IP_VS_LOAD_INDEX_OPS,
};
