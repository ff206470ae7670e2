/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PARSE_FILTER_H
#define PARSE_FILTER_H

#include "model/filter.h"

/**
 * struct filter_fault - what is wrong with a filter
 * @item: the item, inside the text that was read
 * @want: what would be right
 */
struct filter_fault {
	const char *item;
	const char *want;
};

bool parse_filter(struct filter *filter, char *text,
		  struct filter_fault *fault);

#endif
