// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two generic netlink families, for whoever writes their messages.
 *
 * Handlers write messages and families are made of handlers; so a family stands here
 * for the handlers from its registration on.
 */
#include <linux/cache.h>

#include "ctl/family.h"

const struct genl_family *ip_vs_family __ro_after_init;
const struct genl_family *ip_vs_ext_family __ro_after_init;
