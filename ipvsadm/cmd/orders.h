/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ORDERS_H
#define ORDERS_H

#include "model/errors.h"
#include "net/wire.h"
#include "model/request.h"

#include <stdio.h>

int orders_add(struct list *orders, const struct request *req,
	       unsigned int line);
int orders_settle(struct wire *wire, struct list *orders, struct refusal *why);
void orders_print(FILE *out, const struct list *orders);
int orders_run(struct wire *wire, const struct list *orders);

#endif
