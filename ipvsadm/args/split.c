// SPDX-License-Identifier: GPL-2.0-only
/*
 * A line of a restore file to words
 */
#include "args/split.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define WORD_LIMIT	4096

static bool is_separator(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool words_add(struct words *words, const char *word)
{
	if (words->argc + 1 >= words->size) {
		int size = words->size ? 2 * words->size : 32;
		const char **argv = reallocarray(words->argv, size,
						 sizeof(*argv));

		if (!argv)
			return false;
		words->argv = argv;
		words->size = size;
	}
	words->argv[words->argc++] = word;
	words->argv[words->argc] = NULL;
	return true;
}

/* Saved scripts may name the program in each line. */
static bool is_noise(const char *word)
{
	return !strcmp(word, "ipvsadm");
}

static bool words_make_room(struct words *words, size_t room)
{
	char *text;

	if (room <= words->room)
		return true;
	text = realloc(words->text, room);
	if (!text)
		return false;
	words->text = text;
	words->room = room;
	return true;
}

/**
 * split_line() - take a line apart
 * @words: the result: all zero, or an earlier one, whose memory is used again;
 *	split_free() it in any case
 * @prog: the program's name, which comes first
 * @line: the line
 * @len: its length
 *
 * There are no quotes and no escapes. A line whose first word begins with a
 * hash is a comment. Words of more than 4096 bytes fall apart.
 *
 * Return: 0 with the words after the name, if any; -EINVAL for a line with a zero
 * byte, or -ENOMEM.
 */
int split_line(struct words *words, const char *prog, const char *line,
	       size_t len)
{
	size_t i = 0;
	char *to;

	words->argc = 0;
	if (memchr(line, '\0', len))
		return -EINVAL;
	if (!words_make_room(words, len + len / WORD_LIMIT + 2) ||
	    !words_add(words, prog))
		return -ENOMEM;
	to = words->text;
	while (i < len) {
		char *word = to;

		while (i < len && is_separator(line[i]))
			i++;
		while (i < len && !is_separator(line[i]) &&
		       to - word < WORD_LIMIT)
			*to++ = line[i++];
		*to = '\0';
		if (to == word || is_noise(word))
			continue;
		if (words->argc == 1 && *word == '#')
			break;
		if (!words_add(words, word))
			return -ENOMEM;
		to++;
	}
	return 0;
}

/**
 * split_free() - free what split_line() allocated
 * @words: the words
 */
void split_free(struct words *words)
{
	free(words->argv);
	free(words->text);
}
