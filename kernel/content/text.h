/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a packet carries, for readers.
 */
#ifndef IP_VS_CONTENT_TEXT_H
#define IP_VS_CONTENT_TEXT_H

#include <linux/types.h>

#include "content/engine.h"

struct ip_vs_foreign;
struct ip_vs_packet;
struct sk_buff;

/* How much of a packet's text is read: any packet may bring 64 KiB. */
#define IP_VS_TEXT_MAX 16384

int ip_vs_text_read(const struct ip_vs_pe *pe, struct ip_vs_foreign *foreign,
		    const struct sk_buff *skb, const struct ip_vs_packet *pkt,
		    u8 data[IP_VS_PE_DATA_MAX]);

#endif
