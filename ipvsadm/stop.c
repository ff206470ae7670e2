// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands that run until they are told to stop
 *
 * SIGINT and SIGTERM are kept back and let through only while waiting, so none
 * comes between looking whether to stop and waiting for something else.
 */
#include "stop.h"

#include <signal.h>
#include <stddef.h>
#include <time.h>

static volatile sig_atomic_t asked;
static sigset_t waiting;

static void on_signal(int number)
{
	(void)number;
	asked = 1;
}

/**
 * stop_prepare() - from now on signals ask to stop, and do not kill
 */
void stop_prepare(void)
{
	const struct sigaction action = { .sa_handler = on_signal };
	sigset_t kept;

	sigemptyset(&kept);
	sigaddset(&kept, SIGINT);
	sigaddset(&kept, SIGTERM);
	sigprocmask(SIG_BLOCK, &kept, &waiting);
	sigdelset(&waiting, SIGINT);
	sigdelset(&waiting, SIGTERM);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

/**
 * stop_asked() - was there such a signal?
 *
 * Return: true if there was.
 */
bool stop_asked(void)
{
	return asked;
}

/**
 * stop_poll() - wait for files, for time to pass or for a signal
 * @fds: as for poll()
 * @n: how many
 * @timeout_ms: milliseconds, -1 for no limit
 *
 * Return: as poll().
 */
int stop_poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
	const struct timespec timeout = {
		.tv_sec = timeout_ms / 1000,
		.tv_nsec = timeout_ms % 1000 * 1000000L
	};

	return ppoll(fds, n, timeout_ms < 0 ? NULL : &timeout, &waiting);
}
