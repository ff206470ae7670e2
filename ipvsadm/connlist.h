/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CONNLIST_H
#define CONNLIST_H

#include "request.h"

#include <stdio.h>

int connlist_run(const struct request *req);
bool connlist_line(FILE *out, const struct request *req, char *line);

#endif
