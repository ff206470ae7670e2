// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of schedulers.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "sched/table.h"
#include "server/sched.h"

static const struct ip_vs_scheduler *const schedulers[] = {
	&ip_vs_sched_rr,
	&ip_vs_sched_wrr,
	&ip_vs_sched_lc,
	&ip_vs_sched_wlc,
	&ip_vs_sched_lblc,
	&ip_vs_sched_lblcr,
	&ip_vs_sched_dh,
	&ip_vs_sched_sh,
	&ip_vs_sched_sed,
	&ip_vs_sched_nq,
	&ip_vs_sched_fo,
	&ip_vs_sched_ovf,
	&ip_vs_sched_mh,
	&ip_vs_sched_twos,
};

/**
 * ip_vs_sched_find() - look up a scheduler by its name
 * @name: as users write it
 *
 * Context: any.
 * Return: the scheduler, valid while the module is loaded; NULL: none.
 */
const struct ip_vs_scheduler *ip_vs_sched_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(schedulers); i++)
		if (!strcmp(schedulers[i]->name, name))
			return schedulers[i];
	return NULL;
}
