// SPDX-License-Identifier: GPL-2.0-only
/*
 * Colour in lists, on a terminal only and never against the user's will
 *
 * Nothing is told by colour alone: the same can be read in the columns.
 */
#include "colour.h"

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

static bool wanted(FILE *out)
{
	static int known = -1;

	if (known < 0)
		known = colour_wanted();
	return known && out == stdout;
}

/**
 * colour_service() - begin the name of a service
 * @out: where it is printed
 *
 * Return: for colour_off().
 */
bool colour_service(FILE *out)
{
	if (!wanted(out))
		return false;
	fputs(BOLD, out);
	return true;
}

static const char *dest_colour(const struct dest *dst)
{
	uint64_t conns = (uint64_t)dst->active + dst->inactive;

	if (dst->u_thresh && conns >= dst->u_thresh)
		return RED;
	return dst->weight ? NULL : YELLOW;
}

/**
 * colour_dest() - begin the line of a server
 * @out: where it is printed
 * @dst: the server: red at its upper threshold, yellow with weight 0
 *
 * Return: for colour_off().
 */
bool colour_dest(FILE *out, const struct dest *dst)
{
	const char *colour = dest_colour(dst);

	if (!colour || !wanted(out))
		return false;
	fputs(colour, out);
	return true;
}

/**
 * colour_off() - back to normal
 * @out: where it is printed
 * @on: what the function that began it said
 */
void colour_off(FILE *out, bool on)
{
	if (on)
		fputs(OFF, out);
}
