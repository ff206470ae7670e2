// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a packet carries, for readers.
 *
 * Often all of a packet's text, or enough of it, is in the linear part and is
 * read there.  Else its first 16 KiB are copied for the reader: anybody can send
 * 64 KiB in fragments, and no message that is meant to be balanced has what it is
 * balanced by so far behind.  The cost of a packet is in proportion to its length
 * up to that.
 */
#include <linux/minmax.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/udp.h>

#include "content/engine.h"
#include "content/reader.h"
#include "content/text.h"
#include "foreign.h"
#include "packet.h"

/* The length of a datagram's text, behind its header at @offset.  One that is
 * to be segmented is read up to the end of its first segment.
 */
static u32 text_len(const struct sk_buff *skb, u32 offset)
{
	u32 len = skb->len > offset ? skb->len - offset : 0;

	if (skb_shinfo(skb)->gso_type & SKB_GSO_UDP_L4)
		len = min_t(u32, len, skb_shinfo(skb)->gso_size);
	return min_t(u32, len, IP_VS_TEXT_MAX);
}

/* As ip_vs_text_read(). */
static int text_take(enum ip_vs_read found, const u8 *text,
		     const struct ip_vs_span *span, u8 *data)
{
	if (found != IP_VS_READ_DONE)
		return -ENODATA;
	if (WARN_ON_ONCE(!span->len || span->len > IP_VS_PE_DATA_MAX))
		return -ENODATA;
	memcpy(data, text + span->at, span->len);
	return span->len;
}

/* Reads a copy of the text, as it is not in one piece. */
static int text_read_copy(const struct ip_vs_pe *pe,
			  struct ip_vs_foreign *foreign,
			  const struct sk_buff *skb, u32 offset, u32 len,
			  u8 *data)
{
	u8 *copy = ip_vs_packet_kmalloc(foreign, len);
	struct ip_vs_span span;
	int found;

	if (!copy)
		return -ENOMEM;
	found = skb_copy_bits(skb, offset, copy, len);
	if (!found)
		found = text_take(pe->read(copy, len, &span), copy, &span, data);
	kfree(copy);
	return found;
}

/**
 * ip_vs_text_read() - let an engine read a packet
 * @pe: engine
 * @foreign: of the packet's namespace
 * @skb: packet
 * @pkt: the packet, parsed
 * @data: filled with what the engine finds
 *
 * A packet quoted in an ICMP error is not read: the quote ends anywhere.
 *
 * Context: RCU read side, softirq or process.
 *
 * Return: the length of @data, 1 to IP_VS_PE_DATA_MAX; -ENODATA: there is none;
 * -ENOMEM.
 */
int ip_vs_text_read(const struct ip_vs_pe *pe, struct ip_vs_foreign *foreign,
		    const struct sk_buff *skb, const struct ip_vs_packet *pkt,
		    u8 data[IP_VS_PE_DATA_MAX])
{
	u32 offset = pkt->l4_offset + sizeof(struct udphdr);
	struct ip_vs_span span;
	enum ip_vs_read found;
	const u8 *text;
	u32 len, here;

	if (pkt->proto != pe->proto || pkt->quoted || !pkt->has_l4)
		return -ENODATA;
	len = text_len(skb, offset);
	here = skb_headlen(skb) > offset ?
	       min(len, skb_headlen(skb) - offset) : 0;
	text = skb->data + offset;
	found = pe->read(text, here, &span);
	if (found == IP_VS_READ_MORE && here < len)
		return text_read_copy(pe, foreign, skb, offset, len, data);
	return text_take(found, text, &span, data);
}
