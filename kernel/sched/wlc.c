// SPDX-License-Identifier: GPL-2.0-only
/*
 * wlc: weighted least connections.
 *
 * Rule: the usable server with the smallest overhead / weight, overhead being
 * 256 * active + total; the first in list order among equals.
 * Source: the Linux Virtual Server project, W. Zhang,
 * "Linux Virtual Server for Scalable Network Services", OLS 2000.
 *
 * A pick writes as load_index.c says: nothing, or the changes since the last.
 */
#include "sched/load_index.h"
#include "sched/table.h"
#include "server/dest.h"

static struct ip_vs_load wlc_measure(const struct ip_vs_dest *dest)
{
	return ip_vs_load_by_weight(dest, ip_vs_overhead(dest));
}

const struct ip_vs_scheduler ip_vs_sched_wlc = {
	.name = "wlc",
	.measure = wlc_measure,
	IP_VS_LOAD_INDEX_PICK,
	IP_VS_LOAD_INDEX_OPS,
};
