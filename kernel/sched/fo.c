// SPDX-License-Identifier: GPL-2.0-only
/*
 * fo: weighted failover.
 *
 * Rule: the usable server with the largest weight; the first in list order
 * among equals.  In load_index.c, load is 1 / weight.
 * Source: ipvsadm(8).
 *
 * A pick writes as load_index.c says: nothing, or the changes since the last.
 */
#include "sched/load_index.h"
#include "sched/table.h"
#include "server/dest.h"

static struct ip_vs_load fo_measure(const struct ip_vs_dest *dest)
{
	return ip_vs_load_by_weight(dest, 1);
}

const struct ip_vs_scheduler ip_vs_sched_fo = {
	.name = "fo",
	.measure = fo_measure,
	IP_VS_LOAD_INDEX_PICK,
	IP_VS_LOAD_INDEX_OPS,
};
