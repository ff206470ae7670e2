/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RUN_H
#define RUN_H

#include "net/wire.h"

int run_request(struct wire *wire, const struct request *req);
void run_text(const struct request *req);

#endif
