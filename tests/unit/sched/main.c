// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs every test of the schedulers; see tests/unit/sched/run.
 */
#include <stdarg.h>
#include <stdio.h>

#include "test.h"

static unsigned int passed, failed, complaints;

void wrong(const char *fmt, ...)
{
	va_list args;

	if (complaints++ >= 10)
		return;
	printf("# ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
}

void test(const char *name, void (*fn)(const void *arg), const void *arg)
{
	complaints = 0;
	fn(arg);
	if (complaints)
		failed++;
	else
		passed++;
	printf("%s %u - %s\n", complaints ? "not ok" : "ok", passed + failed,
	       name);
	fflush(stdout);
}

int main(void)
{
	vectors();
	examples();
	corners();
	histories();
	printf("%u passed, %u failed, 0 skipped\n", passed, failed);
	return failed ? 1 : 0;
}
