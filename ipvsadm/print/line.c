// SPDX-License-Identifier: GPL-2.0-only
/*
 * A line put together from words and numbers
 *
 * Tables have tens of thousands of lines, and printf() would parse its format for
 * each of them. What has no room is left out.
 */
#include "print/line.h"

#include "print/output.h"

#include <string.h>

#define DIGITS	20	/* of UINT64_MAX */

static void line_put(struct line *line, const char *from, size_t len)
{
	size_t room = LINE_BYTES - 1 - line->len;

	if (len > room)
		len = room;
	memcpy(line->at + line->len, from, len);
	line->len += len;
}

/**
 * line_begin() - nothing is written yet
 * @line: a new line, or one to be used again
 */
void line_begin(struct line *line)
{
	line->len = 0;
}

/**
 * line_word() - write a word
 * @line: the line
 * @word: the word
 */
void line_word(struct line *line, const char *word)
{
	line_put(line, word, strlen(word));
}

/**
 * line_pair() - write two words, such as an option and its value
 * @line: the line
 * @first: one
 * @second: the other, with nothing between them
 */
void line_pair(struct line *line, const char *first, const char *second)
{
	line_word(line, first);
	line_word(line, second);
}

/* Written from the last digit to the first; returns the first one. */
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
 * line_number() - write a number
 * @line: the line
 * @n: the number
 */
void line_number(struct line *line, uint64_t n)
{
	line_right(line, n, 0);
}

/**
 * line_int() - write a number that may be negative
 * @line: the line
 * @n: the number
 */
void line_int(struct line *line, int64_t n)
{
	if (n < 0)
		line_put(line, "-", 1);
	line_number(line, n < 0 ? -(uint64_t)n : (uint64_t)n);
}

/**
 * line_right() - write a number at the right of its column
 * @line: the line
 * @n: the number
 * @width: the column's; a longer number moves what follows
 */
void line_right(struct line *line, uint64_t n, size_t width)
{
	char digits[DIGITS];
	const char *from = digits_of(n, digits);
	size_t len = digits + DIGITS - from;

	if (len < width)
		line_fill(line, line->len + width - len);
	line_put(line, from, len);
}

/**
 * line_fill() - write blanks
 * @line: the line
 * @column: up to here, if it is not there already
 */
void line_fill(struct line *line, size_t column)
{
	if (column > LINE_BYTES - 1)
		column = LINE_BYTES - 1;
	if (column <= line->len)
		return;
	memset(line->at + line->len, ' ', column - line->len);
	line->len = column;
}

/**
 * line_cut() - forget the end of the line
 * @line: the line
 * @column: where it ends, if it does not end before
 */
void line_cut(struct line *line, size_t column)
{
	if (line->len > column)
		line->len = column;
}

/**
 * line_string() - the line as a string
 * @line: the line
 *
 * Return: the line with a NUL behind it; it lasts as long as @line is not written.
 */
const char *line_string(struct line *line)
{
	line->at[line->len] = '\0';
	return line->at;
}

/**
 * line_print() - print the line as it is
 * @line: the line
 * @out: where to
 */
void line_print(const struct line *line, FILE *out)
{
	if (fwrite(line->at, 1, line->len, out) < line->len && out == stdout)
		output_failed();
}
