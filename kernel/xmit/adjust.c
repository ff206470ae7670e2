// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text and sequence numbers of a connection that are changed on their way: the
 * one place where either is done.
 *
 * A helper (app/) reads the text of an established connection and may replace
 * some of it.  If the length changes, all numbers behind the change do: the
 * sequence numbers of that direction, the acknowledgments and SACK blocks of
 * the other.  How they change is kept with the connection (struct ip_vs_seq),
 * told to sync peers, and taken from them.
 *
 * Connection tracking has numbers of its own for what it tracks, without which
 * it would take the packets for invalid.  So for each packet one of the two
 * changes the numbers, never both:
 *
 *	its tracking entry changes numbers	connection tracking does, when the
 *						packet leaves
 *	else					it is done here
 *
 * A change of length is given to the packet's tracking entry as well, if it has
 * room for it and no earlier change was without it.  Thus a connection goes on
 * here when tracking has forgotten it.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <linux/tcp.h>
#include <net/checksum.h>
#include <net/ip6_checksum.h>
#include <net/tcp.h>

#include "app/app.h"
#include "conn/conn.h"
#include "conn/extra.h"
#include "conn/seq.h"
#include "net.h"
#include "nfct.h"
#include "packet.h"
#include "proto/csum.h"
#include "proto/proto.h"
#include "proto/states.h"
#include "xmit/adjust.h"

/* The length of a TCP header with its options; 0: it is invalid. */
static u32 tcp_header_len(const struct sk_buff *skb, const struct ip_vs_packet *pkt)
{
	struct tcphdr buf;
	const struct tcphdr *th;
	u32 len;

	if (pkt->proto != IPPROTO_TCP || !pkt->has_l4 || pkt->quoted)
		return 0;
	th = skb_header_pointer(skb, pkt->l4_offset, sizeof(buf), &buf);
	if (!th)
		return 0;
	len = th->doff * 4;
	if (len < sizeof(*th) || pkt->l4_offset + len > skb->len)
		return 0;
	return len;
}

/**
 * ip_vs_adjust_end() - the end of what ip_vs_adjust() writes
 * @skb: packet
 * @pkt: the packet, parsed
 *
 * Return: offset from skb->data.
 */
u32 ip_vs_adjust_end(const struct sk_buff *skb, const struct ip_vs_packet *pkt)
{
	u32 len = tcp_header_len(skb, pkt);

	return pkt->l4_offset + (len ?: sizeof(struct tcphdr));
}

/* The packet has another length: what says so in its headers, and a checksum
 * for the device to fill in.
 */
static void headers_resize(struct sk_buff *skb, const struct ip_vs_packet *pkt)
{
	u32 len = skb->len - pkt->l4_offset;
	struct tcphdr *th = (void *)(skb->data + pkt->l4_offset);
	struct ipv6hdr *ip6h = ipv6_hdr(skb);
	struct iphdr *iph = ip_hdr(skb);

	if (pkt->af == AF_INET6) {
		ip6h->payload_len = htons(skb->len - sizeof(*ip6h));
		th->check = ~csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, len,
					     IPPROTO_TCP, 0);
	} else {
		csum_replace2(&iph->check, iph->tot_len, htons(skb->len));
		iph->tot_len = htons(skb->len);
		th->check = ~csum_tcpudp_magic(iph->saddr, iph->daddr, len,
					       IPPROTO_TCP, 0);
	}
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + pkt->l4_offset;
	skb->csum_offset = offsetof(struct tcphdr, check);
}

/* Write what a helper wants: @start is the offset of its text. */
static enum ip_vs_ext_drop text_write(struct sk_buff *skb,
				      const struct ip_vs_packet *pkt, u32 start,
				      const struct ip_vs_app_text *t)
{
	u32 end = start + t->cut - (t->to - t->from) + t->with_len;
	u32 longest = pkt->af == AF_INET6 ? IPV6_MAXPLEN + sizeof(struct ipv6hdr) :
					    IP_MAX_MTU;
	struct tcphdr *th;
	u8 *text;

	if (end > longest)
		return IPVS_EXT_DROP_TOO_BIG;
	if (skb_ensure_writable(skb, skb->len))
		return IPVS_EXT_DROP_NO_MEMORY;
	if (end > skb->len && skb_tailroom(skb) < end - skb->len &&
	    pskb_expand_head(skb, 0, end - skb->len, GFP_ATOMIC))
		return IPVS_EXT_DROP_NO_MEMORY;
	th = (void *)(skb->data + pkt->l4_offset);
	/* They come behind the last byte, which is not sent. */
	if (t->cut < t->len) {
		th->fin = 0;
		th->psh = 0;
	}
	text = skb->data + start;
	memmove(text + t->from + t->with_len, text + t->to, t->cut - t->to);
	memcpy(text + t->from, t->with, t->with_len);
	if (end > skb->len)
		skb_put(skb, end - skb->len);
	else
		skb_trim(skb, end);
	headers_resize(skb, pkt);
	if (skb_is_gso(skb) && end - start <= skb_shinfo(skb)->gso_size)
		skb_gso_reset(skb);
	return IPVS_EXT_DROP_UNSPEC;
}

