/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Persistence engines: templates by what a client sends, not by its address
 * alone.
 */
#ifndef IP_VS_CONTENT_ENGINE_H
#define IP_VS_CONTENT_ENGINE_H

#include <linux/types.h>

#include "content/reader.h"

/* Most bytes of a template's data: in a sync message its length has one byte. */
#define IP_VS_PE_DATA_MAX 255

/**
 * struct ip_vs_pe - a persistence engine
 * @name: as users write it
 * @proto: of the packets that it reads, IP protocol
 * @read: finds the data, at most IP_VS_PE_DATA_MAX bytes
 * @valid: can this be data that @read found?  Listings print it as it is
 */
struct ip_vs_pe {
	const char *name;
	u8 proto;
	enum ip_vs_read (*read)(const u8 *text, u32 len,
				struct ip_vs_span *data);
	bool (*valid)(const u8 *data, u32 len);
};

/**
 * struct ip_vs_pe_data - what an engine found in a packet
 * @pe: the engine
 * @len: length of @bytes, 1 to IP_VS_PE_DATA_MAX
 * @bytes: the data, not terminated
 */
struct ip_vs_pe_data {
	const struct ip_vs_pe *pe;
	u8 len;
	const u8 *bytes;
};

const struct ip_vs_pe *ip_vs_pe_find(const char *name, size_t len);

#endif
