// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel functions that the pure parts of the data plane call, written
 * plainly from the RFCs.
 */
#include "kernel.h"

unsigned long jiffies = 1000000;
unsigned int shim_locks_taken;
void (*shim_other_cpu)(void);
unsigned int shim_when;
bool shim_bad_checksum, shim_no_memory;

static void *copy(const unsigned char *from, unsigned int len)
{
	void *to = malloc(len ? len : 1);

	assert(to);
	if (len)
		memcpy(to, from, len);
	return to;
}

/* A packet with @headlen bytes linear and the rest in fragments of @frag_size
 * (0: all the rest in one).
 */
struct sk_buff *shim_skb(const void *bytes, unsigned int len,
			 unsigned int headlen, unsigned int frag_size)
{
	struct sk_buff *skb = calloc(1, sizeof(*skb));
	const unsigned char *at = bytes;
	unsigned int left;

	assert(skb);
	skb->len = len;
	skb->headlen = headlen < len ? headlen : len;
	skb->data = copy(at, skb->headlen);
	at += skb->headlen;
	for (left = len - skb->headlen; left; ) {
		unsigned int n = skb->n_frags;
		unsigned int size = frag_size && frag_size < left &&
				    n < SHIM_MAX_FRAGS - 1 ? frag_size : left;

		skb->frags[n].data = copy(at, size);
		skb->frags[n].len = size;
		skb->n_frags++;
		at += size;
		left -= size;
	}
	return skb;
}

void shim_skb_free(struct sk_buff *skb)
{
	unsigned int i;

	for (i = 0; i < skb->n_frags; i++)
		free(skb->frags[i].data);
	free(skb->other);
	free(skb->data);
	free(skb);
}

static unsigned char byte_at(const struct sk_buff *skb, unsigned int offset)
{
	unsigned int i;

	if (offset < skb->headlen)
		return skb->data[offset];
	offset -= skb->headlen;
	for (i = 0; offset >= skb->frags[i].len; i++)
		offset -= skb->frags[i].len;
	return skb->frags[i].data[offset];
}

int skb_copy_bits(const struct sk_buff *skb, int offset, void *to, int len)
{
	unsigned char *out = to;
	int i;

	if (offset < 0 || offset > (int)skb->len - len)
		return -1;
	for (i = 0; i < len; i++)
		out[i] = byte_at(skb, offset + i);
	return 0;
}

/* What was linear or in pieces up to @len is linear and ours; all else stays, but
 * what lay in pieces is one piece afterwards.
 */
int skb_ensure_writable(struct sk_buff *skb, unsigned int len)
{
	unsigned int headlen = len > skb->headlen ? len : skb->headlen;
	unsigned char *bytes, *data;
	unsigned int i;

	if (len > skb->len)
		return -ENOMEM;
	if (len <= skb->headlen && !skb->cloned)
		return 0;
	bytes = malloc(skb->len);
	assert(bytes && !skb_copy_bits(skb, 0, bytes, skb->len));
	data = copy(bytes, headlen);
	for (i = 0; i < skb->n_frags; i++)
		free(skb->frags[i].data);
	skb->n_frags = 0;
	if (skb->len > headlen) {
		skb->n_frags = 1;
		skb->frags[0].len = skb->len - headlen;
		skb->frags[0].data = copy(bytes + headlen,
					  skb->frags[0].len);
	}
	free(bytes);
	if (skb->cloned)
		skb->other = skb->data;
	else
		free(skb->data);
	skb->cloned = false;
	skb->data = data;
	skb->headlen = headlen;
	return 0;
}

int skb_linearize(struct sk_buff *skb)
{
	return skb_ensure_writable(skb, skb->len);
}

/* No room before the data, exactly @tail bytes behind the linear part. */
int pskb_expand_head(struct sk_buff *skb, int head, int tail, int gfp)
{
	assert(!head && !skb->cloned);
	if (shim_no_memory)
		return -ENOMEM;
	skb->data = realloc(skb->data, skb->headlen + tail);
	assert(skb->data);
	skb->tailroom = tail;
	return 0;
}

void *skb_put(struct sk_buff *skb, unsigned int len)
{
	assert(!skb_is_nonlinear(skb) && len <= skb->tailroom);
	skb->tailroom -= len;
	skb->headlen += len;
	skb->len += len;
	return skb->data + skb->headlen - len;
}

void skb_trim(struct sk_buff *skb, unsigned int len)
{
	assert(!skb_is_nonlinear(skb));
	if (len >= skb->len)
		return;
	skb->tailroom += skb->len - len;
	skb->headlen = len;
	skb->len = len;
}

/* RFC 1071: an odd last byte counts as if a zero byte followed. */
static __wsum add_bytes(__wsum sum, const void *bytes, unsigned int len)
{
	const u8 *b = bytes;
	unsigned int i;

	for (i = 0; i < len; i++)
		sum = csum_add(sum, htons(i % 2 ? b[i] : b[i] << 8));
	return sum;
}

__wsum csum_partial(const void *bytes, int len, __wsum sum)
{
	return add_bytes(sum, bytes, len);
}

__wsum skb_checksum(const struct sk_buff *skb, int offset, int len, __wsum sum)
{
	int i;

	assert(offset >= 0 && offset + len <= (int)skb->len);
	for (i = 0; i < len; i++)
		sum = csum_add(sum, htons(i % 2 ? byte_at(skb, offset + i) :
					  byte_at(skb, offset + i) << 8));
	return sum;
}

__sum16 csum_tcpudp_magic(__be32 saddr, __be32 daddr, u32 len, u8 proto,
			  __wsum sum)
{
	sum = add_bytes(sum, &saddr, sizeof(saddr));
	sum = add_bytes(sum, &daddr, sizeof(daddr));
	sum = csum_add(sum, htons(len));
	return csum_fold(csum_add(sum, htons(proto)));
}

__sum16 csum_ipv6_magic(const struct in6_addr *saddr,
			const struct in6_addr *daddr, u32 len, u8 proto,
			__wsum sum)
{
	__be32 be_len = htonl(len);

	sum = add_bytes(sum, saddr, sizeof(*saddr));
	sum = add_bytes(sum, daddr, sizeof(*daddr));
	sum = add_bytes(sum, &be_len, sizeof(be_len));
	return csum_fold(csum_add(sum, htons(proto)));
}

/* RFC 9260, appendix A, a bit at a time; the field itself counts as 0. */
__le32 sctp_compute_cksum(const struct sk_buff *skb, unsigned int offset)
{
	u32 crc = ~0U;
	unsigned int i, bit;

	for (i = offset; i < skb->len; i++) {
		if (i - offset < 8 || i - offset >= 12)
			crc ^= byte_at(skb, i);
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return ~crc;
}

/* RFC 8200: hop-by-hop, routing, fragment, authentication, none, destination
 * options.  ESP hides what follows, so it is no extension to walk over.
 */
bool ipv6_ext_hdr(u8 nexthdr)
{
	return nexthdr == 0 || nexthdr == 43 || nexthdr == 44 ||
	       nexthdr == 51 || nexthdr == 59 || nexthdr == 60;
}
