/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "model/request.h"

enum verdict options_parse(int argc, const char **argv, struct request *req);
enum command options_command(int argc, const char **argv);
enum verdict options_hint(struct request *req);

#endif
