// SPDX-License-Identifier: GPL-2.0-only
/*
 * Help for people at a terminal who mistyped a word
 *
 * Scripts compare what is on stderr; they never see any of this.
 */
#include "args/hints.h"

#include "model/scheduler.h"

#include <string.h>
#include <unistd.h>

#define WORD_MAX 32

/**
 * hints_wanted() - is there a person who reads stderr?
 *
 * Return: true when it is a terminal.
 */
bool hints_wanted(void)
{
	return isatty(STDERR_FILENO);
}

static unsigned int smaller_of(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/**
 * hints_distance() - how many slips of a finger are between two words
 * @a: a word
 * @b: another
 *
 * A slip adds, drops or changes a letter, or swaps two neighbours.
 *
 * Return: the number of slips; a large one if a word is very long.
 */
unsigned int hints_distance(const char *a, const char *b)
{
	unsigned int d[WORD_MAX + 1][WORD_MAX + 1];
	size_t n = strlen(a), m = strlen(b);

	if (n > WORD_MAX || m > WORD_MAX)
		return n + m;
	for (size_t i = 0; i <= n; i++)
		d[i][0] = i;
	for (size_t j = 0; j <= m; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		for (size_t j = 1; j <= m; j++) {
			unsigned int best = smaller_of(d[i - 1][j],
						  d[i][j - 1]) + 1;

			best = smaller_of(best, d[i - 1][j - 1] +
					   (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				best = smaller_of(best, d[i - 2][j - 2] + 1);
			d[i][j] = best;
		}
	}
	return d[n][m];
}

/**
 * hints_begin() - begin the search for a word
 * @hint: the search
 * @word: what was written
 */
void hints_begin(struct hint *hint, const char *word)
{
	hint->word = word;
	hint->best = NULL;
	hint->distance = strlen(word) > 3 ? 3 : 2;
}

/**
 * hints_consider() - could it have been this one?
 * @hint: the search; keeps the first of the closest candidates
 * @candidate: a word there is; the beginning of it counts as close
 */
void hints_consider(struct hint *hint, const char *candidate)
{
	size_t len = strlen(hint->word);
	unsigned int distance = hints_distance(hint->word, candidate);

	if (distance && len > 1 && !strncmp(hint->word, candidate, len))
		distance = 1;
	if (distance >= hint->distance)
		return;
	hint->distance = distance;
	hint->best = candidate;
}

/**
 * hints_scheduler() - the scheduler that was meant
 * @name: what was written
 *
 * Return: a name, or NULL if none is close.
 */
const char *hints_scheduler(const char *name)
{
	const char *scheduler;
	struct hint hint;

	hints_begin(&hint, name);
	for (size_t i = 0; (scheduler = scheduler_name(i)); i++)
		hints_consider(&hint, scheduler);
	return hint.distance ? hint.best : NULL;
}
