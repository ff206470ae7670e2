/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DRAIN_H
#define DRAIN_H

#include "net/wire.h"

int drain_run(struct wire *wire, const struct request *req);

#endif
