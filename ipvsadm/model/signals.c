// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals that end a command which runs until then
 *
 * A signal may arrive just before a call that blocks: a write to a full pipe, a
 * wait for the next event. So the first signal starts an interval timer, and each
 * SIGALRM interrupts what blocks.
 */
#include "model/signals.h"

#include "model/util.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <sys/time.h>

#define TICK_US	(20 * 1000)

static volatile sig_atomic_t asked;
static bool prepared;

static void on_signal(int number)
{
	const struct itimerval ticks = {
		.it_interval.tv_usec = TICK_US,
		.it_value.tv_usec = TICK_US,
	};

	if (number == SIGALRM || asked)
		return;
	asked = 1;
	setitimer(ITIMER_REAL, &ticks, NULL);
}

static void listen_to(int number)
{
	const struct sigaction action = { .sa_handler = on_signal };

	sigaction(number, &action, NULL);
}

/**
 * signals_prepare() - from now on signals ask to stop, and do not kill
 *
 * A hang-up and Ctrl-\ only if the caller does not want them ignored (nohup).
 */
void signals_prepare(void)
{
	static const int milder[] = { SIGHUP, SIGQUIT };
	struct sigaction before;

	prepared = true;
	listen_to(SIGALRM);
	listen_to(SIGINT);
	listen_to(SIGTERM);
	for (size_t i = 0; i < ARRAY_SIZE(milder); i++)
		if (!sigaction(milder[i], NULL, &before) &&
		    before.sa_handler != SIG_IGN)
			listen_to(milder[i]);
}

/**
 * signals_stop_asked() - was there such a signal?
 *
 * Return: true if there was.
 */
bool signals_stop_asked(void)
{
	return asked;
}

/**
 * struct errand - work that is done elsewhere
 * @work: what
 * @arg: for @work
 * @done: it is
 */
struct errand {
	void (*work)(void *arg);
	void *arg;
	sem_t done;
};

static void *errand_run(void *arg)
{
	struct errand *errand = arg;

	errand->work(errand->arg);
	sem_post(&errand->done);
	return NULL;
}

/*
 * All signals are blocked in the worker thread: the main thread handles them.
 */
static int errand_start(struct errand *errand)
{
	sigset_t all, before;
	pthread_t thread;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&thread, NULL, errand_run, errand);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!err)
		pthread_detach(thread);
	return err;
}

/**
 * signals_errand() - do what may take long and cannot be interrupted
 * @work: what; it may still be at work when this returns false
 * @arg: for @work; it lasts as long as the program
 *
 * Without signals_prepare() a signal kills anyway, and @work is just called.
 *
 * Return: true when it is done; false when a signal asked to stop before, and
 * from then on always.
 */
bool signals_errand(void (*work)(void *arg), void *arg)
{
	static struct errand errand;

	if (asked)
		return false;
	errand.work = work;
	errand.arg = arg;
	if (!prepared || sem_init(&errand.done, 0, 0) ||
	    errand_start(&errand)) {
		work(arg);
		return true;
	}
	while (sem_wait(&errand.done))
		if (asked)
			return false;
	sem_destroy(&errand.done);
	return true;
}
