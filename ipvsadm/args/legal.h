/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef LEGAL_H
#define LEGAL_H

#include "model/request.h"

const char *option_name(enum option opt);
const char *command_name(enum command cmd);
enum verdict legal_check(struct request *req);

#endif
