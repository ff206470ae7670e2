// SPDX-License-Identifier: GPL-2.0-only
#include "args/split.h"
#include "cli_tests.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The words of a line, each in angle brackets. */
static const char *split(const char *line)
{
	struct words words = { 0 };
	FILE *out = text_open();

	split_line(&words, "ipvsadm", line, strlen(line));
	for (int i = 1; i < words.argc; i++)
		fprintf(out, "<%s>", words.argv[i]);
	CHECK(!words.argv[words.argc]);
	split_free(&words);
	return text_close();
}

static void test_lines(void)
{
	CHECK_TEXT(split(""), "");
	CHECK_TEXT(split("  \t\r"), "");
	CHECK_TEXT(split("-A -t x"), "<-A><-t><x>");
	CHECK_TEXT(split("  -A\t-t  x \r"), "<-A><-t><x>");
	CHECK_TEXT(split("ipvsadm -A ipvsadm"), "<-A>");
	CHECK_TEXT(split("/sbin/ipvsadm -A"), "</sbin/ipvsadm><-A>");
	CHECK_TEXT(split("# -A"), "");
	CHECK_TEXT(split("  #-A"), "");
	CHECK_TEXT(split("-A # x"), "<-A><#><x>");
	CHECK_TEXT(split("\"a b\" \\"), "<\"a><b\"><\\>");
	CHECK_TEXT(split("a\fb"), "<a\fb>");
}

static void test_long_word(void)
{
	struct words words = { 0 };
	char line[9000];

	memset(line, 'r', sizeof(line));
	CHECK(!split_line(&words, "x", line, sizeof(line)));
	CHECK(words.argc == 4);
	CHECK(strlen(words.argv[1]) == 4096);
	CHECK(strlen(words.argv[3]) == sizeof(line) - 2 * 4096);
	split_free(&words);
}

static void test_many_words(void)
{
	struct words words = { 0 };
	char line[2000];

	for (size_t i = 0; i < sizeof(line); i += 2)
		memcpy(line + i, "a ", 2);
	CHECK(!split_line(&words, "x", line, sizeof(line)));
	CHECK(words.argc == 1001);
	split_free(&words);
}

static void test_zero_byte(void)
{
	struct words words = { 0 };

	CHECK(split_line(&words, "x", "-A\0-t", 5) == -EINVAL);
	split_free(&words);
}

const struct test split_tests[] = {
	{ "split: lines are split", test_lines },
	{ "split: a long word", test_long_word },
	{ "split: many words", test_many_words },
	{ "split: a zero byte is no text", test_zero_byte },
	{}
};
