// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pointers to the two generic netlink families, for code that writes their
 * messages.
 *
 * A family refers to its handlers, and handlers need the family for their
 * messages.  To avoid a circular dependency, registration stores the family
 * here.
 */
#include <linux/cache.h>

#include "ctl/family.h"

const struct genl_family *ip_vs_family __ro_after_init;
const struct genl_family *ip_vs_ext_family __ro_after_init;
