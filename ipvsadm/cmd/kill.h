/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KILL_H
#define KILL_H

#include "net/wire.h"

int kill_run(struct wire *wire, const struct request *req);

#endif
