/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ADVICE_H
#define ADVICE_H

#include "model/errors.h"
#include "model/model.h"
#include "net/wire.h"
#include "model/request.h"
#include "print/line.h"

/**
 * struct before - what is about to be edited
 * @known: there is something, and somebody to tell
 * @svc: the service, for -E
 * @dst: the server, for -e
 */
struct before {
	bool known;
	struct service svc;
	struct dest dst;
};

void advice_look(struct wire *wire, const struct request *req,
		 struct before *before);
void advice_edited(const struct request *req, const struct before *before);
void advice_refused(const struct request *req, const struct refusal *why);
void advice_port(const struct request *req, unsigned int line);
const char *advice_meaning(const struct request *req, struct line *text);

#endif
