/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_LINUX_GCD_H
#define SHIM_LINUX_GCD_H

static inline unsigned long gcd(unsigned long a, unsigned long b)
{
	while (b) {
		unsigned long r = a % b;

		a = b;
		b = r;
	}
	return a;
}

#endif
