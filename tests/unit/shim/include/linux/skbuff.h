/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_SKBUFF_H
#define SHIM_SKBUFF_H

#include <linux/types.h>

/* Of a namespace's state, which no unit here looks at. */
struct sk_buff_head {
	void *first;
};

/* What headers name inline; no unit here has a packet. */
struct sk_buff {
	unsigned char *data;
	unsigned int len;
};

unsigned int skb_headlen(const struct sk_buff *skb);
int skb_cloned(const struct sk_buff *skb);
int skb_clone_writable(const struct sk_buff *skb, unsigned int len);

#endif
