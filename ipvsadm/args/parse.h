/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PARSE_H
#define PARSE_H

#include "model/model.h"
#include "model/scheduler.h"
#include "model/request.h"

bool parse_number(const char *text, uint32_t min, uint32_t max, uint32_t *out);
bool parse_prefix(const char *text, uint32_t *prefix);
bool parse_mask(const char *text, uint32_t *mask);
bool parse_endpoint(const char *text, uint16_t protocol, uint16_t port,
		    struct endpoint *out);
bool parse_group(const char *text, struct endpoint *out);
bool parse_conn_order(const char *text, enum conn_order *order);
bool parse_tun_type(const char *text, uint32_t *type);

enum flag_error parse_sched_flags(char *text, const char *sched,
				  uint32_t *flags, const char **bad);

#endif
