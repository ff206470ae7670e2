// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz a restore line: words, options, matrix, output
 *
 * What is accepted is saved again, and what was saved must be accepted and
 * mean the same.
 */
#include "cmd/list.h"
#include "args/options.h"
#include "args/split.h"
#include "print/saveline.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No name servers here: a name that looks like one has an address. */
struct hostent *gethostbyname2(const char *name, int af)
{
	static char addr[16] = { 10, 9, 8, 7 };
	static char *addrs[] = { addr, NULL };
	static struct hostent host;

	if (!name[0] || name[0] == '?')
		return NULL;
	host.h_addrtype = af;
	host.h_length = af == AF_INET6 ? 16 : 4;
	host.h_addr_list = addrs;
	return &host;
}

static enum verdict read_line(const char *line, size_t len,
			      struct request *req)
{
	struct words words = { 0 };
	enum verdict v = REQ_REFUSED;

	req->message = NULL;
	if (!split_line(&words, "ipvsadm", line, len) && words.argc > 1)
		v = options_parse(words.argc, words.argv, req);
	split_free(&words);
	return v;
}

static char *save(const struct request *req, size_t *len)
{
	struct request how = { .given = 1 << OPT_NUMERIC };
	char *text = NULL;
	FILE *out = open_memstream(&text, len);

	if (!out)
		abort();
	if (req->cmd == CMD_ADD_SERVICE)
		saveline_service(out, &how, &req->svc);
	else
		saveline_dest(out, &how, &req->svc, &req->dst);
	fclose(out);
	return text;
}

/* Words that -S cannot carry: blanks and such in names. */
static bool odd_name(const char *name)
{
	return !*name || strpbrk(name, " \t\r\n") || !strcmp(name, "ipvsadm");
}

static void round_trip(const struct request *req)
{
	struct request again;
	char *text, *back;
	size_t len, n;

	if (odd_name(req->svc.sched) ||
	    (req->svc.pe[0] && odd_name(req->svc.pe)))
		return;
	text = save(req, &len);
	if (read_line(text, len, &again))
		abort();
	back = save(&again, &n);
	if (strcmp(text, back))
		abort();
	request_done(&again);
	free(text);
	free(back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct request req;
	enum verdict v = read_line((const char *)data, size, &req);

	if (!v && req.cmd == CMD_ADD_SERVICE)
		round_trip(&req);
	request_done(&req);
	return 0;
}
