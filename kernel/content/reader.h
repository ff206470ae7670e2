/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Readers: each finds one field in what a client sends.
 *
 * A reader is a pure function over bytes that anybody may have sent:
 *
 *	it reads nothing outside the text;
 *	it allocates nothing, has no state and does not recurse;
 *	its time is linear in the length of the text;
 *	what it has decided of a text, it says of every longer text that begins
 *	with it: the first part of a packet may be read before the rest is there.
 *
 * The same file is compiled for user space: tests/unit/content has its tests,
 * tests/fuzz/read_sip.c holds it to the above.
 */
#ifndef IP_VS_CONTENT_READER_H
#define IP_VS_CONTENT_READER_H

#include <linux/types.h>

/* What a reader says of a text. */
enum ip_vs_read {
	IP_VS_READ_MORE,	/* undecided: the text ends too early */
	IP_VS_READ_ALIEN,	/* the field is not there, whatever follows */
	IP_VS_READ_DONE,	/* found */
};

/**
 * struct ip_vs_span - a part of a text
 * @at: offset of its first byte
 * @len: how many bytes
 */
struct ip_vs_span {
	u32 at;
	u32 len;
};

/* SIP: the Call-ID. */
enum ip_vs_read ip_vs_read_sip(const u8 *text, u32 len,
			       struct ip_vs_span *call_id);
bool ip_vs_sip_call_id_valid(const u8 *call_id, u32 len);

#endif
