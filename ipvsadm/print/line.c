// SPDX-License-Identifier: GPL-2.0-only
/*
 * A line put together from words and numbers
 *
 * Tables have tens of thousands of lines, and reading a format again for each of
 * them is half of what printing a table costs. What has no room is left out.
 */
#include "print/line.h"

#include "print/output.h"

#include <string.h>

#define DIGITS	20	/* of UINT64_MAX */

static void put(struct text *text, const char *from, size_t len)
{
	size_t room = TEXT_MAX - 1 - text->len;

	if (len > room)
		len = room;
	memcpy(text->at + text->len, from, len);
	text->len += len;
}

/**
 * text_begin() - nothing is written yet
 * @text: a new line, or one to be used again
 */
void text_begin(struct text *text)
{
	text->len = 0;
}

/**
 * text_word() - write a word
 * @text: the line
 * @word: the word
 */
void text_word(struct text *text, const char *word)
{
	put(text, word, strlen(word));
}

/**
 * text_pair() - write two words, such as an option and its value
 * @text: the line
 * @first: one
 * @second: the other, with nothing between them
 */
void text_pair(struct text *text, const char *first, const char *second)
{
	text_word(text, first);
	text_word(text, second);
}

/* From the last digit to the first; returns where the first one is. */
static const char *digits_of(uint64_t n, char digits[DIGITS])
{
	char *to = digits + DIGITS;

	do {
		*--to = '0' + n % 10;
		n /= 10;
	} while (n);
	return to;
}

/**
 * text_number() - write a number
 * @text: the line
 * @n: the number
 */
void text_number(struct text *text, uint64_t n)
{
	text_right(text, n, 0);
}

/**
 * text_int() - write a number that may be negative
 * @text: the line
 * @n: the number
 */
void text_int(struct text *text, int64_t n)
{
	if (n < 0)
		put(text, "-", 1);
	text_number(text, n < 0 ? -(uint64_t)n : (uint64_t)n);
}

/**
 * text_right() - write a number at the right of its column
 * @text: the line
 * @n: the number
 * @width: the column's; a longer number moves what follows
 */
void text_right(struct text *text, uint64_t n, size_t width)
{
	char digits[DIGITS];
	const char *from = digits_of(n, digits);
	size_t len = digits + DIGITS - from;

	if (len < width)
		text_fill(text, text->len + width - len);
	put(text, from, len);
}

/**
 * text_fill() - write blanks
 * @text: the line
 * @column: up to here, if it is not there already
 */
void text_fill(struct text *text, size_t column)
{
	if (column > TEXT_MAX - 1)
		column = TEXT_MAX - 1;
	if (column <= text->len)
		return;
	memset(text->at + text->len, ' ', column - text->len);
	text->len = column;
}

/**
 * text_cut() - forget the end of the line
 * @text: the line
 * @column: where it ends, if it does not end before
 */
void text_cut(struct text *text, size_t column)
{
	if (text->len > column)
		text->len = column;
}

/**
 * text_string() - the line as a string
 * @text: the line
 *
 * Return: the line with a NUL behind it; it lasts as long as @text is not written.
 */
const char *text_string(struct text *text)
{
	text->at[text->len] = '\0';
	return text->at;
}

/**
 * text_print() - print the line as it is
 * @text: the line
 * @out: where to
 */
void text_print(const struct text *text, FILE *out)
{
	if (fwrite(text->at, 1, text->len, out) < text->len && out == stdout)
		output_failed();
}
