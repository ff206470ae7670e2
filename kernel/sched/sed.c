// SPDX-License-Identifier: GPL-2.0-only
/*
 * sed: shortest expected delay.
 *
 * Rule: the usable server with the smallest (active + 1) / weight: how long the
 * new connection would wait there if each took one unit of time and the weight
 * were the speed.  The first in list order among equals.
 * Source: A. Weinrib and S. Shenker, "Greed is not
 * enough: adaptive load sharing in large heterogeneous systems", INFOCOM 1988.
 *
 * A pick writes as load_index.c says: nothing, or the changes since the last.
 */
#include "sched/load_index.h"
#include "sched/table.h"
#include "server/dest.h"

static struct ip_vs_load sed_measure(const struct ip_vs_dest *dest)
{
	return ip_vs_load_by_weight(dest, ip_vs_active(dest) + 1);
}

const struct ip_vs_scheduler ip_vs_sched_sed = {
	.name = "sed",
	.measure = sed_measure,
	IP_VS_LOAD_INDEX_PICK,
	IP_VS_LOAD_INDEX_OPS,
};
