/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rows of a live view: services and servers, with their rates and what
 * they were
 */
#ifndef WATCH_ROWS_H
#define WATCH_ROWS_H

#include "model/model.h"
#include "model/table.h"

#define ROW_HISTORY	64

/**
 * struct row - a service or a server over time
 * @svc: the service
 * @is_server: the row is about @dst
 * @dst: the server
 * @rate: the five counters, per second since the last look
 * @history: connections per second at the last looks, the newest last
 * @looks: how many of @history there are
 * @round: the last look that saw it
 */
struct row {
	struct service svc;
	bool is_server;
	struct dest dst;
	uint64_t rate[CNT_CPS];
	uint64_t history[ROW_HISTORY];
	unsigned int looks;
	unsigned int round;
};

/**
 * struct rows - all of them
 * @list: struct row, each service with its servers behind it
 * @index: finds them
 * @round: number of the current look
 * @when_ms: time of the last look
 */
struct rows {
	struct list list;
	void *index;
	unsigned int round;
	uint64_t when_ms;
};

int watch_rows_look(struct rows *rows, struct table *table, uint64_t now_ms);
void watch_rows_free(struct rows *rows);

#endif
