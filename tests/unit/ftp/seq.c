// SPDX-License-Identifier: GPL-2.0-only
/*
 * How sequence numbers change.
 */
#include "conn/seq.h"
#include "ftp_tests.h"

/* The rows of in-tree's table, for sets that come from a peer. */
static void peers_sets_are_in_trees(void)
{
	const struct ip_vs_seq set = {
		.init_seq = 1000, .delta = 5, .previous_delta = 2,
	};

	CHECK(ip_vs_seq_there(&set, 999) == 1001);
	CHECK(ip_vs_seq_there(&set, 1000) == 1002);
	CHECK(ip_vs_seq_there(&set, 1001) == 1006);
	CHECK(ip_vs_seq_back(&set, 1005) == 1003);
	CHECK(ip_vs_seq_back(&set, 1006) == 1001);
	CHECK(ip_vs_seq_back(&set, 900) == 898);
}

/* A constant: what a splice is. */
static void equal_deltas_are_a_constant(void)
{
	const struct ip_vs_seq set = {
		.init_seq = 0x80000000, .delta = 0xfffffff0,
		.previous_delta = 0xfffffff0,
	};
	u32 i, seq;

	for (i = 0; i < 10000; i++) {
		seq = check_random();
		CHECK(ip_vs_seq_there(&set, seq) == seq - 16);
		CHECK(ip_vs_seq_back(&set, seq - 16) == seq);
	}
}

/* Numbers wrap; what is behind the replaced text goes there and back. */
static void numbers_outside_the_text_go_there_and_back(void)
{
	u32 i, n, seq;

	for (i = 0; i < 10000; i++) {
		struct ip_vs_seq set = { .delta = check_random() % 100 - 50 };

		ip_vs_seq_start(&set, check_random());
		ip_vs_seq_extend(&set, check_random() % 24 + 1,
				 check_random() % 24 + 1);
		for (n = 0; n < 40; n++) {
			seq = set.init_seq + n - 8;
			if (n > 8 && n - 8 < set.old_len)
				continue;
			CHECK(ip_vs_seq_back(&set, ip_vs_seq_there(&set, seq)) ==
			      seq, "%u to %u, %d", set.old_len, set.new_len,
			      (int)n - 8);
		}
	}
}

/* Inside the text nothing is acknowledged that was not there. */
static void acknowledgments_inside_the_text_stay_in_it(void)
{
	u32 old, new, into, ack;

	for (old = 1; old < 24; old++)
		for (new = 1; new < 24; new++) {
			struct ip_vs_seq set = { .delta = 7 };

			ip_vs_seq_start(&set, 0xfffffff8);
			ip_vs_seq_extend(&set, old, new);
			for (into = 0; into < new; into++) {
				ack = ip_vs_seq_back(&set, set.init_seq + 7 +
						     into);
				CHECK(ack - set.init_seq <= old);
			}
			ack = ip_vs_seq_back(&set, set.init_seq + 7 + new);
			CHECK(ack == set.init_seq + old);
		}
}

const struct test seq_tests[] = {
	{ "a peer's sets are in-tree's", peers_sets_are_in_trees },
	{ "equal deltas are a constant", equal_deltas_are_a_constant },
	{ "numbers outside the text go there and back",
	  numbers_outside_the_text_go_there_and_back },
	{ "acknowledgments inside the text stay in it",
	  acknowledgments_inside_the_text_stay_in_it },
	{}
};
