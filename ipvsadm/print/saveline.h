/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SAVELINE_H
#define SAVELINE_H

#include "model/model.h"
#include "model/request.h"

#include <stdio.h>

void saveline_service(FILE *out, const struct request *req,
		      const struct service *svc);
void saveline_dest(FILE *out, const struct request *req,
		   const struct service *svc, const struct dest *dst);
void saveline_change(FILE *out, const struct request *req, enum command cmd,
		     const struct service *svc, const struct dest *dst);
void saveline_daemon(FILE *out, enum command cmd, const struct daemon *dmn);

#endif
