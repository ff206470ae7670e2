/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the engine tells synchronisation.
 */
#ifndef IP_VS_SYNC_H
#define IP_VS_SYNC_H

#include <linux/types.h>

struct ip_vs_conn;

void ip_vs_sync_conn(struct ip_vs_conn *c, u32 pkts);
void ip_vs_sync_conn_prolonged(struct ip_vs_conn *c);

#endif
