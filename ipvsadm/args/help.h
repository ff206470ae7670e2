/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HELP_H
#define HELP_H

void help_print(const char *prog);
void help_version(void);

#endif
