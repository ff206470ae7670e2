// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lines of the list of connections
 */
#include "print/connline.h"

#include "model/model.h"
#include "print/line.h"
#include "print/names.h"

/* At least one blank follows each column. */
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
 * connline_print() - print one connection
 * @out: where to
 * @req: the list command
 * @conn: the connection
 */
void connline_print(FILE *out, const struct request *req,
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
