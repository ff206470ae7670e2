/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CONN_LIST_H
#define CONN_LIST_H

#include "model/conn.h"
#include "net/wire.h"

#include <stdio.h>

int conn_list_run(struct wire *wire, const struct request *req);
void conn_list_line(FILE *out, const struct request *req,
		    const struct conn *conn);

#endif
