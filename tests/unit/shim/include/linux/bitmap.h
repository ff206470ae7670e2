/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_LINUX_BITMAP_H
#define SHIM_LINUX_BITMAP_H

#include <string.h>
#include <linux/log2.h>
#include <linux/types.h>

#define BITS_TO_LONGS(n) (((n) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define DECLARE_BITMAP(name, n) unsigned long name[BITS_TO_LONGS(n)]

static inline void bitmap_zero(unsigned long *map, unsigned int n)
{
	memset(map, 0, BITS_TO_LONGS(n) * sizeof(long));
}

/* How often a bit was asked for and set: what a search for a free one costs. */
extern unsigned long shim_bits_tested;

static inline bool __test_and_set_bit(unsigned int n, unsigned long *map)
{
	unsigned long bit = BIT(n % BITS_PER_LONG);
	bool was = map[n / BITS_PER_LONG] & bit;

	shim_bits_tested++;
	map[n / BITS_PER_LONG] |= bit;
	return was;
}

static inline void __set_bit(unsigned int n, unsigned long *map)
{
	map[n / BITS_PER_LONG] |= BIT(n % BITS_PER_LONG);
}

static inline void __clear_bit(unsigned int n, unsigned long *map)
{
	map[n / BITS_PER_LONG] &= ~BIT(n % BITS_PER_LONG);
}

static inline unsigned long find_next_bit(const unsigned long *map,
					  unsigned long size, unsigned long n)
{
	while (n < size && !(map[n / BITS_PER_LONG] & BIT(n % BITS_PER_LONG)))
		n++;
	return n < size ? n : size;
}

#endif
