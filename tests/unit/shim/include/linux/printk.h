/* SPDX-License-Identifier: GPL-2.0-only */
/* What is logged is kept: shim_log holds the last line, shim_log_lines counts. */
#ifndef SHIM_LINUX_PRINTK_H
#define SHIM_LINUX_PRINTK_H

#ifndef pr_fmt
#define pr_fmt(fmt) fmt
#endif

extern char shim_log[256];
extern unsigned int shim_log_lines;

/* Knows %pI4 and %pI6c besides %s, %u, %d and %08X. */
void shim_printk(const char *fmt, ...);

#define pr_err(fmt, ...) shim_printk(pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err_ratelimited pr_err

#endif