/* A change of length: remembered by flag, and told to connection tracking. */
static void change_note(struct ip_vs_app_text *t, struct sk_buff *skb,
			const struct ip_vs_seq *before)
{
	const struct ip_vs_seq *set = &t->extra->seq[t->dir];
	u32 flag = t->dir == IP_VS_DIR_INPUT ? IP_VS_CONN_F_IN_SEQ :
					       IP_VS_CONN_F_OUT_SEQ;
	u32 at = ip_vs_seq_after(t->seq, set->init_seq) ? t->seq : set->init_seq;

	spin_lock(&t->c->lock);
	if (!t->c->dead)
		WRITE_ONCE(t->c->flags, t->c->flags | flag);
	spin_unlock(&t->c->lock);
	ip_vs_nfct_change(skb, at, set->delta - before->delta,
			  ip_vs_seq_active(before));
}

/* The helper's part, under the lock.  Returns whether a length has changed. */
static bool text_read(struct sk_buff *skb, const struct ip_vs_packet *pkt,
		      u32 start, struct ip_vs_app_text *t,
		      enum ip_vs_ext_drop *why)
{
	const struct ip_vs_seq before = t->extra->seq[t->dir];
	bool changed;

	*why = t->extra->app->app->read(t);
	if (*why) {
		t->extra->seq[t->dir] = before;
		return false;
	}
	changed = t->extra->seq[t->dir].delta != before.delta;
	if (changed)
		change_note(t, skb, &before);
	/* If this fails the packet is repeated, and its text replaced again. */
	if (t->cut < t->len || t->to > t->from)
		*why = text_write(skb, pkt, start, t);
	return changed;
}

/**
 * ip_vs_adjust_text() - have a packet's text read and changed by its helper
 * @skb: packet, not rewritten yet; its head may be reallocated
 * @pkt: the packet, parsed
 * @c: its connection, with IP_VS_CONN_F_EXTRA
 * @dir: who sent it
 * @hooknum: the netfilter hook it came by
 *
 * What the length of the text was does not count for @pkt: its offsets stay.
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: 0, or why the packet has to be dropped.
 */
enum ip_vs_ext_drop ip_vs_adjust_text(struct sk_buff *skb,
				      const struct ip_vs_packet *pkt,
				      struct ip_vs_conn *c, enum ip_vs_dir dir,
				      unsigned int hooknum)
{
	struct ip_vs_extra *extra = ip_vs_conn_extra(c);
	u32 len = tcp_header_len(skb, pkt);
	u32 start = pkt->l4_offset + len;
	const struct tcphdr *th;
	struct ip_vs_app_text t = {
		.c = c,
		.extra = extra,
		.dir = dir,
		.fwmark = skb->mark,
		.skb = skb,
		.len = skb->len - start,
		.cut = skb->len - start,
	};
	enum ip_vs_ext_drop why;
	bool changed;

	if (!extra->app || !len || start == skb->len ||
	    READ_ONCE(c->state) != IP_VS_TCP_ESTABLISHED)
		return IPVS_EXT_DROP_UNSPEC;
	if (nf_checksum(skb, hooknum, pkt->l4_offset, IPPROTO_TCP, pkt->af))
		return IPVS_EXT_DROP_CHECKSUM;
	if (skb_linearize(skb))
		return IPVS_EXT_DROP_NO_MEMORY;
	if (!ip_vs_packet_unchanged(skb, pkt) || tcp_header_len(skb, pkt) != len)
		return IPVS_EXT_DROP_CHANGED;
	th = (void *)(skb->data + pkt->l4_offset);
	t.seq = ntohl(th->seq);
	t.text = skb->data + start;

	spin_lock_bh(&extra->lock);
	changed = text_read(skb, pkt, start, &t, &why);
	spin_unlock_bh(&extra->lock);
	/* Peers have to know, or the connection breaks when they take over. */
	if (changed)
		c->ivn->conn_prolonged(c);
	return why;
}

