/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MONITOR_H
#define MONITOR_H

#include "net/wire.h"

int monitor_run(struct wire *wire, const struct request *req);

#endif
