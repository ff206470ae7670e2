// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rows of a live view as lines
 *
 * Numbers have a width of their own; what is left of the line is shared by a
 * bar, the server's connections beside the most that one of the service has,
 * and a line of its connections per second in the past.
 */
#include "print/watch_lines.h"

#include "model/model.h"
#include "model/util.h"
#include "print/line.h"
#include "print/listline.h"
#include "print/names.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NAME_LEAST	28
#define NUMBERS_WIDTH	(6 * 7)
#define BAR_MOST	20
#define LEVELS		8

static const char *const unicode_levels[LEVELS + 1] = {
	" ", "\u2581", "\u2582", "\u2583", "\u2584", "\u2585", "\u2586",
	"\u2587", "\u2588"
};

static const char *const plain_levels[LEVELS + 1] = {
	" ", ".", ".", ":", ":", "+", "+", "#", "#"
};

/**
 * struct watch_line - a line while it is written
 * @style: how
 * @text: the line
 * @len: bytes so far
 */
struct watch_line {
	const struct row_style *style;
	char *text;
	size_t len;
};

static void __printf(2, 3) put_text(struct watch_line *l, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(l->text + l->len, ROW_TEXT - l->len, fmt, args);
	va_end(args);
	if (n > 0)
		l->len += n < (int)(ROW_TEXT - l->len) ?
			  n : (int)(ROW_TEXT - l->len) - 1;
}

/**
 * watch_lines_scaled() - a number in at most six letters
 * @n: the number
 * @text: the result
 */
void watch_lines_scaled(uint64_t n, char text[8])
{
	static const char suffixes[] = "KMGTPE";
	int i = 0;

	if (n < 1000000) {
		snprintf(text, 8, "%" PRIu64, n);
		return;
	}
	for (n /= 1000; n >= 100000; n /= 1000)
		i++;
	snprintf(text, 8, "%" PRIu64 "%c", n, suffixes[i]);
}

static void put_scaled(struct watch_line *l, uint64_t n)
{
	char text[8];

	watch_lines_scaled(n, text);
	put_text(l, " %6s", text);
}

/*
 * Names are not cut, as two cut names may look alike: the columns behind them
 * are.
 */
static unsigned int name_width(const struct row_style *style)
{
	return style->name > NAME_LEAST ? style->name : NAME_LEAST;
}

static unsigned int numbers_end(const struct row_style *style)
{
	return name_width(style) + NUMBERS_WIDTH;
}

/* Columns for the bar and for the history. */
static void share_width(const struct row_style *style, unsigned int *bar,
			unsigned int *history)
{
	unsigned int end = numbers_end(style) + 2;
	unsigned int rest = style->width > end ? style->width - end : 0;

	*bar = rest / 2 < BAR_MOST ? rest / 2 : BAR_MOST;
	*history = rest - *bar < ROW_HISTORY ? rest - *bar : ROW_HISTORY;
}

/* @n of @most in @steps, rounded up so that only zero is empty. */
static unsigned int steps_of(uint64_t n, uint64_t most, unsigned int steps)
{
	while (most > UINT32_MAX) {
		most >>= 8;
		n >>= 8;
	}
	if (!most || n > most)
		n = most;
	return most ? (n * steps + most - 1) / most : 0;
}

static void put_bar(struct watch_line *l, uint64_t n, uint64_t most,
		    unsigned int width)
{
	const char *full = l->style->unicode ? unicode_levels[LEVELS] : "=";
	unsigned int filled = steps_of(n, most, width);

	for (unsigned int i = 0; i < width; i++)
		put_text(l, "%s", i < filled ? full : " ");
}

static void put_history(struct watch_line *l, const struct row *row,
			unsigned int width)
{
	const char *const *levels = l->style->unicode ? unicode_levels :
							plain_levels;
	unsigned int shown = row->looks < width ? row->looks : width;
	const uint64_t *h = row->history + row->looks - shown;
	uint64_t most = 0;

	for (unsigned int i = 0; i < shown; i++)
		most = h[i] > most ? h[i] : most;
	for (unsigned int i = shown; i < width; i++)
		put_text(l, " ");
	for (unsigned int i = 0; i < shown; i++)
		put_text(l, "%s", levels[steps_of(h[i], most, LEVELS)]);
}

static void name_of(struct line *name, const struct request *req,
		    const struct row *row)
{
	line_begin(name);
	if (row->is_server) {
		line_word(name, "  -> ");
		names_server(name, req, &row->svc, &row->dst);
	} else {
		listline_name(name, req, &row->svc);
	}
}

static void put_row_name(struct watch_line *l, const struct row *row)
{
	struct line name;

	name_of(&name, l->style->req, row);
	put_text(l, "%-*s", (int)name_width(l->style), line_string(&name));
}

static void put_rates(struct watch_line *l, const struct row *row)
{
	put_scaled(l, row->rate[CNT_CONNS]);
	put_scaled(l, row->rate[CNT_INBYTES]);
	put_scaled(l, row->rate[CNT_OUTBYTES]);
}

/*
 * Lines without bars are ASCII, a byte a column; lines with bars fit already.
 */
static void line_trim(struct watch_line *l)
{
	unsigned int width = l->style->width;

	if (width && width <= numbers_end(l->style) + 2 && l->len > width) {
		l->len = width;
		l->text[width] = '\0';
	}
	while (l->len && l->text[l->len - 1] == ' ')
		l->text[--l->len] = '\0';
}

/**
 * watch_lines_fit() - make the column of names wide enough
 * @style: how rows are written; its @name grows
 * @row: one of the rows
 */
void watch_lines_fit(struct row_style *style, const struct row *row)
{
	struct line name;

	name_of(&name, style->req, row);
	if (name.len > style->name)
		style->name = name.len;
}

/**
 * watch_lines_title() - what the columns are
 * @style: how
 * @text: the line
 */
void watch_lines_title(const struct row_style *style, char text[ROW_TEXT])
{
	struct watch_line l = { .style = style, .text = text };
	unsigned int bar, history;

	share_width(style, &bar, &history);
	put_text(&l, "%-*s %6s %6s %6s %6s %6s %6s", (int)name_width(style),
		 "Service, server",
		 "Weight", "Active", "Inact", "Conn/s", "In B/s", "OutB/s");
	if (bar)
		put_text(&l, " %-*.*s", bar, bar, "Active");
	if (history)
		put_text(&l, " %-*.*s", history, history, "Conn/s before");
	line_trim(&l);
}

/**
 * watch_lines_row() - the line of a service or a server
 * @style: how
 * @row: the row
 * @most: connections of the server that has the most of its service
 * @text: the line
 */
void watch_lines_row(const struct row_style *style, const struct row *row,
		     uint64_t most, char text[ROW_TEXT])
{
	struct watch_line l = { .style = style, .text = text };
	unsigned int bar, history;

	share_width(style, &bar, &history);
	put_row_name(&l, row);
	if (row->is_server) {
		put_scaled(&l, row->dst.weight);
		put_scaled(&l, row->dst.active);
		put_scaled(&l, row->dst.inactive);
	} else {
		put_text(&l, " %-6.6s %6s %6s", row->svc.sched, "", "");
	}
	put_rates(&l, row);
	if (bar && row->is_server) {
		put_text(&l, " ");
		put_bar(&l, row->dst.active, most, bar);
		put_text(&l, " ");
		put_history(&l, row, history);
	}
	line_trim(&l);
}
