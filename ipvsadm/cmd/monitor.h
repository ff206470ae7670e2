/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MONITOR_H
#define MONITOR_H

#include "model/event.h"
#include "net/wire.h"

#include <stdio.h>

int monitor_run(struct wire *wire, const struct request *req);
void monitor_print(FILE *out, const struct request *req,
		   const struct event *event);

#endif
