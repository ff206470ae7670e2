// SPDX-License-Identifier: GPL-2.0-only
#include "print/line.h"
#include "cli_tests.h"

#include <stdint.h>
#include <string.h>

static void test_numbers(void)
{
	struct line text;

	line_begin(&text);
	line_number(&text, 0);
	line_word(&text, " ");
	line_number(&text, UINT64_MAX);
	line_word(&text, " ");
	line_int(&text, INT64_MIN);
	line_word(&text, " ");
	line_int(&text, INT64_MAX);
	CHECK_TEXT(line_string(&text),
		   "0 18446744073709551615 -9223372036854775808 9223372036854775807");
}

static void test_columns(void)
{
	struct line text;

	line_begin(&text);
	line_right(&text, 7, 3);
	line_right(&text, 1234, 3);
	line_pair(&text, "|", "left");
	line_fill(&text, 15);
	line_word(&text, "|");
	line_fill(&text, 3);
	CHECK_TEXT(line_string(&text), "  71234|left   |");
	line_cut(&text, 40);
	line_cut(&text, 4);
	CHECK_TEXT(line_string(&text), "  71");
	line_begin(&text);
	CHECK_TEXT(line_string(&text), "");
}

static void test_no_room(void)
{
	char long_word[LINE_BYTES + 10];
	struct line text;

	memset(long_word, 'x', sizeof(long_word) - 1);
	long_word[sizeof(long_word) - 1] = '\0';
	line_begin(&text);
	line_word(&text, "y");
	line_word(&text, long_word);
	line_number(&text, 12345);
	line_fill(&text, SIZE_MAX);
	CHECK(strlen(line_string(&text)) == LINE_BYTES - 1);
	CHECK(text.at[LINE_BYTES - 2] == 'x');
	line_cut(&text, LINE_BYTES - 3);
	line_right(&text, 12345, 100);
	CHECK(text.len == LINE_BYTES - 1);
}

const struct test line_tests[] = {
	{ "line: numbers", test_numbers },
	{ "line: columns", test_columns },
	{ "line: what does not fit is cut", test_no_room },
	{}
};
