// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random numbers in the test's hand: splitmix64, S. Vigna, public domain.
 *
 * Built for user space, and by tests/kunit for the kernel.
 */
#include <linux/random.h>
#include <linux/types.h>

#include "host.h"

u64 shim_random[8];
unsigned int shim_random_n;
static u64 seed = 1;

u64 get_random_u64(void)
{
	u64 z;

	if (shim_random_n) {
		z = shim_random[0];
		memmove(shim_random, shim_random + 1,
			--shim_random_n * sizeof(z));
		return z;
	}
	z = seed += 0x9e3779b97f4a7c15;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

void get_random_bytes(void *p, size_t n)
{
	u8 *byte = p;

	while (n--)
		*byte++ = get_random_u64();
}
