/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Incremental checksums (RFC 1624), pure.
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
 * Return: a partial sum to be added to the one's complement of the old
 * checksum.
 */
static inline __wsum ip_vs_csum_diff4(__be32 oldaddr, __be32 newaddr,
				      __be16 oldport, __be16 newport)
{
	__wsum sum = csum_add(~(__force __wsum)oldaddr, (__force __wsum)newaddr);

	sum = csum_add(sum, (__force __wsum)(u32)(u16)~(__force u16)oldport);
	return csum_add(sum, (__force __wsum)(u32)(__force u16)newport);
}

/* Apply a difference to a checksum found in a header. */
static inline __sum16 ip_vs_csum_apply(__sum16 check, __wsum diff)
{
	return csum_fold(csum_add(diff, ~csum_unfold(check)));
}

#endif
