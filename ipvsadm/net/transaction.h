/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TRANSACTION_H
#define TRANSACTION_H

#include "net/wire.h"

#define NO_CHANGE SIZE_MAX

int transaction_run(struct wire *wire, const struct list *changes,
		    uint32_t generation, size_t *culprit, struct refusal *why);

#endif
