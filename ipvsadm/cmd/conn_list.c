// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of connections
 *
 * What is neither sorted nor counted is printed as it comes: a list of any
 * length takes the memory of one connection.
 */
#include "cmd/conn_list.h"

#include "cmd/conn_count.h"
#include "net/conn_source.h"
#include "print/conn_sort.h"
#include "model/errors.h"
#include "print/json.h"
#include "print/names.h"
#include "print/output.h"

#include <errno.h>

/* A blank at least behind each column. */
static void end_column(struct text *text, size_t from, size_t width)
{
	text_fill(text, from + width);
	text_word(text, " ");
}

static void put_column(struct text *text, const char *word, size_t width)
{
	size_t from = text->len;

	text_word(text, word);
	end_column(text, from, width);
}

static void put_two_digits(struct text *text, unsigned long n)
{
	if (n < 10)
		text_word(text, "0");
	text_number(text, n);
}

static void put_time(struct text *text, unsigned long seconds, size_t width)
{
	size_t from = text->len;

	put_two_digits(text, seconds / 60);
	text_word(text, ":");
	put_two_digits(text, seconds % 60);
	end_column(text, from, width);
}

static void put_endpoint(struct text *text, const struct endpoint *ep,
			 uint16_t protocol, enum naming naming, size_t width)
{
	size_t from = text->len;

	names_endpoint(text, ep, protocol, naming);
	end_column(text, from, width);
}

/**
 * connlist_line() - print one connection
 * @out: where to
 * @req: the list command
 * @conn: the connection
 */
void connlist_line(FILE *out, const struct request *req,
		   const struct conn *conn)
{
	enum naming naming = has(req, OPT_NUMERIC) ? NAME_NONE : NAME_ALL;
	struct text text;

	text_begin(&text);
	put_column(&text, conn->protocol, 3);
	put_time(&text, conn->expires, 6);
	put_column(&text, conn->state, 11);
	put_endpoint(&text, &conn->client, conn->number, naming, 18);
	put_endpoint(&text, &conn->vip, conn->number, naming, 18);
	if (conn->pe_data && has(req, OPT_PERSIST_CONN)) {
		put_endpoint(&text, &conn->dest, conn->number, naming, 16);
		put_column(&text, conn->pe, 18);
		text_word(&text, conn->pe_data);
	} else {
		names_endpoint(&text, &conn->dest, conn->number, naming);
	}
	text_word(&text, "\n");
	text_print(&text, out);
}

static void print_title(const struct request *req)
{
	printf("IPVS connection entries\n"
	       "pro expire state       source             virtual            destination%s\n",
	       has(req, OPT_PERSIST_CONN) ?
	       "        pe name          pe_data" : "");
}

static void print_conn(const struct request *req, const struct conn *conn)
{
	if (has(req, OPT_JSON))
		json_conn(req, conn);
	else
		connlist_line(stdout, req, conn);
}

/**
 * struct connlist - a list while it is made
 * @req: the list command
 * @kept: what is not printed as it comes: counts, or all connections to be put
 *	in order
 * @begun: there is a list
 */
struct connlist {
	const struct request *req;
	struct list kept;
	bool begun;
};

static void begin(void *arg)
{
	struct connlist *list = arg;

	list->begun = true;
	if (has(list->req, OPT_JSON))
		json_begin_array();
	else if (!has(list->req, OPT_COUNT))
		print_title(list->req);
}

static int take(const struct conn *conn, void *arg)
{
	struct connlist *list = arg;

	if (has(list->req, OPT_COUNT))
		return conncount_add(&list->kept, conn);
	if (list->req->order != CONN_UNSORTED)
		return connsort_add(&list->kept, conn);
	print_conn(list->req, conn);
	return output_broken() ? -EIO : 0;
}

static void print_sorted(const struct request *req, struct list *conns)
{
	if (connsort_sort(conns, req->order))
		complain("%s", refusal_text(CMD_LIST, ENOMEM));
	for (size_t i = 0; i < conns->len && !output_broken(); i++)
		print_conn(req, conns->item[i]);
}

static void end(const struct request *req, struct list *kept)
{
	if (has(req, OPT_COUNT))
		conncount_print(req, kept);
	else if (req->order != CONN_UNSORTED)
		print_sorted(req, kept);
	if (has(req, OPT_JSON))
		json_end(req);
}

/**
 * connlist_run() - execute -L -c
 * @wire: the socket
 * @req: the command
 *
 * Return: exit status; messages are printed.
 */
int connlist_run(struct wire *wire, const struct request *req)
{
	struct connlist list = { .req = req };
	struct conn_sink sink = { begin, take, &list };
	int status = conns_each(wire, &req->filter, &sink);

	if (list.begun)
		end(req, &list.kept);
	list_free(&list.kept);
	return status;
}
