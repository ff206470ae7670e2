/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Attributes, many to a message, written at the price of their bytes.
 *
 * nla_put() looks for room, moves the message's end and calls memcpy() for each
 * attribute; a server has fifty.  Here the room is asked for once, and what
 * follows are stores: all lengths are constants.
 */
#ifndef IP_VS_CTL_ATTRS_H
#define IP_VS_CTL_ATTRS_H

#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/netlink.h>

/**
 * struct ip_vs_attrs - where the next attribute goes
 * @at: behind the message's end until ip_vs_attrs_end()
 */
struct ip_vs_attrs {
	u8 *at;
};

/* Begin to write at most @room bytes.  Returns whether there is room. */
static inline bool ip_vs_attrs_begin(struct ip_vs_attrs *w,
				     struct sk_buff *skb, int room)
{
	w->at = skb_tail_pointer(skb);
	return skb_tailroom(skb) >= room;
}

/* What was written becomes part of the message. */
static inline void ip_vs_attrs_end(struct ip_vs_attrs *w, struct sk_buff *skb)
{
	skb_put(skb, w->at - skb_tail_pointer(skb));
}

/* A header, and room of @len bytes, padded with zeros.  Returns the room. */
static __always_inline void *ip_vs_attr_add(struct ip_vs_attrs *w, u16 type,
					    u16 len)
{
	struct nlattr *attr = (struct nlattr *)w->at;

	attr->nla_len = nla_attr_size(len);
	attr->nla_type = type;
	if (len % NLA_ALIGNTO)
		memset(w->at + nla_attr_size(len), 0, nla_padlen(len));
	w->at += nla_total_size(len);
	return nla_data(attr);
}

static __always_inline void ip_vs_attr_data(struct ip_vs_attrs *w, u16 type,
					    const void *data, u16 len)
{
	memcpy(ip_vs_attr_add(w, type, len), data, len);
}

static inline void ip_vs_attr_string(struct ip_vs_attrs *w, u16 type,
				     const char *text)
{
	ip_vs_attr_data(w, type, text, strlen(text) + 1);
}

static inline void ip_vs_attr_u8(struct ip_vs_attrs *w, u16 type, u8 value)
{
	ip_vs_attr_data(w, type, &value, sizeof(value));
}

static inline void ip_vs_attr_u16(struct ip_vs_attrs *w, u16 type, u16 value)
{
	ip_vs_attr_data(w, type, &value, sizeof(value));
}

static inline void ip_vs_attr_be16(struct ip_vs_attrs *w, u16 type,
				   __be16 value)
{
	ip_vs_attr_data(w, type, &value, sizeof(value));
}

static inline void ip_vs_attr_u32(struct ip_vs_attrs *w, u16 type, u32 value)
{
	ip_vs_attr_data(w, type, &value, sizeof(value));
}

static inline void ip_vs_attr_be32(struct ip_vs_attrs *w, u16 type,
				   __be32 value)
{
	ip_vs_attr_data(w, type, &value, sizeof(value));
}

/* Readers may take the number as it lies there: where machines mind, an empty
 * attribute of type @pad moves it to a multiple of 8.
 */
static inline void ip_vs_attr_u64(struct ip_vs_attrs *w, u16 type, u64 value,
				  u16 pad)
{
	if (!IS_ENABLED(CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS) &&
	    IS_ALIGNED((unsigned long)w->at, sizeof(u64)))
		ip_vs_attr_add(w, pad, 0);
	ip_vs_attr_data(w, type, &value, sizeof(value));
}

/* A nest; its length is known when it ends. */
static inline struct nlattr *ip_vs_attr_nest(struct ip_vs_attrs *w, u16 type)
{
	struct nlattr *nest = (struct nlattr *)w->at;

	ip_vs_attr_add(w, type, 0);
	return nest;
}

static inline void ip_vs_attr_nest_end(struct ip_vs_attrs *w,
				       struct nlattr *nest)
{
	nest->nla_len = w->at - (u8 *)nest;
}

#endif
