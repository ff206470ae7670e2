// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs every test, or those whose name contains the argument.
 */
#include "dataplane_tests.h"

int main(int argc, char **argv)
{
	check_begin(argc, argv);
	check_set(parse_tests);
	check_set(writable_tests);
	check_set(csum_tests);
	check_set(tcp_tests);
	check_set(sctp_tests);
	check_set(track_tests);
	check_set(rows_tests);
	check_set(adjust_tests);
	return check_end();
}
