/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The netfilter hooks, for server/hooks.c to register.
 */
#ifndef IP_VS_HOOK_H
#define IP_VS_HOOK_H

#include "server/hooks.h"

extern const struct nf_hook_ops ip_vs_hook_ops4[IP_VS_HOOKS];
extern const struct nf_hook_ops ip_vs_hook_ops6[IP_VS_HOOKS];

#endif
