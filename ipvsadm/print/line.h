/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef LINE_H
#define LINE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What a persistence engine remembers is the longest word; see PE_TEXT. */
#define LINE_BYTES 2048

/**
 * struct line - a line while it is written
 * @len: bytes so far
 * @at: the line; a NUL follows once line_string() was asked for it
 */
struct line {
	size_t len;
	char at[LINE_BYTES];
};

void line_begin(struct line *line);
void line_word(struct line *line, const char *word);
void line_pair(struct line *line, const char *first, const char *second);
void line_number(struct line *line, uint64_t n);
void line_int(struct line *line, int64_t n);
void line_right(struct line *line, uint64_t n, size_t width);
void line_fill(struct line *line, size_t column);
void line_cut(struct line *line, size_t column);
const char *line_string(struct line *line);
void line_print(const struct line *line, FILE *out);

#endif
