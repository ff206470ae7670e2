/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only way to write to a packet's headers.
 *
 * A packet's memory may be shared with a clone, not be linear, or still be
 * written to by its sender.  What is to be changed is made linear and private
 * first, up to an offset; the code that writes gets no pointer to anything
 * behind it.
 */
#ifndef IP_VS_WRITABLE_H
#define IP_VS_WRITABLE_H

#include <linux/ip_vs_ext.h>
#include <linux/skbuff.h>
#include <linux/types.h>

struct ip_vs_packet;

/**
 * struct ip_vs_writable - the part of a packet that may be written
 * @skb: packet
 * @end: offset from skb->data where it ends, 0: nothing may be written
 *
 * Only ip_vs_writable_make() makes one.  It is valid until the packet is passed
 * on.
 */
struct ip_vs_writable {
	struct sk_buff *skb;
	u32 end;
};

enum ip_vs_ext_drop ip_vs_writable_pull(struct sk_buff *skb,
					const struct ip_vs_packet *pkt,
					u32 end);

/**
 * ip_vs_writable_make() - make the first bytes of a packet writable
 * @w: what may be written; nothing if this fails
 * @skb: packet; its head may be reallocated
 * @pkt: the packet as it was parsed, or the packet that it quotes; NULL: of no
 *	interest, only the IP header is going to be written
 * @end: offset from skb->data behind the last byte that is going to be written
 *
 * The headers are those that were parsed: if they had to be copied from memory
 * that others may write to, they are parsed again and compared.
 *
 * Context: any.
 *
 * Return: 0, or why the packet has to be dropped: IPVS_EXT_DROP_SHORT: it does
 * not reach that far; _NO_MEMORY; _CHANGED: it was written to since it was
 * parsed.
 */
static __always_inline enum ip_vs_ext_drop
ip_vs_writable_make(struct ip_vs_writable *w, struct sk_buff *skb,
		    const struct ip_vs_packet *pkt, u32 end)
{
	enum ip_vs_ext_drop why = IPVS_EXT_DROP_UNSPEC;

	if (unlikely(end > skb_headlen(skb)) ||
	    unlikely(skb_cloned(skb) && !skb_clone_writable(skb, end)))
		why = ip_vs_writable_pull(skb, pkt, end);
	*w = (struct ip_vs_writable) {
		.skb = skb,
		.end = likely(!why) ? end : 0,
	};
	return why;
}

/**
 * ip_vs_writable_at() - a header that may be written
 * @w: what may be written
 * @offset: where the header starts, from skb->data
 * @len: its length
 *
 * Return: the header, good as long as @w; NULL: not all of it may be written.
 */
static inline void *ip_vs_writable_at(struct ip_vs_writable w, u32 offset,
				      u32 len)
{
	if (unlikely(offset > w.end || len > w.end - offset))
		return NULL;
	return w.skb->data + offset;
}

#endif
