/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef STOP_H
#define STOP_H

#include <poll.h>
#include <stdbool.h>

void stop_prepare(void);
bool stop_asked(void);
int stop_poll(struct pollfd *fds, nfds_t n, int timeout_ms);

#endif
