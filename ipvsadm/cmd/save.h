/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SAVE_H
#define SAVE_H

#include "model/request.h"
#include "net/wire.h"

int save_run(struct wire *wire, const struct request *req);

#endif
