/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The backup daemon: receiving from sync peers.
 */
#ifndef IP_VS_SYNC_BACKUP_H
#define IP_VS_SYNC_BACKUP_H

int ip_vs_sync_backup(void *data);

#endif
