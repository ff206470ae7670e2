// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why standard output could not be written
 *
 * A stream remembers that a write failed, but not why, and what is done after it
 * has reasons of its own: the first one is kept here.
 */
#include "print/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdio_ext.h>

static int first_error;

/**
 * output_failed() - a write to standard output has just failed: keep errno
 */
void output_failed(void)
{
	if (!first_error)
		first_error = errno ? errno : EIO;
}

/**
 * output_broken() - has a write to standard output failed?
 *
 * Asked right behind a write, or its reason may be another one's.
 *
 * Return: true if one has.
 */
bool output_broken(void)
{
	if (ferror(stdout))
		output_failed();
	return ferror(stdout);
}

/**
 * output_flush() - write what standard output has kept so far
 *
 * Return: 0, or -EIO when this or a write before has failed.
 */
int output_flush(void)
{
	if (fflush(stdout))
		output_failed();
	return output_broken() ? -EIO : 0;
}

/**
 * output_abandon() - told to stop: what cannot be written at once is left
 *
 * Signals interrupt a write to a pipe that nobody reads; that is no error.
 */
void output_abandon(void)
{
	output_flush();
	if (first_error != EINTR)
		return;
	__fpurge(stdout);
	clearerr(stdout);
	first_error = 0;
}

/**
 * output_error() - why standard output could not be written
 *
 * Return: a positive errno, 0 if nothing failed.
 */
int output_error(void)
{
	return first_error;
}
