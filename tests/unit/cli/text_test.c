// SPDX-License-Identifier: GPL-2.0-only
#include "print/line.h"
#include "test.h"

#include <stdint.h>
#include <string.h>

static void test_numbers(void)
{
	struct text text;

	text_begin(&text);
	text_number(&text, 0);
	text_word(&text, " ");
	text_number(&text, UINT64_MAX);
	text_word(&text, " ");
	text_int(&text, INT64_MIN);
	text_word(&text, " ");
	text_int(&text, INT64_MAX);
	CHECK_TEXT(text_string(&text),
		   "0 18446744073709551615 -9223372036854775808 9223372036854775807");
}

static void test_columns(void)
{
	struct text text;

	text_begin(&text);
	text_right(&text, 7, 3);
	text_right(&text, 1234, 3);
	text_pair(&text, "|", "left");
	text_fill(&text, 15);
	text_word(&text, "|");
	text_fill(&text, 3);
	CHECK_TEXT(text_string(&text), "  71234|left   |");
	text_cut(&text, 40);
	text_cut(&text, 4);
	CHECK_TEXT(text_string(&text), "  71");
	text_begin(&text);
	CHECK_TEXT(text_string(&text), "");
}

static void test_no_room(void)
{
	char long_word[TEXT_MAX + 10];
	struct text text;

	memset(long_word, 'x', sizeof(long_word) - 1);
	long_word[sizeof(long_word) - 1] = '\0';
	text_begin(&text);
	text_word(&text, "y");
	text_word(&text, long_word);
	text_number(&text, 12345);
	text_fill(&text, SIZE_MAX);
	CHECK(strlen(text_string(&text)) == TEXT_MAX - 1);
	CHECK(text.at[TEXT_MAX - 2] == 'x');
	text_cut(&text, TEXT_MAX - 3);
	text_right(&text, 12345, 100);
	CHECK(text.len == TEXT_MAX - 1);
}

void test_text(void)
{
	test_numbers();
	test_columns();
	test_no_room();
}
