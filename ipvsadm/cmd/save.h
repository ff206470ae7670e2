/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SAVE_H
#define SAVE_H

#include "model/request.h"
#include "net/wire.h"

#include <stdio.h>

int save_run(struct wire *wire, const struct request *req);
void save_service(FILE *out, const struct request *req,
		  const struct service *svc);
void save_dest(FILE *out, const struct request *req,
	       const struct service *svc, const struct dest *dst);
void save_change(FILE *out, const struct request *req, enum command cmd,
		 const struct service *svc, const struct dest *dst);
void save_daemon(FILE *out, enum command cmd, const struct daemon *dmn);

#endif
