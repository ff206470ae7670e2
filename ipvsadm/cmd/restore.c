// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands from standard input, one a line
 *
 * What has been read is carried out before more is read, so a program that
 * writes line by line sees each line done. Within what one read brought,
 * requests are queued and sent together: a large file costs system calls by
 * its kilobytes, not by its lines.
 *
 * A line the kernel refuses is reported and the rest goes on; a line that
 * makes no sense ends it all. The exit status is that of the last line.
 */
#include "cmd/restore.h"

#include "args/hints.h"
#include "args/options.h"
#include "args/split.h"
#include "cmd/rule_input.h"
#include "cmd/advice.h"
#include "cmd/run.h"
#include "model/errors.h"
#include "model/model.h"
#include "model/request.h"
#include "net/query.h"
#include "print/line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_LIMIT	(1024 * 1024)
#define TAG_COMMAND	0x1fu
#define TAG_LINE	5

/**
 * struct restore - a restore under way
 * @wire: the socket
 * @prog: argv[0]
 * @words: the current line's
 * @line: its number
 * @queued: tag of the last request queued
 * @meanings: struct meaning, of the requests queued
 * @status: that of the last line done
 * @stop: a line ended it all
 */
struct restore {
	struct wire *wire;
	const char *prog;
	struct words words;
	unsigned int line;
	unsigned int queued;
	struct list meanings;
	int status;
	bool stop;
};

/**
 * struct meaning - a line with a name instead of an address
 * @line: its number
 * @text: what the name means
 */
struct meaning {
	unsigned int line;
	char text[2 * HOST_NAME_SHOWN + 32];
};

static void keep_meaning(struct restore *r, const struct request *req)
{
	struct meaning meaning = { .line = r->line };
	const char *means;
	struct line text;

	means = advice_meaning(req, &text);
	if (!means || !hints_wanted())
		return;
	snprintf(meaning.text, sizeof(meaning.text), "%s", means);
	/* Out of memory: the hint is left out. */
	list_add(&r->meanings, &meaning, sizeof(meaning));
}

/*
 * Two names may resolve to one address: then the second entry exists already.
 */
static void print_meaning(const struct restore *r, unsigned int line)
{
	for (size_t i = 0; i < r->meanings.len; i++) {
		const struct meaning *meaning = r->meanings.item[i];

		if (meaning->line == line)
			complain("ipvsadm: %s", meaning->text);
	}
}

/* On a terminal only: scripts compare the messages. */
static void print_line_number(unsigned int line)
{
	if (hints_wanted())
		complain("ipvsadm: in line %u of the input", line);
}

static void restore_refused(unsigned int tag, const struct refusal *why, void *arg)
{
	struct restore *r = arg;

	refusal_print(tag & TAG_COMMAND, why);
	if (why->error == EEXIST)
		print_meaning(r, tag >> TAG_LINE);
	print_line_number(tag >> TAG_LINE);
	if (tag == r->queued)
		r->status = EXIT_KERNEL;
}

static void restore_flush(struct restore *r)
{
	struct refusal why = { 0 };

	why.error = -wire_flush(r->wire, restore_refused, NULL, r);
	list_free(&r->meanings);
	if (!why.error)
		return;
	refusal_print(CMD_MAX, &why);
	r->status = EXIT_KERNEL;
}

static void restore_end(struct restore *r, int status)
{
	r->status = status;
	r->stop = true;
}

static void restore_queue(struct restore *r, const struct request *req)
{
	struct refusal why = { .error = ENOMEM };

	if (wire_full(r->wire))
		restore_flush(r);
	advice_port(req, r->line);
	keep_meaning(r, req);
	r->status = EXIT_OK;
	r->queued = r->line << TAG_LINE | req->cmd;
	if (wire_post(r->wire, order_message(r->wire, req), r->queued))
		restore_refused(r->queued, &why, r);
}

static void restore_run_now(struct restore *r, const struct request *req)
{
	int status;

	restore_flush(r);
	status = run_request(r->wire, req);
	if (status)
		restore_end(r, status);
	else
		r->status = EXIT_OK;
}

static void restore_request(struct restore *r, const struct request *req)
{
	switch (req->cmd) {
	case CMD_HELP:
	case CMD_VERSION:
		restore_flush(r);
		run_text(req);
		restore_end(r, EXIT_OK);
		break;
	case CMD_LIST:
	case CMD_SAVE:
	case CMD_KILL:
		restore_run_now(r, req);
		break;
	default:
		if (has(req, OPT_DRAIN))
			restore_run_now(r, req);
		else
			restore_queue(r, req);
	}
}

static void restore_refuse(struct restore *r, const struct request *req,
			   enum verdict verdict)
{
	restore_flush(r);
	complain("%s", req->message ? req->message :
		       refusal_text(CMD_MAX, ENOMEM));
	print_line_number(r->line);
	if (verdict == REQ_SCAN)
		r->status = EXIT_KERNEL;
	else
		restore_end(r, verdict == REQ_TRY ? EXIT_KERNEL : EXIT_USAGE);
}

static void restore_words(struct restore *r)
{
	struct request req;
	enum verdict v = options_parse(r->words.argc, r->words.argv, &req);

	if (!v && (req.cmd == CMD_RESTORE || req.cmd == CMD_MONITOR ||
		   req.cmd == CMD_WATCH))
		v = options_hint(&req);
	if (v)
		restore_refuse(r, &req, v);
	else
		restore_request(r, &req);
	request_done(&req);
}

static void restore_fail(struct restore *r, const char *what)
{
	restore_flush(r);
	complain("ipvsadm: line %u: %s", r->line, what);
	restore_end(r, EXIT_USAGE);
}

static void restore_line(struct restore *r, const char *line, size_t len)
{
	int err = split_line(&r->words, r->prog, line, len);

	r->line++;
	if (err)
		restore_fail(r, err == -EINVAL ? SPLIT_NO_TEXT :
					 refusal_text(CMD_MAX, ENOMEM));
	else if (r->words.argc > 1)
		restore_words(r);
}

/* Runs all complete lines, keeps the rest for later. */
static void restore_lines(struct restore *r, struct rule_input *in)
{
	char *line = in->data, *end = in->data + in->len, *lf;

	while (!r->stop && (lf = memchr(line, '\n', end - line))) {
		restore_line(r, line, lf - line);
		line = lf + 1;
	}
	in->len = end - line;
	memmove(in->data, line, in->len);
	if (r->stop || in->len <= LINE_LIMIT)
		return;
	r->line++;
	restore_fail(r, "too long, this is not a list of commands");
}

static void restore_read_error(struct restore *r, int error)
{
	complain("ipvsadm: cannot read the input: %s", strerror(error));
	restore_end(r, EXIT_LIST);
}

/**
 * restore_run() - execute -R
 * @wire: the socket
 * @prog: argv[0]
 *
 * Return: exit status; messages are printed.
 */
int restore_run(struct wire *wire, const char *prog)
{
	struct restore r = { .wire = wire, .prog = prog };
	struct rule_input in = { 0 };
	ssize_t n = 1;

	while (!r.stop && n > 0) {
		n = rule_input_read(&in);
		if (n > 0)
			restore_lines(&r, &in);
		else if (n < 0)
			restore_read_error(&r, -n);
		else if (in.len)
			restore_line(&r, in.data, in.len);
		restore_flush(&r);
	}
	free(in.data);
	split_free(&r.words);
	return r.status;
}
