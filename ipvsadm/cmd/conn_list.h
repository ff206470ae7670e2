/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CONN_LIST_H
#define CONN_LIST_H

#include "net/wire.h"

int conn_list_run(struct wire *wire, const struct request *req);

#endif
