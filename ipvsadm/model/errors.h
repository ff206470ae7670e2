/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ERRORS_H
#define ERRORS_H

#include "model/request.h"
#include "model/util.h"

#define REFUSAL_MAX 256

/**
 * struct refusal - how a request to the kernel failed
 * @error: positive errno
 * @text: the kernel's own words (extended ack), or ""
 */
struct refusal {
	int error;
	char text[REFUSAL_MAX];
};

void complain(const char *fmt, ...) __printf(1, 2);
const char *refusal_text(enum command cmd, int error);
void refusal_print(enum command cmd, const struct refusal *why);

#endif
