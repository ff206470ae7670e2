// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz the reader of Call-IDs, held to what kernel/content/reader.h promises: it
 * reads nothing outside the text, what it has decided no longer text changes, and
 * what it finds is what a peer may call a Call-ID.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "content/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As ip_vs_read_sip(), of a copy that ends where memory ends. */
static enum ip_vs_read read_copy(const uint8_t *data, size_t size,
				 struct ip_vs_span *span)
{
	u8 *text = malloc(size ?: 1);
	enum ip_vs_read found;

	memcpy(text, data, size);
	found = ip_vs_read_sip(text, size, span);
	if (found == IP_VS_READ_DONE &&
	    (!span->len || span->len > 255 || span->at > size ||
	     span->len > size - span->at ||
	     !ip_vs_sip_call_id_valid(text + span->at, span->len)))
		abort();
	free(text);
	return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ip_vs_span found, here;
	enum ip_vs_read whole, part;
	/* All prefixes of a short text, some of a long one. */
	size_t n, step = size / 64 + 1;

	whole = read_copy(data, size, &found);
	for (n = 0; n < size; n += step) {
		part = read_copy(data, n, &here);
		if (part == IP_VS_READ_MORE)
			continue;
		if (part != whole || (part == IP_VS_READ_DONE &&
				      (here.at != found.at || here.len != found.len)))
			abort();
	}
	return 0;
}
