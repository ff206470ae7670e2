/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TEXT_H
#define TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What a persistence engine remembers is the longest word; see PE_TEXT. */
#define TEXT_MAX 2048

/**
 * struct text - a line while it is written
 * @len: bytes so far
 * @at: the line; a NUL follows once text_string() was asked for it
 */
struct text {
	size_t len;
	char at[TEXT_MAX];
};

void text_begin(struct text *text);
void text_word(struct text *text, const char *word);
void text_pair(struct text *text, const char *first, const char *second);
void text_number(struct text *text, uint64_t n);
void text_int(struct text *text, int64_t n);
void text_right(struct text *text, uint64_t n, size_t width);
void text_fill(struct text *text, size_t column);
void text_cut(struct text *text, size_t column);
const char *text_string(struct text *text);
void text_print(const struct text *text, FILE *out);

#endif
