/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_LINUX_OVERFLOW_H
#define SHIM_LINUX_OVERFLOW_H

#define size_add(a, b) ((size_t)(a) + (b))
#define array_size(n, size) ((size_t)(n) * (size))
#define array3_size(a, b, size) ((size_t)(a) * (b) * (size))
#define struct_size(p, member, n) \
	(offsetof(typeof(*(p)), member) + sizeof((p)->member[0]) * (n))

#endif
