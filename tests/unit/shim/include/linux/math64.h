/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_LINUX_MATH64_H
#define SHIM_LINUX_MATH64_H

#include <linux/types.h>

static inline u64 mul_u64_u64_shr(u64 a, u64 b, unsigned int shift)
{
#ifdef __SIZEOF_INT128__
	return (unsigned __int128)a * b >> shift;
#else
	u64 low = (u64)(u32)a * (u32)b;
	u64 one = (a >> 32) * (u32)b, other = (u32)a * (b >> 32);
	u64 middle = (low >> 32) + (u32)one + (u32)other;
	u64 high = (a >> 32) * (b >> 32) + (one >> 32) + (other >> 32) +
		   (middle >> 32);

	low = middle << 32 | (u32)low;
	if (shift >= 64)
		return high >> (shift - 64);
	return shift ? high << (64 - shift) | low >> shift : low;
#endif
}

static inline u64 div_u64_rem(u64 a, u32 b, u32 *rem)
{
	*rem = a % b;
	return a / b;
}

#endif
