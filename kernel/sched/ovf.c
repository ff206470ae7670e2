// SPDX-License-Identifier: GPL-2.0-only
/*
 * ovf: weighted overflow.
 *
 * Rule: of the usable servers with no more active connections than their
 * weight, the one with the largest weight; the first in list order among
 * equals.  So a server gets weight + 1 before the next one gets any.  In
 * load_index.c, load is 1 / weight.
 * Source: ipvsadm(8).
 *
 * A pick writes as load_index.c says: nothing, or the changes since the last.
 */
#include "sched/load_index.h"
#include "sched/table.h"
#include "server/dest.h"

static struct ip_vs_load ovf_measure(const struct ip_vs_dest *dest)
{
	if (ip_vs_active(dest) > READ_ONCE(dest->weight))
		return IP_VS_LOAD_NONE;
	return ip_vs_load_by_weight(dest, 1);
}

const struct ip_vs_scheduler ip_vs_sched_ovf = {
	.name = "ovf",
	.measure = ovf_measure,
	IP_VS_LOAD_INDEX_PICK,
	IP_VS_LOAD_INDEX_OPS,
};
