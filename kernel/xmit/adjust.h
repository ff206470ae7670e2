/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text and sequence numbers of a connection that are changed on their way.
 */
#ifndef IP_VS_XMIT_ADJUST_H
#define IP_VS_XMIT_ADJUST_H

#include <linux/ip_vs_ext.h>
#include <linux/types.h>

#include "conn/conn.h"
#include "writable.h"

struct ip_vs_extra;
struct ip_vs_packet;
struct sk_buff;

/**
 * struct ip_vs_app_text - the text of one segment, for a helper
 * @c: connection
 * @extra: what is behind it, locked
 * @dir: who sent it
 * @fwmark: the packet's mark
 * @skb: the packet, not rewritten yet
 * @seq: the sender's number of the first byte
 * @text: its bytes, to be read only
 * @len: how many, at least one
 * @cut: result: the bytes from here on are not forwarded
 * @from: result: the bytes from here ...
 * @to: ... to here, not behind @cut, are replaced ...
 * @with: ... by these
 * @with_len: how many
 */
struct ip_vs_app_text {
	struct ip_vs_conn *c;
	struct ip_vs_extra *extra;
	enum ip_vs_dir dir;
	u32 fwmark;
	const struct sk_buff *skb;
	u32 seq;
	const u8 *text;
	u32 len;
	u32 cut;
	u32 from;
	u32 to;
	const u8 *with;
	u32 with_len;
};

enum ip_vs_ext_drop ip_vs_adjust_text(struct sk_buff *skb,
				      const struct ip_vs_packet *pkt,
				      struct ip_vs_conn *c, enum ip_vs_dir dir,
				      unsigned int hooknum);
u32 ip_vs_adjust_end(const struct sk_buff *skb, const struct ip_vs_packet *pkt);
bool ip_vs_adjust(struct ip_vs_writable w, const struct ip_vs_packet *pkt,
		  struct ip_vs_conn *c, enum ip_vs_dir dir);

#endif
