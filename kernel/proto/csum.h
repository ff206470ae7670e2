/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Incremental checksums (RFC 1624), pure.
 *
 * A partial sum is what the checksum's complement gains when one address and
 * one port are replaced.
 */
#ifndef IP_VS_CSUM_H
#define IP_VS_CSUM_H

#include <linux/in6.h>
#include <linux/types.h>
#include <net/checksum.h>

/**
 * ip_vs_csum_addr4() - what replacing an IPv4 address does to a sum
 * @from: address before
 * @to: address after
 *
 * Return: the partial sum.
 */
static inline __wsum ip_vs_csum_addr4(__be32 from, __be32 to)
{
	return csum_add(~(__force __wsum)from, (__force __wsum)to);
}

/**
 * ip_vs_csum_addr6() - what replacing an IPv6 address does to a sum
 * @from: address before
 * @to: address after
 *
 * Return: the partial sum.
 */
static inline __wsum ip_vs_csum_addr6(const struct in6_addr *from,
				      const struct in6_addr *to)
{
	__wsum sum = 0;
	int i;

	for (i = 0; i < 4; i++)
		sum = csum_add(sum, ip_vs_csum_addr4(from->s6_addr32[i],
						     to->s6_addr32[i]));
	return sum;
}

/**
 * ip_vs_csum_port() - what replacing a port does to a sum
 * @from: port before
 * @to: port after
 *
 * Return: the partial sum.
 */
static inline __wsum ip_vs_csum_port(__be16 from, __be16 to)
{
	return (__force __wsum)((u32)(u16)~(__force u16)from +
				(__force u16)to);
}

/**
 * ip_vs_csum_apply() - a checksum after a change
 * @check: as found in the header
 * @diff: partial sum of the change
 *
 * Return: what to write.
 */
static inline __sum16 ip_vs_csum_apply(__sum16 check, __wsum diff)
{
	return csum_fold(csum_add(diff, ~csum_unfold(check)));
}

/**
 * ip_vs_csum_apply_pseudo() - a checksum field left for the device to complete
 * @check: sum of the pseudo header, not complemented
 * @diff: partial sum of the change of address
 *
 * Return: what to write: the device adds the rest.
 */
static inline __sum16 ip_vs_csum_apply_pseudo(__sum16 check, __wsum diff)
{
	return ~csum_fold(csum_add(csum_unfold(check), diff));
}

#endif
