/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CONNLINE_H
#define CONNLINE_H

#include "model/conn.h"
#include "model/request.h"

#include <stdio.h>

void connline_print(FILE *out, const struct request *req,
		    const struct conn *conn);

#endif
