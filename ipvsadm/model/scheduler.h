/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SCHEDULER_H
#define SCHEDULER_H

#include <stddef.h>
#include <stdint.h>

/* Of a service for which none was named. */
#define SCHEDULER_DEFAULT "wlc"

/**
 * enum flag_error - why a name is not that of a flag
 * @FLAG_OK: it is
 * @FLAG_UNKNOWN: no scheduler has such a flag
 * @FLAG_FOREIGN: another scheduler has it
 */
enum flag_error {
	FLAG_OK,
	FLAG_UNKNOWN,
	FLAG_FOREIGN
};

const char *scheduler_name(size_t i);
enum flag_error scheduler_flag(const char *sched, const char *name,
			       uint32_t *flag);
const char *scheduler_flag_name(const char *sched, uint32_t flag);

#endif
