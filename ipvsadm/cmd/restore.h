/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RESTORE_H
#define RESTORE_H

#include "net/wire.h"

int restore_run(struct wire *wire, const char *prog);

#endif
