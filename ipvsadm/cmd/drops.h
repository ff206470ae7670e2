/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DROPS_H
#define DROPS_H

#include "model/request.h"

struct wire;

int drops_run(struct wire *wire, const struct request *req);

#endif
