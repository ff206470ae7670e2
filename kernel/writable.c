// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making headers writable where that takes more than a look: they lie in pieces,
 * or a copy of the packet shares them.
 */
#include <linux/skbuff.h>

#include "packet.h"
#include "writable.h"

/**
 * ip_vs_writable_pull() - ip_vs_writable_make() where there is something to do
 * @skb: packet; its head may be reallocated
 * @pkt: the packet as it was parsed, or what it quotes; or NULL
 * @end: offset from skb->data behind the last byte that is going to be written
 *
 * Only what was linear when it was parsed is sure to be the same now.
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
