/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef EVENTLINE_H
#define EVENTLINE_H

#include "model/event.h"
#include "model/request.h"

#include <stdio.h>

void eventline_print(FILE *out, const struct request *req,
		     const struct event *event);
void eventline_overrun(FILE *out, const struct request *req);

#endif
