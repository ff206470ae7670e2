// SPDX-License-Identifier: GPL-2.0-only
/*
 * How many connections are in which state
 *
 * There are few pairs of protocol and state, so a list of them will do,
 * however many connections there are.
 */
#include "cmd/conn_count.h"

#include "model/conn.h"
#include "model/filter.h"
#include "model/model.h"
#include "print/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static struct conn_count *count_find(const struct list *counts,
				     const struct conn *conn)
{
	for (size_t i = 0; i < counts->len; i++) {
		struct conn_count *count = counts->item[i];

		if (!strncmp(count->protocol, conn->protocol,
			     FILTER_WORD - 1) &&
		    !strncmp(count->state, conn->state, FILTER_WORD - 1))
			return count;
	}
	return NULL;
}

/**
 * conn_count_add() - count a connection
 * @counts: the counts so far, struct conn_count
 * @conn: the connection
 *
 * Return: 0 or -ENOMEM.
 */
int conn_count_add(struct list *counts, const struct conn *conn)
{
	struct conn_count *count = count_find(counts, conn);
	struct conn_count first = { .n = 1 };

	if (count) {
		count->n++;
		return 0;
	}
	strncpy(first.protocol, conn->protocol, FILTER_WORD - 1);
	strncpy(first.state, conn->state, FILTER_WORD - 1);
	return list_add(counts, &first, sizeof(first));
}

/**
 * conn_count_print() - print the counts in the order the states came up
 * @json: the list they are elements of, NULL to print text
 * @counts: the counts
 */
void conn_count_print(struct json_list *json, const struct list *counts)
{
	uint64_t total = 0;

	if (!json)
		puts("pro state       connections");
	for (size_t i = 0; i < counts->len; i++) {
		const struct conn_count *count = counts->item[i];

		total += count->n;
		if (json)
			json_count(json, count);
		else
			printf("%-3s %-11s %11" PRIu64 "\n", count->protocol,
			       count->state, count->n);
	}
	if (!json)
		printf("all             %11" PRIu64 "\n", total);
}
