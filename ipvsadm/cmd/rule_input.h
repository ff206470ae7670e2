/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RULE_INPUT_H
#define RULE_INPUT_H

#include <stddef.h>
#include <sys/types.h>

/**
 * struct rule_input - what has been read and not yet used
 * @data: the bytes, to be freed
 * @len: how many
 * @size: room in @data
 */
struct rule_input {
	char *data;
	size_t len;
	size_t size;
};

ssize_t rule_input_read(struct rule_input *in);

#endif
