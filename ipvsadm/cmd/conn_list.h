/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CONNLIST_H
#define CONNLIST_H

#include "model/conn.h"
#include "net/wire.h"

#include <stdio.h>

int connlist_run(struct wire *wire, const struct request *req);
void connlist_line(FILE *out, const struct request *req,
		   const struct conn *conn);

#endif
