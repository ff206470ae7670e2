/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When a connection is synchronised.
 */
#ifndef IP_VS_SYNC_DUE_H
#define IP_VS_SYNC_DUE_H

#include <linux/types.h>

struct ip_vs_conn;

bool ip_vs_sync_due(struct ip_vs_conn *c, u32 pkts);

#endif
