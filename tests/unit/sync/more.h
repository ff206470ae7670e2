/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What synchronisation needs of a kernel beyond the data plane's shim.
 */
#ifndef MORE_H
#define MORE_H

#include <stdarg.h>

#define __printf(fmt, first) __attribute__((format(printf, fmt, first)))

#ifndef ALIGN
#define ALIGN(n, to) (((n) + (to) - 1) / (to) * (to))
#endif

#ifndef min
#define min(a, b) ((a) < (b) ? (a) : (b))
#endif

#ifndef rcu_access_pointer
#define rcu_access_pointer(p) (p)
#endif

/* One thread: nobody comes between. */
#define cmpxchg(p, old, new)						\
	({								\
		__typeof__(*(p)) was = *(p);				\
		if (was == (old))					\
			*(p) = (new);					\
		was;							\
	})

#endif
