/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HINTS_H
#define HINTS_H

#include <stdbool.h>

/**
 * struct hint - the search for the word that was meant
 * @word: what was written
 * @best: the closest candidate so far, or NULL
 * @distance: how far away it is
 */
struct hint {
	const char *word;
	const char *best;
	unsigned int distance;
};

bool hints_wanted(void);
unsigned int hints_distance(const char *a, const char *b);
void hints_begin(struct hint *hint, const char *word);
void hints_consider(struct hint *hint, const char *candidate);
const char *hints_scheduler(const char *name);

#endif
