/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef LISTLINE_H
#define LISTLINE_H

#include "model/model.h"
#include "model/request.h"
#include "print/line.h"

#include <stdio.h>

const char *listline_title(const struct request *req);
void listline_name(struct line *line, const struct request *req,
		   const struct service *svc);
void listline_service(FILE *out, const struct request *req,
		      const struct service *svc);
void listline_dest(FILE *out, const struct request *req,
		   const struct service *svc, const struct dest *dst);

#endif
