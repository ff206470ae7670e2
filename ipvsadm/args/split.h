/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WORDS_H
#define WORDS_H

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

bool words_split(struct words *words, const char *prog, const char *line,
		 size_t len);
void words_free(struct words *words);

#endif
