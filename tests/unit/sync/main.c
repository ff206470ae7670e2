// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs every test, or those whose name contains the argument.
 */
#include "sync_tests.h"

unsigned long jiffies = 0xffff0000;
unsigned int shim_locks_taken;
void (*shim_other_cpu)(void);
unsigned int shim_when;

int main(int argc, char **argv)
{
	check_begin(argc, argv);
	check_set(wire_tests);
	check_set(due_tests);
	return check_end();
}
