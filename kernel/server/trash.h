/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Removed servers, until nothing refers to them.
 */
#ifndef IP_VS_TRASH_H
#define IP_VS_TRASH_H

struct ip_vs_net;

void ip_vs_trash_init(struct ip_vs_net *ivn);
void ip_vs_trash_filled(struct ip_vs_net *ivn);
void ip_vs_trash_exit(struct ip_vs_net *ivn);

#endif
