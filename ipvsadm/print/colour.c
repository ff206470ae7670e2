// SPDX-License-Identifier: GPL-2.0-only
/*
 * Colour in lists, on a terminal only and never against the user's will
 *
 * Nothing is told by colour alone: the same can be read in the columns.
 */
#include "print/colour.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BOLD	"\033[1m"
#define RED	"\033[31m"
#define YELLOW	"\033[33m"
#define OFF	"\033[0m"

/**
 * colour_wanted() - may there be colour on standard output?
 *
 * Return: true on a terminal that has it, unless the user does not want it.
 */
bool colour_wanted(void)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term &&
	       strcmp(term, "dumb");
}

static bool colour_wanted_on(FILE *out)
{
	static int known = -1;

	if (known < 0)
		known = colour_wanted();
	return known && out == stdout;
}

/**
 * colour_service() - what comes before the name of a service
 * @out: where it is printed
 *
 * Return: a sequence for the terminal, or "".
 */
const char *colour_service(FILE *out)
{
	return colour_wanted_on(out) ? BOLD : "";
}

/**
 * colour_dest() - what comes before the line of a server
 * @out: where it is printed
 * @dst: the server: red at its upper threshold, yellow with weight 0
 *
 * Return: a sequence for the terminal, or "".
 */
const char *colour_dest(FILE *out, const struct dest *dst)
{
	uint64_t conns = (uint64_t)dst->active + dst->inactive;

	if (!colour_wanted_on(out))
		return "";
	if (dst->u_thresh && conns >= dst->u_thresh)
		return RED;
	return dst->weight ? "" : YELLOW;
}

/**
 * colour_off() - what comes behind it
 * @colour: what came before
 *
 * Return: a sequence for the terminal, or "".
 */
const char *colour_off(const char *colour)
{
	return *colour ? OFF : "";
}
