/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MODEL_DROPS_H
#define MODEL_DROPS_H

#include "model/model.h"

#include <linux/ip_vs_ext.h>

/* Reasons a newer kernel may have are shown by number. */
#define DROP_REASONS	64

/**
 * struct drops - packets dropped, by reason
 * @has_service: it is one service's part of them
 * @svc: which
 * @n: by enum ip_vs_ext_drop
 */
struct drops {
	bool has_service;
	struct service svc;
	uint64_t n[DROP_REASONS];
};

#endif
