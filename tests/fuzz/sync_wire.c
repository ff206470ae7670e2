// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz the decoder of messages between directors: it ends, reads nothing beyond the
 * message, and what it takes for a record is encoded and decoded to the same.
 */
#include <linux/ip_vs.h>

#include "sync/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same(const struct ip_vs_sync_record *a,
		 const struct ip_vs_sync_record *b)
{
	struct ip_vs_sync_record c = *b;

	if (a->pe_data_len && memcmp(a->pe_data, b->pe_data, a->pe_data_len))
		return false;
	if (a->pe_name_len && memcmp(a->pe_name, b->pe_name, a->pe_name_len))
		return false;
	c.pe_data = a->pe_data;
	c.pe_name = a->pe_name;
	return !memcmp(&c, a, sizeof(c));
}

static void there_and_back(struct ip_vs_sync_record *rec, u8 version)
{
	struct ip_vs_sync_record again;
	struct ip_vs_wire_writer w;
	struct ip_vs_wire_reader r;
	size_t room;
	u8 *buf;

	room = ip_vs_wire_least(version, rec);
	buf = malloc(room);
	ip_vs_wire_begin(&w, buf, room, version, 7);
	if (!ip_vs_wire_add(&w, rec))
		abort();
	ip_vs_wire_finish(&w);
	if (w.len != room || !ip_vs_wire_open(&r, buf, room, 7) ||
	    r.version != version ||
	    ip_vs_wire_next(&r, &again) != IP_VS_WIRE_RECORD ||
	    !same(rec, &again))
		abort();
	free(buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	u8 *msg = malloc(size ?: 1);
	struct ip_vs_sync_record rec;
	struct ip_vs_wire_reader r;
	enum ip_vs_wire found;
	unsigned int n = 0;

	memcpy(msg, data, size);
	/* The length is right more often than a fuzzer would guess. */
	if (size >= 4 && size < 65536 && data[0] < 4) {
		msg[2] = size >> 8;
		msg[3] = size;
	}
	if (ip_vs_wire_open(&r, msg, size, 0))
		while ((found = ip_vs_wire_next(&r, &rec)) != IP_VS_WIRE_END) {
			if (++n > IP_VS_WIRE_RECORDS_MAX)
				abort();
			if (found == IP_VS_WIRE_RECORD)
				there_and_back(&rec, r.version);
		}
	free(msg);
	return 0;
}
