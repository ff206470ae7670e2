// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file of rules that describes a whole table
 *
 * The lines are those of -S and -R, but nothing is carried out: they are all
 * read first, and each that is wrong is reported. Only what adds something has
 * a place in it, and -C, which forgets what stood before.
 */
#include "ruleset.h"

#include "errors.h"
#include "options.h"
#include "words.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK	(64 * 1024)

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

static void __printf(2, 3) wrong(struct reader *r, const char *fmt, ...)
{
	va_list args;

	r->bad++;
	fprintf(r->err, "ipvsadm: line %u: ", r->line);
	va_start(args, fmt);
	vfprintf(r->err, fmt, args);
	va_end(args);
	fputc('\n', r->err);
}

static int take_service(struct reader *r, const struct service *svc)
{
	struct svc_entry *entry;
	int err = table_find(r->want, svc, &entry);

	if (err)
		return err;
	if (entry)
		wrong(r, "%s (line %u)", refusal_text(CMD_ADD_SERVICE, EEXIST),
		      entry->line);
	else if (!table_add(r->want, svc, r->line))
		return -ENOMEM;
	return 0;
}

static int take_dest(struct reader *r, const struct service *svc,
		     const struct dest *dst)
{
	struct server *server;
	struct svc_entry *entry;
	int err = table_find(r->want, svc, &entry);

	if (err)
		return err;
	if (!entry) {
		wrong(r, "%s in a line before",
		      refusal_text(CMD_ADD_DEST, ESRCH));
		return 0;
	}
	err = entry_find(entry, dst, &server);
	if (err)
		return err;
	if (server)
		wrong(r, "%s (line %u)", refusal_text(CMD_ADD_DEST, EEXIST),
		      server->line);
	else if (dst->l_thresh > dst->u_thresh)
		wrong(r, "the lower threshold is above the upper one");
	else
		return entry_add(entry, dst, r->line);
	return 0;
}

static int take_request(struct reader *r, const struct request *req)
{
	switch (req->cmd) {
	case CMD_ADD_SERVICE:
		return take_service(r, &req->svc);
	case CMD_ADD_DEST:
		return take_dest(r, &req->svc, &req->dst);
	case CMD_FLUSH:
		table_free(r->want);
		return 0;
	default:
		wrong(r, "only -A, -a and -C have a place in a table");
		return 0;
	}
}

/* One of the messages ends in an empty line. */
static void wrong_message(struct reader *r, const char *message)
{
	int len = strlen(message);

	if (len && message[len - 1] == '\n')
		len--;
	wrong(r, "%.*s", len, message);
}

static int take_words(struct reader *r, const struct words *words)
{
	struct request req;
	int err = 0;

	if (!options_parse(words->argc, words->argv, &req))
		err = take_request(r, &req);
	else if (req.message)
		wrong_message(r, req.message);
	else
		err = -ENOMEM;
	request_done(&req);
	return err;
}

static int take_line(struct reader *r, const char *line, size_t len)
{
	struct words words = { 0 };
	int err = -ENOMEM;

	r->line++;
	if (memchr(line, '\0', len)) {
		wrong(r, "zero byte, this is not text");
		return 0;
	}
	if (words_split(&words, r->prog, line, len))
		err = words.argc > 1 ? take_words(r, &words) : 0;
	words_free(&words);
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
		error = take_line(&r, text, lf - text);
	}
	return error ? error : r.bad;
}

static ssize_t read_some(char *to)
{
	ssize_t n;

	do
		n = read(STDIN_FILENO, to, CHUNK);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

/**
 * ruleset_read() - all of standard input
 * @text: the input, to be freed in any case
 * @len: how much it is
 *
 * Return: 0 or -errno.
 */
int ruleset_read(char **text, size_t *len)
{
	size_t size = 0;
	ssize_t n = 1;

	*text = NULL;
	*len = 0;
	while (n > 0) {
		if (size - *len < CHUNK) {
			char *more = realloc(*text, 2 * size + CHUNK);

			if (!more)
				return -ENOMEM;
			*text = more;
			size = 2 * size + CHUNK;
		}
		n = read_some(*text + *len);
		if (n > 0)
			*len += n;
	}
	return n;
}
