/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lazy timer wheel, which ends expired connections.
 */
#ifndef IP_VS_EXPIRY_H
#define IP_VS_EXPIRY_H

#include <linux/types.h>

struct ip_vs_conn;
struct ip_vs_net;

void ip_vs_expiry_help(struct ip_vs_net *ivn);
void ip_vs_expiry_add(struct ip_vs_conn *c);
void ip_vs_expiry_del(struct ip_vs_conn *c);
void ip_vs_expiry_sooner(struct ip_vs_conn *c);
int ip_vs_expiry_equip(struct ip_vs_net *ivn);
void ip_vs_expiry_strip(struct ip_vs_net *ivn);

#endif
