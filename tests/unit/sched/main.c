// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs every test of the schedulers, or those whose name contains the argument.
 */
#include "sched_tests.h"

int main(int argc, char **argv)
{
	check_begin(argc, argv);
	vectors();
	examples();
	corners();
	histories();
	return check_end();
}
