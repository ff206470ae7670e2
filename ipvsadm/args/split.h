/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SPLIT_H
#define SPLIT_H

#include <stdbool.h>
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

bool split_line(struct words *words, const char *prog, const char *line,
		size_t len);
void split_free(struct words *words);

#endif
