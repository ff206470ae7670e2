/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One prefix for every line we log.  Include before any kernel header that
 * pulls in <linux/printk.h>: it is part of the -include chain (Kbuild.flags).
 */
#ifndef IP_VS_LOG_H
#define IP_VS_LOG_H

#undef pr_fmt
#define pr_fmt(fmt) "IPVS: " fmt

#endif
