/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Incremental checksums (RFC 1624), pure.
 *
 * A partial sum is what the checksum's complement gains when one address and
 * one port are replaced.
 */
#ifndef IP_VS_CSUM_H
#define IP_VS_CSUM_H

#include <linux/types.h>
#include <net/checksum.h>

/**
 * ip_vs_csum_diff4() - what replacing an address and a port does to a sum
 * @oldaddr: address before
 * @newaddr: address after
 * @oldport: port before
 * @newport: port after
 *
 * Return: the partial sum.
 */
static inline __wsum ip_vs_csum_diff4(__be32 oldaddr, __be32 newaddr,
				      __be16 oldport, __be16 newport)
{
	/* 32-bit words add up to the same 16-bit sum; no port can carry over
	 * 16 bits, so both fit into one addition.
	 */
	u32 ports = (u16)~(__force u16)oldport + (__force u16)newport;
	__wsum sum = csum_add(~(__force __wsum)oldaddr,
			      (__force __wsum)newaddr);

	return csum_add(sum, (__force __wsum)ports);
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
 * ip_vs_csum_apply_pseudo() - a checksum field that waits for offload
 * @check: sum of the pseudo header, not complemented
 * @oldaddr: address before
 * @newaddr: address after
 *
 * Return: what to write: the device adds the rest.
 */
static inline __sum16 ip_vs_csum_apply_pseudo(__sum16 check, __be32 oldaddr,
					      __be32 newaddr)
{
	__wsum sum = csum_add(csum_unfold(check), ~(__force __wsum)oldaddr);

	return ~csum_fold(csum_add(sum, (__force __wsum)newaddr));
}

#endif
