// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of connections
 *
 * What is neither sorted nor counted is printed as it comes: a list of any
 * length takes the memory of one connection.
 */
#include "cmd/conn_list.h"

#include "cmd/conn_count.h"
#include "model/errors.h"
#include "model/model.h"
#include "model/request.h"
#include "net/conn_source.h"
#include "print/conn_sort.h"
#include "print/json.h"
#include "print/line.h"
#include "print/names.h"
#include "print/output.h"

#include <errno.h>

/* A blank at least behind each column. */
static void end_column(struct line *line, size_t from, size_t width)
{
	line_fill(line, from + width);
	line_word(line, " ");
}

static void put_column(struct line *line, const char *word, size_t width)
{
	size_t from = line->len;

	line_word(line, word);
	end_column(line, from, width);
}

static void put_two_digits(struct line *line, unsigned long n)
{
	if (n < 10)
		line_word(line, "0");
	line_number(line, n);
}

static void put_time(struct line *line, unsigned long seconds, size_t width)
{
	size_t from = line->len;

	put_two_digits(line, seconds / 60);
	line_word(line, ":");
	put_two_digits(line, seconds % 60);
	end_column(line, from, width);
}

static void put_endpoint(struct line *line, const struct endpoint *ep,
			 uint16_t protocol, enum naming naming, size_t width)
{
	size_t from = line->len;

	names_endpoint(line, ep, protocol, naming);
	end_column(line, from, width);
}

/**
 * conn_list_line() - print one connection
 * @out: where to
 * @req: the list command
 * @conn: the connection
 */
void conn_list_line(FILE *out, const struct request *req,
		    const struct conn *conn)
{
	enum naming naming = has(req, OPT_NUMERIC) ? NAME_NONE : NAME_ALL;
	struct line line;

	line_begin(&line);
	put_column(&line, conn->protocol, 3);
	put_time(&line, conn->expires, 6);
	put_column(&line, conn->state, 11);
	put_endpoint(&line, &conn->client, conn->number, naming, 18);
	put_endpoint(&line, &conn->vip, conn->number, naming, 18);
	if (conn->pe_data && has(req, OPT_PERSIST_CONN)) {
		put_endpoint(&line, &conn->dest, conn->number, naming, 16);
		put_column(&line, conn->pe, 18);
		line_word(&line, conn->pe_data);
	} else {
		names_endpoint(&line, &conn->dest, conn->number, naming);
	}
	line_word(&line, "\n");
	line_print(&line, out);
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
		conn_list_line(stdout, req, conn);
}

/**
 * struct conn_list - a list while it is made
 * @req: the list command
 * @kept: what is not printed as it comes: counts, or all connections to be put
 *	in order
 * @begun: there is a list
 */
struct conn_list {
	const struct request *req;
	struct list kept;
	bool begun;
};

static void begin(void *arg)
{
	struct conn_list *list = arg;

	list->begun = true;
	if (has(list->req, OPT_JSON))
		json_begin_array();
	else if (!has(list->req, OPT_COUNT))
		print_title(list->req);
}

static int take(const struct conn *conn, void *arg)
{
	struct conn_list *list = arg;

	if (has(list->req, OPT_COUNT))
		return conn_count_add(&list->kept, conn);
	if (list->req->order != CONN_UNSORTED)
		return conn_sort_add(&list->kept, conn);
	print_conn(list->req, conn);
	return output_broken() ? -EIO : 0;
}

static void print_sorted(const struct request *req, struct list *conns)
{
	if (conn_sort_sort(conns, req->order))
		complain("%s", refusal_text(CMD_LIST, ENOMEM));
	for (size_t i = 0; i < conns->len && !output_broken(); i++)
		print_conn(req, conns->item[i]);
}

static void end(const struct request *req, struct list *kept)
{
	if (has(req, OPT_COUNT))
		conn_count_print(req, kept);
	else if (req->order != CONN_UNSORTED)
		print_sorted(req, kept);
	if (has(req, OPT_JSON))
		json_end(req);
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
	struct conn_sink sink = { begin, take, &list };
	int status = conn_source_each(wire, &req->filter, &sink);

	if (list.begun)
		end(req, &list.kept);
	list_free(&list.kept);
	return status;
}
