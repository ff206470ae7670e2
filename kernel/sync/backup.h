/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hearing from peers: a backup's thread.
 */
#ifndef IP_VS_SYNC_BACKUP_H
#define IP_VS_SYNC_BACKUP_H

int ip_vs_sync_backup(void *data);

#endif
