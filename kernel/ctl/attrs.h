/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writing many netlink attributes to a message at little cost.
 *
 * nla_put() checks for room, moves the message's end and calls memcpy() for
 * each attribute, and a server has dozens.  Here room is checked once, and each
 * attribute is a few stores, as all lengths are constants.
 */
#ifndef IP_VS_CTL_ATTRS_H
#define IP_VS_CTL_ATTRS_H

#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/netlink.h>

/**
 * struct ip_vs_attrs - position of the next attribute
 * @at: behind the message's end until ip_vs_attrs_end()
 */
struct ip_vs_attrs {
	u8 *at;
};

/* Begins to write at most @room bytes.  Returns whether there is room. */
static inline bool ip_vs_attrs_begin(struct ip_vs_attrs *w,
				     struct sk_buff *skb, int room)
{
	w->at = skb_tail_pointer(skb);
	return skb_tailroom(skb) >= room;
}

/* Makes the attributes written part of the message. */
static inline void ip_vs_attrs_end(struct ip_vs_attrs *w, struct sk_buff *skb)
{
	skb_put(skb, w->at - skb_tail_pointer(skb));
}

/* Writes a header for @len bytes, and the padding.  Returns the room for them. */
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

/* Readers may access the number in place: on architectures without efficient
 * unaligned access, an empty attribute of type @pad aligns it to 8 bytes.
 */
static inline void ip_vs_attr_u64(struct ip_vs_attrs *w, u16 type, u64 value,
				  u16 pad)
{
	if (!IS_ENABLED(CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS) &&
	    IS_ALIGNED((unsigned long)w->at, sizeof(u64)))
		ip_vs_attr_add(w, pad, 0);
	ip_vs_attr_data(w, type, &value, sizeof(value));
}

/* Begins a nest; its length is written at its end. */
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
