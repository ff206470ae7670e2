// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of connections
 *
 * What is neither sorted nor counted is printed as it comes: a list of any
 * length takes the memory of one connection.
 */
#include "cmd/conn_list.h"

#include "cmd/conn_count.h"
#include "model/conn.h"
#include "model/errors.h"
#include "model/model.h"
#include "model/request.h"
#include "net/conn_source.h"
#include "print/conn_sort.h"
#include "print/connline.h"
#include "print/json.h"
#include "print/output.h"

#include <errno.h>

static void conn_list_title(const struct request *req)
{
	printf("IPVS connection entries\n"
	       "pro expire state       source             virtual            destination%s\n",
	       has(req, OPT_PERSIST_CONN) ?
	       "        pe name          pe_data" : "");
}

/**
 * struct conn_list - a list while it is made
 * @req: the list command
 * @json: the list, if it is to be JSON
 * @kept: what is not printed as it comes: counts, or all connections to be put
 *	in order
 * @begun: there is a list
 */
struct conn_list {
	const struct request *req;
	struct json_list json;
	struct list kept;
	bool begun;
};

static void conn_list_print(struct conn_list *list, const struct conn *conn)
{
	if (has(list->req, OPT_JSON))
		json_conn(&list->json, conn);
	else
		connline_print(stdout, list->req, conn);
}

static void conn_list_begin(void *arg)
{
	struct conn_list *list = arg;

	list->begun = true;
	if (has(list->req, OPT_JSON))
		json_begin_array(&list->json, list->req);
	else if (!has(list->req, OPT_COUNT))
		conn_list_title(list->req);
}

static int conn_list_take(const struct conn *conn, void *arg)
{
	struct conn_list *list = arg;

	if (has(list->req, OPT_COUNT))
		return conn_count_add(&list->kept, conn);
	if (list->req->order != CONN_UNSORTED)
		return conn_sort_add(&list->kept, conn);
	conn_list_print(list, conn);
	return output_broken() ? -EIO : 0;
}

static void conn_list_print_sorted(struct conn_list *list)
{
	struct list *conns = &list->kept;

	if (conn_sort_sort(conns, list->req->order))
		complain("%s", refusal_text(CMD_LIST, ENOMEM));
	for (size_t i = 0; i < conns->len && !output_broken(); i++)
		conn_list_print(list, conns->item[i]);
}

static void conn_list_end(struct conn_list *list)
{
	bool json = has(list->req, OPT_JSON);

	if (has(list->req, OPT_COUNT))
		conn_count_print(json ? &list->json : NULL, &list->kept);
	else if (list->req->order != CONN_UNSORTED)
		conn_list_print_sorted(list);
	if (json)
		json_end(&list->json);
}

/**
 * conn_list_run() - execute -L -c
 * @wire: the socket
 * @req: the command
 *
 * Return: exit status; messages are printed.
 */
int conn_list_run(struct wire *wire, const struct request *req)
{
	struct conn_list list = { .req = req };
	struct conn_sink sink = { conn_list_begin, conn_list_take, &list };
	int status = conn_source_each(wire, &req->filter, &sink);

	if (list.begun)
		conn_list_end(&list);
	list_free(&list.kept);
	return status;
}
