// SPDX-License-Identifier: GPL-2.0-only
/*
 * Units of ipvsadm, in user space, under the sanitizers
 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

unsigned int passed, failed;

static FILE *stream;
static char *text;
static size_t size;

void check(bool ok, const char *what, const char *file, int line)
{
	if (ok) {
		passed++;
		return;
	}
	failed++;
	printf("%s:%d: %s\n", file, line, what);
}

void check_text(const char *got, const char *want, const char *file, int line)
{
	bool ok = got && !strcmp(got, want);

	check(ok, "text differs", file, line);
	if (!ok)
		printf("  got  |%s|\n  want |%s|\n", got ? got : "(none)", want);
}

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

int main(void)
{
	test_parse();
	test_hints();
	test_filter();
	test_line();
	test_split();
	test_options();
	test_order();
	test_lines();
	test_codec();
	test_ext();
	test_diff();
	test_watch_rows();
	free(text);
	printf("%u passed, %u failed\n", passed, failed);
	return failed != 0;
}
