/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WATCH_H
#define WATCH_H

#include "net/wire.h"

int watch_run(struct wire *wire, const struct request *req);

#endif
