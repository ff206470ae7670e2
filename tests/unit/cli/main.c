// SPDX-License-Identifier: GPL-2.0-only
/*
 * Units of ipvsadm, in user space, under the sanitizers
 */
#include "cli_tests.h"

#include <stdlib.h>

static FILE *stream;
static char *text;
static size_t size;

FILE *text_open(void)
{
	free(text);
	text = NULL;
	stream = open_memstream(&text, &size);
	if (!stream)
		abort();
	return stream;
}

const char *text_close(void)
{
	fclose(stream);
	return text;
}

int main(int argc, char **argv)
{
	check_begin(argc, argv);
	check_set(parse_tests);
	check_set(hints_tests);
	check_set(filter_tests);
	check_set(line_tests);
	check_set(split_tests);
	check_set(options_tests);
	check_set(order_tests);
	check_set(lines_tests);
	check_set(codec_tests);
	check_set(ext_tests);
	check_set(diff_tests);
	check_set(watch_rows_tests);
	free(text);
	return check_end();
}
