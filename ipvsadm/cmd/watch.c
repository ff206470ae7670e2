// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table live, on the whole screen; or one table after another, where there
 * is no screen
 */
#include "cmd/watch.h"

#include "model/errors.h"
#include "model/model.h"
#include "model/request.h"
#include "model/signals.h"
#include "model/table.h"
#include "net/query.h"
#include "print/output.h"
#include "print/screen.h"
#include "print/watch_lines.h"
#include "print/watch_rows.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Lines that do not scroll: the summary and the column titles. */
#define HEAD_LINES	2

/**
 * struct watch - a live view
 * @wire: the socket
 * @req: the command
 * @rows: what there is to see
 * @top: the first row on the screen
 * @active: active connections of all servers
 * @servers: how many servers there are
 * @conns: connections per second of all services
 * @torn: the table changed while it was read
 */
struct watch {
	struct wire *wire;
	const struct request *req;
	struct rows rows;
	size_t top;
	uint64_t active;
	size_t servers;
	uint64_t conns;
	bool torn;
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void keep_only(struct table *table, const struct service *svc)
{
	struct list *entries = &table->entries;

	for (size_t i = 0; i < entries->len; i++) {
		struct svc_entry *entry = entries->item[i];

		if (!service_is(&entry->svc, svc))
			continue;
		entries->item[i] = entries->item[0];
		entries->item[0] = entry;
		table_shrink(table, 1);
		return;
	}
	table_shrink(table, 0);
}

static void add_up(struct watch *w)
{
	w->active = 0;
	w->servers = 0;
	w->conns = 0;
	for (size_t i = 0; i < w->rows.list.len; i++) {
		const struct row *row = w->rows.list.item[i];

		if (row->is_server) {
			w->active += row->dst.active;
			w->servers++;
		} else {
			w->conns += row->rate[CNT_CONNS];
		}
	}
}

static int watch_look(struct watch *w, struct refusal *why)
{
	struct table table = { 0 };
	int err = query_table(w->wire, &table, why);

	/*
	 * An interrupted dump is shown; the first line says so until the next
	 * one.
	 */
	w->torn = err == -EAGAIN;
	if (w->torn)
		err = 0;
	if (!err && has(w->req, OPT_SERVICE))
		keep_only(&table, &w->req->svc);
	if (!err) {
		err = watch_rows_look(&w->rows, &table, now_ms());
		why->error = -err;
	}
	table_free(&table);
	add_up(w);
	return err;
}

static void print_head(const struct watch *w, char text[ROW_TEXT])
{
	size_t services = w->rows.list.len - w->servers;
	char active[8], conns[8];
	time_t now = time(NULL);
	struct tm tm;

	localtime_r(&now, &tm);
	watch_lines_scaled(w->active, active);
	watch_lines_scaled(w->conns, conns);
	snprintf(text, ROW_TEXT,
		 "IPVS %02d:%02d:%02d  every %u s  services %zu  servers %zu  active %s  conn/s %s%s",
		 tm.tm_hour, tm.tm_min, tm.tm_sec, w->req->interval, services,
		 w->servers, active, conns,
		 w->torn ? "  changed while it was read" : "");
}

/* The most active connections of one server, among those behind a service. */
static uint64_t most_active(const struct watch *w, size_t service)
{
	uint64_t most = 0;

	for (size_t i = service + 1; i < w->rows.list.len; i++) {
		const struct row *row = w->rows.list.item[i];

		if (!row->is_server)
			break;
		if (row->dst.active > most)
			most = row->dst.active;
	}
	return most;
}

static enum look look_of(const struct row *row)
{
	uint64_t conns = (uint64_t)row->dst.active + row->dst.inactive;

