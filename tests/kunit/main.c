// SPDX-License-Identifier: GPL-2.0-only
/*
 * The schedulers' tests of tests/unit/sched as a KUnit suite: hash vectors, the
 * worked examples, and random histories against the naive model.  Each test of
 * a group is one parameter of the group's case.
 */
#include <kunit/test.h>
#include <linux/module.h>

#include "../unit/check.h"
#include "sched_tests.h"

/* What the group's function is called for: to count its tests (wanted -1), or
 * for one of them.
 */
static struct {
	struct kunit *test;
	int wanted, seen;
	char name[KUNIT_PARAM_DESC_SIZE];
	unsigned int complaints;
} call;

void check_fail(const char *fmt, ...)
{
	struct va_format vaf;
	va_list args;

	if (call.complaints++ >= 10)
		return;
	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	KUNIT_FAIL(call.test, "%pV", &vaf);
	va_end(args);
}

void check_test(const char *name, void (*fn)(const void *arg), const void *arg)
{
	int now = call.seen++;

	if (now != call.wanted)
		return;
	strscpy(call.name, name, sizeof(call.name));
	if (!call.test)
		return;
	call.complaints = 0;
	fn(arg);
	rcu_barrier();
}

static void group_call(void (*group)(void), int wanted, struct kunit *test)
{
	call.wanted = wanted;
	call.seen = 0;
	call.test = test;
	group();
}

/* The next parameter is the number of the next test, plus one. */
static const void *group_next(void (*group)(void), const void *prev, char *desc)
{
	int i = (long)prev;

	group_call(group, i, NULL);
	if (i >= call.seen)
		return NULL;
	strscpy(desc, call.name, KUNIT_PARAM_DESC_SIZE);
	return (void *)(long)(i + 1);
}

#define GROUP(group)							\
static const void *group##_next(const void *prev, char *desc)		\
{									\
	return group_next(group, prev, desc);				\
}									\
									\
static void group##_run(struct kunit *test)				\
{									\
	group_call(group, (int)(long)test->param_value - 1, test);	\
}

void digest(void);

GROUP(digest)
GROUP(vectors)
GROUP(examples)
GROUP(histories)

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(digest_run, digest_next),
	KUNIT_CASE_PARAM(vectors_run, vectors_next),
	KUNIT_CASE_PARAM(examples_run, examples_next),
	KUNIT_CASE_PARAM(histories_run, histories_next),
	{}
};

static struct kunit_suite suite = {
	.name = "ip_vs_sched",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("unit tests of the ip_vs schedulers");
