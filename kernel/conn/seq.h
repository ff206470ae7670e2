/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the sequence numbers of one direction change (pure).
 *
 * Text of a connection is replaced by text of another length, so everything
 * behind it moves.  The sets are those of in-tree, as sync records carry them;
 * what in-tree does not keep is how long the replaced text was.  With that, a
 * segment that begins inside the replaced text, or an acknowledgment that ends
 * there, has a place as well.  All comparisons are modulo 2^32.
 */
#ifndef IP_VS_CONN_SEQ_H
#define IP_VS_CONN_SEQ_H

#include <linux/types.h>

/**
 * struct ip_vs_seq - the last change of one direction's text
 * @init_seq: sender's number of the first byte that was replaced; in a set from
 *	a sync peer, of the segment with that byte
 * @delta: what is added to the sender's numbers behind the replaced text
 * @previous_delta: what is added up to @init_seq
 * @old_len: how many of the sender's bytes have been replaced
 * @new_len: how many were sent instead; both 0: not known
 *
 * A set whose two deltas are equal adds a constant to all numbers.
 */
struct ip_vs_seq {
	u32 init_seq;
	u32 delta;
	u32 previous_delta;
	u16 old_len;
	u16 new_len;
};

static inline bool ip_vs_seq_after(u32 a, u32 b)
{
	return (s32)(a - b) > 0;
}

/* Does the set change any number? */
static inline bool ip_vs_seq_active(const struct ip_vs_seq *set)
{
	return set->delta || set->previous_delta;
}

/* The receiver's number for a sender's number. */
static inline u32 ip_vs_seq_there(const struct ip_vs_seq *set, u32 seq)
{
	u32 into = seq - set->init_seq;

	if (!ip_vs_seq_after(seq, set->init_seq))
		return seq + set->previous_delta;
	if (into >= set->old_len)
		return seq + set->delta;
	return set->init_seq + set->previous_delta +
	       (into < set->new_len ? into : set->new_len);
}

/* The sender's number for a receiver's acknowledgment. */
static inline u32 ip_vs_seq_back(const struct ip_vs_seq *set, u32 ack)
{
	u32 start = set->init_seq + set->previous_delta;
	u32 into = ack - start;

	if (!set->old_len && !set->new_len)
		return ip_vs_seq_after(ack, set->init_seq + set->delta) ?
		       ack - set->delta : ack - set->previous_delta;
	if (!ip_vs_seq_after(ack, start))
		return ack - set->previous_delta;
	if (into >= set->new_len)
		return ack - set->delta;
	return set->init_seq + (into < set->old_len ? into : set->old_len);
}

/* From @seq on a text is replaced; how much of it is said by the next. */
static inline void ip_vs_seq_start(struct ip_vs_seq *set, u32 seq)
{
	set->previous_delta = set->delta;
	set->init_seq = seq;
	set->old_len = 0;
	set->new_len = 0;
}

/* So far @old_len bytes have been replaced by @new_len. */
static inline void ip_vs_seq_extend(struct ip_vs_seq *set, u16 old_len,
				    u16 new_len)
{
	set->old_len = old_len;
	set->new_len = new_len;
	set->delta = set->previous_delta + new_len - old_len;
}

#endif
