// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs every test, or those whose name contains the argument.
 */
#include "ftp_tests.h"

void (*shim_other_cpu)(void);
unsigned int shim_when;
unsigned long jiffies;
unsigned int shim_locks_taken;

int main(int argc, char **argv)
{
	check_begin(argc, argv);
	check_set(text_tests);
	check_set(control_tests);
	check_set(seq_tests);
	return check_end();
}
