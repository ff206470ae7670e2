/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_LINUX_LOG2_H
#define SHIM_LINUX_LOG2_H

/* As undefined for 0 as the kernel's: the sanitizer sees the shift by all bits. */
static inline unsigned long roundup_pow_of_two(unsigned long n)
{
	int bits = n == 1 ? 0 : (int)sizeof(n) * 8 - __builtin_clzl(n - 1);

	return 1UL << bits;
}

static inline int fls(unsigned int x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

#endif
