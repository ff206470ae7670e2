// SPDX-License-Identifier: GPL-2.0-only
/*
 * What holds connections: the hash of a tuple, the table, their number.
 */
#include "conns_tests.h"

int main(int argc, char **argv)
{
	check_begin(argc, argv);
	check_set(digest_tests);
	check_set(hash_tests);
	check_set(limit_tests);
	return check_end();
}
