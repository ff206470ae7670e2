// SPDX-License-Identifier: GPL-2.0-only
/*
 * lc: least connections.
 *
 * Rule: the usable server with the smallest overhead, 256 * active + total;
 * the first in list order among equals.  Only weight 0 matters: not usable.
 * Source: the Linux Virtual Server project, W. Zhang,
 * "Linux Virtual Server for Scalable Network Services", OLS 2000.
 *
 * A pick writes as load_index.c says: nothing, or the changes since the last.
 */
#include "sched/load_index.h"
#include "sched/table.h"
#include "server/dest.h"

static struct ip_vs_load lc_measure(const struct ip_vs_dest *dest)
{
	if (!ip_vs_dest_usable(dest))
		return IP_VS_LOAD_NONE;
	return (struct ip_vs_load){
		.cost = ip_vs_overhead(dest),
		.share = 1,
	};
}

const struct ip_vs_scheduler ip_vs_sched_lc = {
	.name = "lc",
	.measure = lc_measure,
	IP_VS_LOAD_INDEX_PICK,
	IP_VS_LOAD_INDEX_OPS,
};