/* What replacing one number does to the checksum. */
static __wsum number_put(__be32 *at, u32 number)
{
	__be32 old = *at;

	*at = htonl(number);
	return ip_vs_csum_addr4(old, *at);
}

/* The edges of SACK blocks are acknowledgments as well.  Options stand at any
 * offset.
 */
static __wsum sack_adjust(u8 *option, u32 offset, const struct ip_vs_seq *other)
{
	u32 i, len = option[1];
	__wsum diff, sum = 0;
	__be32 edge;

	for (i = 2; i + sizeof(edge) <= len; i += sizeof(edge)) {
		memcpy(&edge, option + i, sizeof(edge));
		diff = number_put(&edge, ip_vs_seq_back(other, ntohl(edge)));
		memcpy(option + i, &edge, sizeof(edge));
		sum = csum_block_add(sum, diff, offset + i);
	}
	return sum;
}

static __wsum options_adjust(u8 *header, u32 len, const struct ip_vs_seq *other)
{
	u32 pos = sizeof(struct tcphdr);
	__wsum sum = 0;

	while (pos < len && header[pos] != TCPOPT_EOL) {
		if (header[pos] == TCPOPT_NOP) {
			pos++;
			continue;
		}
		if (len - pos < 2 || header[pos + 1] < 2 ||
		    header[pos + 1] > len - pos)
			break;
		if (header[pos] == TCPOPT_SACK)
			sum = csum_add(sum, sack_adjust(header + pos, pos,
							other));
		pos += header[pos + 1];
	}
	return sum;
}

/* Is the connection opened anew?  The SYN of a client that has forgotten an
 * established one says so only if the server agrees, with one of its own: else a
 * stranger's would break it.
 */
static bool starts_anew(const struct ip_vs_conn *c,
			const struct ip_vs_packet *pkt, enum ip_vs_dir dir)
{
	return pkt->tcp_flags & TCP_FLAG_BIT_SYN &&
	       (dir == IP_VS_DIR_OUTPUT ||
		READ_ONCE(c->state) != IP_VS_TCP_ESTABLISHED);
}

/* No number has changed yet, and no text has been read. */
static void extra_restart(struct ip_vs_extra *extra)
{
	lockdep_assert_held(&extra->lock);
	memset(extra->seq, 0, sizeof(extra->seq));
	if (!extra->app)
		return;
	extra->app->app->release(extra->state);
	extra->state = NULL;
}

/**
 * ip_vs_adjust() - change a packet's sequence numbers
 * @w: what may be written of it: up to ip_vs_adjust_end()
 * @pkt: the packet, parsed
 * @c: its connection, with IP_VS_CONN_F_EXTRA
 * @dir: who sent it
 *
 * Context: RCU read side, softirq or process.
 *
 * Return: true; false: not all of it may be written, nothing was.
 */
bool ip_vs_adjust(struct ip_vs_writable w, const struct ip_vs_packet *pkt,
		  struct ip_vs_conn *c, enum ip_vs_dir dir)
{
	struct ip_vs_extra *extra = ip_vs_conn_extra(c);
	u32 len = tcp_header_len(w.skb, pkt);
	struct ip_vs_seq own, other;
	struct tcphdr *th;
	__wsum sum;

	if (!len)
		return true;
	spin_lock_bh(&extra->lock);
	if (starts_anew(c, pkt, dir))
		extra_restart(extra);
	own = extra->seq[dir];
	other = extra->seq[!dir];
	spin_unlock_bh(&extra->lock);
	if (likely(!ip_vs_seq_active(&own) && !ip_vs_seq_active(&other)) ||
	    ip_vs_nfct_changes(w.skb))
		return true;

	th = ip_vs_writable_at(w, pkt->l4_offset, len);
	if (!th)
		return false;
	sum = number_put(&th->seq, ip_vs_seq_there(&own, ntohl(th->seq)));
	if (th->ack)
		sum = csum_add(sum, number_put(&th->ack_seq,
					       ip_vs_seq_back(&other,
							      ntohl(th->ack_seq))));
	if (th->ack && ip_vs_seq_active(&other))
		sum = csum_add(sum, options_adjust((u8 *)th, len, &other));
	/* What the device is to fill in has no header in it yet. */
	if (w.skb->ip_summed != CHECKSUM_PARTIAL)
		th->check = ip_vs_csum_apply(th->check, sum);
	return true;
}
