// SPDX-License-Identifier: GPL-2.0-only
/*
 * The schedulers, and what the flags of each are called
 */
#include "model/scheduler.h"

#include "model/util.h"

#include <linux/ip_vs.h>
#include <string.h>

static const char *const schedulers[] = {
	"rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed",
	"nq", "fo", "ovf", "mh", "twos", "none"
};

/* The first three are for schedulers that have no names for their flags. */
static const struct {
	const char *name;
	const char *sched;
	uint32_t flag;
} flags[] = {
	{ "flag-1", NULL, IP_VS_SVC_F_SCHED1 },
	{ "flag-2", NULL, IP_VS_SVC_F_SCHED2 },
	{ "flag-3", NULL, IP_VS_SVC_F_SCHED3 },
	{ "sh-fallback", "sh", IP_VS_SVC_F_SCHED1 },
	{ "sh-port", "sh", IP_VS_SVC_F_SCHED2 },
	{ "mh-fallback", "mh", IP_VS_SVC_F_SCHED1 },
	{ "mh-port", "mh", IP_VS_SVC_F_SCHED2 },
};

/**
 * scheduler_name() - one scheduler after another
 * @i: from 0
 *
 * Return: its name, or NULL behind the last.
 */
const char *scheduler_name(size_t i)
{
	return i < ARRAY_SIZE(schedulers) ? schedulers[i] : NULL;
}

/**
 * scheduler_flag() - the flag of a scheduler that a name means
 * @sched: the scheduler
 * @name: the name; flag-1 to flag-3 are flags of any scheduler
 * @flag: IP_VS_SVC_F_SCHED*; untouched on failure
 *
 * Return: FLAG_OK, or what is wrong with the name.
 */
enum flag_error scheduler_flag(const char *sched, const char *name,
			       uint32_t *flag)
{
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		if (strcmp(name, flags[i].name))
			continue;
		if (flags[i].sched && strcmp(sched, flags[i].sched))
			return FLAG_FOREIGN;
		*flag = flags[i].flag;
		return FLAG_OK;
	}
	return FLAG_UNKNOWN;
}

/**
 * scheduler_flag_name() - what a scheduler calls a flag
 * @sched: the scheduler
 * @flag: one of IP_VS_SVC_F_SCHED*
 *
 * Return: a constant.
 */
const char *scheduler_flag_name(const char *sched, uint32_t flag)
{
	const char *name = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (flags[i].flag == flag &&
		    (!flags[i].sched || !strcmp(sched, flags[i].sched)))
			name = flags[i].name;
	return name;
}
