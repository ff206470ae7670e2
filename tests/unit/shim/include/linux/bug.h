/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_BUG_H
#define SHIM_BUG_H

#include <assert.h>

/* Our own bugs only: the test ends here. */
#define WARN_ON_ONCE(condition)						\
	({								\
		int warn_ = !!(condition);				\
									\
		assert(!warn_);						\
		warn_;							\
	})

#endif
