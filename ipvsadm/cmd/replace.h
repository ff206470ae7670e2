/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REPLACE_H
#define REPLACE_H

#include "net/wire.h"

int replace_run(struct wire *wire, const struct request *req);

#endif
