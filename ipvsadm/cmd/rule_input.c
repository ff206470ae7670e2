// SPDX-License-Identifier: GPL-2.0-only
/*
 * Standard input, from which rules are read
 */
#include "cmd/rule_input.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define CHUNK	(64 * 1024)

/**
 * rule_input_read() - read more, as much as is there
 * @in: where to; zeroed before the first call
 *
 * Return: the number of bytes read, 0 at the end, or -errno.
 */
ssize_t rule_input_read(struct rule_input *in)
{
	ssize_t n;

	if (in->size - in->len < CHUNK) {
		size_t size = 2 * in->size + CHUNK;
		char *data = realloc(in->data, size);

		if (!data)
			return -ENOMEM;
		in->data = data;
		in->size = size;
	}
	do
		n = read(STDIN_FILENO, in->data + in->len, CHUNK);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	in->len += n;
	return n;
}
