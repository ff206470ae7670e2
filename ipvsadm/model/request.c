// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one command line asks for
 */
#include "model/request.h"

#include "model/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/**
 * request_init() - a request for nothing
 * @req: what to fill; request_done() when finished with it
 * @prog: argv[0]
 */
void request_init(struct request *req, const char *prog)
{
	memset(req, 0, sizeof(*req));
	req->prog = prog;
	service_init(&req->svc);
	dest_init(&req->dst);
}

/**
 * refuse() - say why a request is not carried out
 * @req: the request; keeps the message until request_done()
 * @fmt: as for printf, without the newline
 *
 * Return: REQ_REFUSED.
 */
enum verdict refuse(struct request *req, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&req->message, fmt, args) < 0)
		req->message = NULL;
	va_end(args);
	return REQ_REFUSED;
}

/**
 * request_done() - free what a request holds
 * @req: the request
 */
void request_done(struct request *req)
{
	free(req->message);
	req->message = NULL;
}
