/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CHANGE_H
#define CHANGE_H

#include "model/model.h"
#include "model/request.h"

/**
 * struct change - one step from one table to another
 * @cmd: CMD_ADD_SERVICE ... CMD_DEL_DEST
 * @svc: the service, in one of the tables
 * @dst: the server, in one of the tables, or NULL
 * @line: where the file asks for it, 0 for what it does not name
 */
struct change {
	enum command cmd;
	const struct service *svc;
	const struct dest *dst;
	unsigned int line;
};

#endif
