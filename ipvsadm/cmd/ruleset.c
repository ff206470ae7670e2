// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file of rules that describes a whole table
 *
 * The lines are those of -S and -R, but nothing is carried out: they are all
 * read first, and each that is wrong is reported. What they add to, change in and
 * take from an empty table is the table they describe.
 */
#include "cmd/ruleset.h"

#include "args/hints.h"
#include "args/options.h"
#include "args/split.h"
#include "cmd/advice.h"
#include "cmd/orders.h"
#include "model/errors.h"
#include "model/request.h"
#include "model/util.h"
#include "print/line.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/**
 * struct reader - a file of rules while it is read
 * @want: the table so far
 * @prog: argv[0]
 * @err: where complaints go
 * @line: number of the current line
 * @bad: how many lines were wrong
 */
struct reader {
	struct table *want;
	const char *prog;
	FILE *err;
	unsigned int line;
	int bad;
};

static void __printf(2, 3) reader_wrong(struct reader *r, const char *fmt, ...)
{
	va_list args;

	r->bad++;
	fprintf(r->err, "ipvsadm: line %u: ", r->line);
	va_start(args, fmt);
	vfprintf(r->err, fmt, args);
	va_end(args);
	fputc('\n', r->err);
}

/* Two names may resolve to one address: which one this is. */
static const char *meaning_of(const struct request *req, struct line *text)
{
	const char *means = advice_meaning(req, text);

	return means ? means : "";
}

static int reader_add_service(struct reader *r, const struct request *req,
			      const struct svc_entry *entry)
{
	struct line text;
	const char *means = meaning_of(req, &text);

	if (entry)
		reader_wrong(r, "%s (line %u)%s%s",
			     refusal_text(CMD_ADD_SERVICE, EEXIST), entry->line,
			     *means ? ": " : "", means);
	else if (!table_add(r->want, &req->svc, r->line))
		return -ENOMEM;
	return 0;
}

static int reader_service(struct reader *r, const struct request *req)
{
	struct svc_entry *entry;
	int err = table_find(r->want, &req->svc, &entry);

	if (err)
		return err;
	if (req->cmd == CMD_ADD_SERVICE)
		return reader_add_service(r, req, entry);
	if (!entry) {
		reader_wrong(r, "%s", refusal_text(req->cmd, ESRCH));
	} else if (req->cmd == CMD_EDIT_SERVICE) {
		entry->svc = req->svc;
		entry->line = r->line;
	} else {
		table_remove(r->want, entry);
	}
	return 0;
}

static int reader_add_dest(struct reader *r, const struct request *req,
			   struct svc_entry *entry, const struct server *server)
{
	struct line text;
	const char *means = meaning_of(req, &text);

	if (!server)
		return entry_add(entry, &req->dst, r->line);
	reader_wrong(r, "%s (line %u)%s%s", refusal_text(CMD_ADD_DEST, EEXIST),
		     server->line, *means ? ": " : "", means);
	return 0;
}

static int reader_dest(struct reader *r, const struct request *req)
{
	struct server *server;
	struct svc_entry *entry;
	int err = table_find(r->want, &req->svc, &entry);

	if (err)
		return err;
	if (!entry) {
		reader_wrong(r, "%s in a line before",
			     refusal_text(CMD_ADD_DEST, ESRCH));
		return 0;
	}
	err = entry_find(entry, &req->dst, &server);
	if (err)
		return err;
	if (!server && req->cmd != CMD_ADD_DEST) {
		reader_wrong(r, "%s", refusal_text(req->cmd, ENOENT));
	} else if (req->cmd == CMD_DEL_DEST) {
		entry_remove(entry, server);
	} else if (!(server && req->cmd == CMD_ADD_DEST) &&
		   req->dst.l_thresh > req->dst.u_thresh) {
		reader_wrong(r, "the lower threshold is above the upper one");
	} else if (req->cmd == CMD_ADD_DEST) {
		err = reader_add_dest(r, req, entry, server);
	} else {
		server->dst = req->dst;
		server->line = r->line;
	}
	return err;
}

static void reader_warn_port(const struct reader *r, const struct request *req)
{
	if (req->port_unused && hints_wanted())
		fprintf(r->err,
			"ipvsadm: line %u: port %u is not used: other ports need -m\n",
			r->line, req->port_unused);
}

static int reader_request(struct reader *r, const struct request *req)
{
	switch (req->cmd) {
	case CMD_ADD_SERVICE:
	case CMD_EDIT_SERVICE:
	case CMD_DEL_SERVICE:
		return reader_service(r, req);
	case CMD_ADD_DEST:
	case CMD_EDIT_DEST:
	case CMD_DEL_DEST:
		if (has(req, OPT_DRAIN))
			break;
		reader_warn_port(r, req);
		return reader_dest(r, req);
	case CMD_FLUSH:
		table_shrink(r->want, 0);
		return 0;
	case CMD_SET:
	case CMD_START_DAEMON:
	case CMD_STOP_DAEMON:
		return orders_add(&r->want->orders, req, r->line);
	default:
		break;
	}
	reader_wrong(r,
		     "a command that changes no service, server, timeout or daemon has no place here");
	return 0;
}

/* One of the messages ends in an empty line. */
static void reader_wrong_message(struct reader *r, const char *message)
{
	int len = strlen(message);

	if (len && message[len - 1] == '\n')
		len--;
	reader_wrong(r, "%.*s", len, message);
}

static int reader_words(struct reader *r, const struct words *words)
{
	struct request req;
	int err = 0;

	if (!options_parse(words->argc, words->argv, &req))
		err = reader_request(r, &req);
	else if (req.message)
		reader_wrong_message(r, req.message);
	else
		err = -ENOMEM;
	request_done(&req);
	return err;
}

static int reader_line(struct reader *r, const char *line, size_t len)
{
	struct words words = { 0 };
	int err = split_line(&words, r->prog, line, len);

	r->line++;
	if (err == -EINVAL) {
		reader_wrong(r, SPLIT_NO_TEXT);
		err = 0;
	} else if (!err && words.argc > 1) {
		err = reader_words(r, &words);
	}
	split_free(&words);
	return err;
}

/**
 * ruleset_parse() - read rules from memory
 * @want: empty before; the table they describe, table_free() it in any case
 * @prog: argv[0]
 * @text: the rules
 * @len: length of @text
 * @err: each line that is wrong is reported there, with number and reason
 *
 * Return: the number of wrong lines, or -ENOMEM.
 */
int ruleset_parse(struct table *want, const char *prog, const char *text,
		  size_t len, FILE *err)
{
	struct reader r = { .want = want, .prog = prog, .err = err };
	const char *end = text + len, *lf;
	int error = 0;

	for (; text < end && !error; text = lf + 1) {
		lf = memchr(text, '\n', end - text);
		if (!lf)
			lf = end;
		error = reader_line(&r, text, lf - text);
	}
	return error ? error : r.bad;
}
