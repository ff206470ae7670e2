/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses of either family: compare, fold.
 *
 * An address is passed as union nf_inet_addr beside its family; bytes beyond
 * the family's length are zero wherever the address is stored as a key.
 */
#ifndef IP_VS_ADDR_H
#define IP_VS_ADDR_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/netfilter.h>
#include <linux/socket.h>
#include <net/ipv6.h>

/* Does this kernel support the address family?  No others are used. */
static inline bool ip_vs_family_supported(u16 af)
{
	return af == AF_INET ||
	       (IS_ENABLED(CONFIG_IPV6) && af == AF_INET6 &&
		ipv6_mod_enabled());
}

static inline bool ip_vs_addr_equal(u16 af, const union nf_inet_addr *a,
				    const union nf_inet_addr *b)
{
	if (af == AF_INET6)
		return ipv6_addr_equal(&a->in6, &b->in6);
	return a->ip == b->ip;
}

/* Store @src as a key: the whole union is defined, padding is zero. */
static inline void ip_vs_addr_copy(u16 af, union nf_inet_addr *dst,
				   const union nf_inet_addr *src)
{
	if (af == AF_INET6) {
		dst->in6 = src->in6;
		return;
	}
	*dst = (union nf_inet_addr){ .ip = src->ip };
}

/**
 * ip_vs_addr_fold() - an address as one 32-bit number, in host order
 * @af: AF_INET or AF_INET6
 * @addr: the address
 *
 * The hashing schedulers (dh, sh, mh, lblc, lblcr) start from this number, so
 * it must never change: two directors with different versions must agree on it.
 *
 * Return: the IPv4 address, or the four words of the IPv6 address xored.
 */
static inline u32 ip_vs_addr_fold(u16 af, const union nf_inet_addr *addr)
{
	__be32 word = addr->ip;

	if (af == AF_INET6)
		word = addr->ip6[0] ^ addr->ip6[1] ^ addr->ip6[2] ^
		       addr->ip6[3];
	return ntohl(word);
}

#endif
