/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NAMES_H
#define NAMES_H

#include "model/model.h"
#include "model/request.h"
#include "print/line.h"

/* Longer text is cut: a width scripts have known for long. */
#define ENDPOINT_TEXT 60

/**
 * enum naming - what names_endpoint() writes
 * @NAME_ALL: names of hosts and ports
 * @NAME_HOST: names of hosts, ports as numbers
 * @NAME_NONE: numbers
 */
enum naming {
	NAME_ALL,
	NAME_HOST,
	NAME_NONE
};

bool names_address(const struct endpoint *ep, char *text, size_t size);
void names_endpoint(struct line *line, const struct endpoint *ep,
		    uint16_t protocol, enum naming naming);
void names_service(struct line *line, const struct request *req,
		   const struct service *svc);
void names_server(struct line *line, const struct request *req,
		  const struct service *svc, const struct dest *dst);
const char *names_daemon_state(uint32_t state);
const char *names_sched_flags(const struct service *svc);
const char *names_mask(const struct service *svc);

#endif
