/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The options: their spellings, and what each makes of its value
 */
#ifndef RULE_H
#define RULE_H

#include "model/request.h"

struct rule;

/**
 * struct rule - one spelling of one option
 * @opt: the option, or OPT_MAX for words that may be repeated
 * @lname: long name, or NULL
 * @sname: short name, or 0
 * @arg: 0, POPT_ARG_STRING or POPT_ARG_STRING | POPT_ARGFLAG_OPTIONAL
 * @take: reads the value; NULL if being given is all there is to it
 * @value: for @take: the constant that this spelling stands for
 * @min: for take_number(): smallest value
 * @max: for take_number(): largest value
 * @field: for take_number() and take_value(): where in the request
 * @bad: for @take: the message
 * @want: what a value looks like, for people who gave another; NULL where the
 *	message says it, or for take_number() its limits do
 */
struct rule {
	enum option opt;
	const char *lname;
	char sname;
	unsigned int arg;
	enum verdict (*take)(struct request *req, const struct rule *rule,
			     const char *arg);
	uint32_t value;
	uint32_t min;
	uint32_t max;
	size_t field;
	const char *bad;
	const char *want;
};

#define RULES_MAX 64

extern const struct rule rules[];
extern const int n_rules;

void rule_want(const struct rule *rule, char *text, size_t size);
enum verdict rule_timeout(struct request *req, const char *arg, uint32_t min,
			  uint32_t *out);

#endif
