/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ORDER_H
#define ORDER_H

#include "model/request.h"

/**
 * struct order - what a file wants done that no table has
 * @line: where it says so
 * @req: --set, or a command about daemons
 */
struct order {
	unsigned int line;
	struct request req;
};

#endif
