/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The master daemon: the queue of a thread, and the thread.
 */
#ifndef IP_VS_SYNC_MASTER_H
#define IP_VS_SYNC_MASTER_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/types.h>
#include <linux/wait.h>

struct ip_vs_conn;
struct ip_vs_sync_message;

/**
 * struct ip_vs_sync_queue - send queue of a master's thread
 * @lock: everything here; _bh
 * @closed: messages to be sent, oldest first
 * @n_closed: length of @closed
 * @bytes: memory of @closed
 * @open: the message that records are added to, or NULL
 * @stopped: nothing is queued any more
 * @due: the thread has to check the queue; set under @lock or by @timer
 * @timer: sets @due
 * @wait: where the thread waits for @due
 */
struct ip_vs_sync_queue {
	spinlock_t lock;	/* everything here */
	struct list_head closed;
	unsigned long n_closed;
	size_t bytes;
	struct ip_vs_sync_message *open;
	bool stopped;
	bool due;
	struct timer_list timer;
	wait_queue_head_t wait;
};

void ip_vs_sync_queue_init(struct ip_vs_sync_queue *q);
void ip_vs_sync_queue_stop(struct ip_vs_sync_queue *q);
int ip_vs_sync_master(void *data);

/* RCU read side. */
void ip_vs_sync_conn(struct ip_vs_conn *c, u32 pkts);
void ip_vs_sync_conn_prolonged(struct ip_vs_conn *c);

#endif
