/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SPLIT_H
#define SPLIT_H

#include <stddef.h>

/**
 * struct words - a line taken apart
 * @argv: the words, NULL at the end; the first is the program's name
 * @argc: how many
 * @size: room in @argv
 * @text: what the words are made of
 * @room: in @text
 */
struct words {
	const char **argv;
	int argc;
	int size;
	char *text;
	size_t room;
};

/* What split_line() means by -EINVAL. */
#define SPLIT_NO_TEXT	"zero byte, this is not text"

int split_line(struct words *words, const char *prog, const char *line,
	       size_t len);
void split_free(struct words *words);

#endif
