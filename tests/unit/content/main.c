// SPDX-License-Identifier: GPL-2.0-only
/*
 * Readers and the table of persistence engines.
 */
#include "content_tests.h"

int main(int argc, char **argv)
{
	check_begin(argc, argv);
	check_set(sip_tests);
	check_set(engine_tests);
	return check_end();
}