	if (!row->is_server)
		return LOOK_BOLD;
	if (row->dst.u_thresh && conns >= row->dst.u_thresh)
		return LOOK_RED;
	return row->dst.weight ? LOOK_PLAIN : LOOK_YELLOW;
}

/* Names are looked up for visible rows only. */
static void fit_names(const struct watch *w, struct row_style *style,
		      size_t from, size_t n)
{
	for (size_t i = from; i < w->rows.list.len && i < from + n; i++)
		watch_lines_fit(style, w->rows.list.item[i]);
}

/* Calls @line for each row from the first on the screen. */
static void each_row(const struct watch *w, const struct row_style *style,
		     size_t from, size_t n,
		     void (*line)(size_t at, enum look look, const char *text))
{
	char text[ROW_TEXT];
	uint64_t most = 0;

	for (size_t i = 0; i < w->rows.list.len && i < from + n; i++) {
		const struct row *row = w->rows.list.item[i];

		if (!row->is_server)
			most = most_active(w, i);
		if (i < from)
			continue;
		watch_lines_row(style, row, most, text);
		line(i - from, look_of(row), text);
	}
}

static void line_on_screen(size_t at, enum look look, const char *text)
{
	screen_line(at + HEAD_LINES, look, text);
}

static void watch_draw(struct watch *w)
{
	struct row_style style = { .req = w->req };
	unsigned int lines, columns;
	char text[ROW_TEXT];
	size_t rows;

	screen_size(&lines, &columns);
	rows = lines > HEAD_LINES ? lines - HEAD_LINES : 0;
	fit_names(w, &style, w->top, rows);
	style.width = columns;
	style.unicode = screen_unicode();
	screen_clear();
	print_head(w, text);
	text[columns < ROW_TEXT ? columns : ROW_TEXT - 1] = '\0';
	screen_line(0, LOOK_PLAIN, text);
	watch_lines_title(&style, text);
	screen_line(1, LOOK_TITLE, text);
	each_row(w, &style, w->top, rows, line_on_screen);
	screen_show();
}

static void scroll_to(struct watch *w, long top)
{
	long last = (long)w->rows.list.len - 1;

	if (top > last)
		top = last;
	w->top = top > 0 ? top : 0;
}

/* Returns false when it is over. */
static bool obey_keys(struct watch *w)
{
	unsigned int lines, columns;
	enum press press;
	long page;

	screen_size(&lines, &columns);
	page = lines > HEAD_LINES + 1 ? lines - HEAD_LINES - 1 : 1;
	while ((press = screen_key()) != PRESS_NOTHING) {
		switch (press) {
		case PRESS_QUIT:
			return false;
		case PRESS_UP:
			scroll_to(w, (long)w->top - 1);
			break;
		case PRESS_DOWN:
			scroll_to(w, (long)w->top + 1);
			break;
		case PRESS_PAGE_UP:
			scroll_to(w, (long)w->top - page);
			break;
		case PRESS_PAGE_DOWN:
			scroll_to(w, (long)w->top + page);
			break;
		case PRESS_FIRST:
			scroll_to(w, 0);
			break;
		case PRESS_LAST:
			scroll_to(w, (long)w->rows.list.len - page);
			break;
		default:
			break;
		}
	}
	return true;
}

static int watch_screen(struct watch *w, struct refusal *why)
{
	struct pollfd keys = { .fd = STDIN_FILENO, .events = POLLIN };
	uint64_t next = now_ms();
	bool on = true;
	int err = 0;

	while (on && !signals_stop_asked()) {
		uint64_t now = now_ms();

		if (now >= next) {
			err = watch_look(w, why);
			if (err)
				break;
			scroll_to(w, w->top);
			next = now + 1000 * w->req->interval;
		}
		watch_draw(w);
		now = now_ms();
		poll(&keys, 1, now < next ? next - now : 0);
		on = obey_keys(w) && !(keys.revents & (POLLHUP | POLLERR));
	}
	return err;
}

static void line_on_paper(size_t at, enum look look, const char *text)
{
	(void)at;
	(void)look;
	if (signals_stop_asked() || output_broken())
		return;
	puts(text);
}

static int print_once(struct watch *w, struct refusal *why)
{
	struct row_style style = { .req = w->req };
	char text[ROW_TEXT];
	int err = watch_look(w, why);

	if (err)
		return err;
	fit_names(w, &style, 0, w->rows.list.len);
	print_head(w, text);
	puts(text);
	watch_lines_title(&style, text);
	puts(text);
	each_row(w, &style, 0, w->rows.list.len, line_on_paper);
	return 0;
}

static int watch_paper(struct watch *w, struct refusal *why)
{
	struct pollfd reader = { .fd = STDOUT_FILENO };
	int err = 0, gone = 0;

	while (!err && !gone && !signals_stop_asked()) {
		err = print_once(w, why);
		if (output_flush())
			break;
		if (!err)
			gone = poll(&reader, 1, 1000 * w->req->interval) > 0;
	}
	return err;
}

/**
 * watch_run() - execute --watch
 * @wire: the socket
 * @req: the command
 *
 * Return: exit status; messages are printed.
 */
int watch_run(struct wire *wire, const struct request *req)
{
	struct watch w = { .wire = wire, .req = req };
	struct refusal why;
	int err;

	signals_prepare();
	if (screen_open()) {
		err = watch_screen(&w, &why);
		screen_close();
	} else {
		err = watch_paper(&w, &why);
	}
	watch_rows_free(&w.rows);
	if (signals_stop_asked())
		output_abandon();
	if (!err || signals_stop_asked())
		return EXIT_OK;
	refusal_print(CMD_LIST, &why);
	return EXIT_LIST;
}
