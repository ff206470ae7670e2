// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making headers writable, the slow path: they are not linear, or shared with a
 * clone of the packet.
 */
#include <linux/skbuff.h>

#include "packet.h"
#include "writable.h"

/**
 * ip_vs_writable_pull() - slow path of ip_vs_writable_make()
 * @skb: packet; its head may be reallocated
 * @pkt: the packet as it was parsed, or what it quotes; or NULL
 * @end: offset from skb->data behind the last byte that is going to be written
 *
 * What was not linear when it was parsed may have changed since.
 *
 * Context: any.
 *
 * Return: 0, or why the packet has to be dropped.
 */
enum ip_vs_ext_drop ip_vs_writable_pull(struct sk_buff *skb,
					const struct ip_vs_packet *pkt,
					u32 end)
{
	bool copied = end > skb_headlen(skb);

	if (end > skb->len)
		return IPVS_EXT_DROP_SHORT;
	if (skb_ensure_writable(skb, end))
		return IPVS_EXT_DROP_NO_MEMORY;
	if (copied && pkt && !ip_vs_packet_unchanged(skb, pkt))
		return IPVS_EXT_DROP_CHANGED;
	return IPVS_EXT_DROP_UNSPEC;
}
