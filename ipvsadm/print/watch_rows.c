// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rows of a live view
 *
 * Rates are differences of counters between two looks; the first look shows the
 * kernel's estimates, which are means over some seconds.
 */
#include "print/watch_rows.h"

#include "model/model.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

static int row_order(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int r = service_identity(&x->svc, &y->svc);

	if (!r)
		r = x->is_server - y->is_server;
	return r || !x->is_server ? r : dest_identity(&x->dst, &y->dst);
}

static const struct stats *stats_of(const struct row *row)
{
	return row->is_server ? &row->dst.stats : &row->svc.stats;
}

/* A counter that decreased was zeroed meanwhile. */
static uint64_t per_second(uint64_t before, uint64_t now, uint64_t passed_ms)
{
	if (now < before)
		return 0;
	return ((now - before) * 1000 + passed_ms / 2) / passed_ms;
}

static void set_rates(struct row *row, const struct stats *before,
		      uint64_t passed_ms)
{
	const struct stats *now = stats_of(row);

	for (int i = 0; i < CNT_CPS; i++)
		row->rate[i] = before && passed_ms ?
			       per_second(before->v[i], now->v[i], passed_ms) :
			       now->v[CNT_CPS + i];
	if (row->looks == ROW_HISTORY)
		memmove(row->history, row->history + 1,
			(ROW_HISTORY - 1) * sizeof(row->history[0]));
	else
		row->looks++;
	row->history[row->looks - 1] = row->rate[CNT_CONNS];
}

static struct row *find_or_add(struct rows *rows, const struct row *key,
			       bool *known)
{
	struct row *row, *const *found = tfind(key, &rows->index, row_order);

	*known = found;
	if (found)
		return *found;
	row = malloc(sizeof(*row));
	if (!row)
		return NULL;
	*row = *key;
	if (tsearch(row, &rows->index, row_order))
		return row;
	free(row);
	return NULL;
}

static int rows_take(struct rows *rows, struct list *seen, const struct row *now,
		     uint64_t passed_ms)
{
	struct stats before;
	struct row *row;
	bool known;

	row = find_or_add(rows, now, &known);
	if (!row)
		return -ENOMEM;
	/* An interrupted dump may have an entry twice. */
	if (known && row->round == rows->round)
		return 0;
	before = *stats_of(row);
	row->svc = now->svc;
	row->dst = now->dst;
	row->round = rows->round;
	set_rates(row, known ? &before : NULL, passed_ms);
	return list_push(seen, row);
}

static int rows_take_entry(struct rows *rows, struct list *seen,
			   struct svc_entry *entry, uint64_t passed_ms)
{
	struct row now = { .svc = entry->svc };
	int err = list_sort(&entry->servers, dest_compare);

	if (!err)
		err = rows_take(rows, seen, &now, passed_ms);
	now.is_server = true;
	for (size_t i = 0; i < entry->servers.len && !err; i++) {
		const struct server *server = entry->servers.item[i];

		now.dst = server->dst;
		err = rows_take(rows, seen, &now, passed_ms);
	}
	return err;
}

/* Frees the rows that the last look did not see. */
static void drop_gone(struct rows *rows)
{
	for (size_t i = 0; i < rows->list.len; i++) {
		struct row *row = rows->list.item[i];

		if (row->round == rows->round)
			continue;
		tdelete(row, &rows->index, row_order);
		free(row);
	}
	free(rows->list.item);
}

/**
 * watch_rows_look() - take in the state of now
 * @rows: the rows; zeroed before the first look
 * @table: what the kernel says; gets sorted
 * @now_ms: the time, in milliseconds from any moment
 *
 * Return: 0, or -ENOMEM; @rows can only be freed then.
 */
int watch_rows_look(struct rows *rows, struct table *table, uint64_t now_ms)
{
	uint64_t passed_ms = now_ms - rows->when_ms;
	struct list seen = { 0 };
	int err = list_sort(&table->entries, service_compare);

	rows->round++;
	rows->when_ms = now_ms;
	for (size_t i = 0; i < table->entries.len && !err; i++)
		err = rows_take_entry(rows, &seen, table->entries.item[i],
				      passed_ms);
	drop_gone(rows);
	rows->list = seen;
	return err;
}

/**
 * watch_rows_free() - free all rows
 * @rows: the rows
 */
void watch_rows_free(struct rows *rows)
{
	tdestroy(rows->index, free);
	free(rows->list.item);
	memset(rows, 0, sizeof(*rows));
}
