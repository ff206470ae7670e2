/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_LINUX_NET_H
#define SHIM_LINUX_NET_H

#include <linux/kernel.h>

#define net_ratelimit() 1

#endif
