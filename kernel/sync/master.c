// SPDX-License-Identifier: GPL-2.0-only
/*
 * The master daemon: sending connections to sync peers.
 *
 * Packets put records into the open message of a thread's queue; a full message
 * is closed, and the thread sends closed messages in batches.  A message that
 * does not fill up is sent when its first record is two seconds old.  The
 * thread sleeps while there is nothing to send.
 *
 * A connection's records always go through one thread, so that they arrive in
 * order.
 */
#include <linux/hash.h>
#include <linux/ip_vs.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/net.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/sock.h>

#include "conn/conn.h"
#include "conn/extra.h"
#include "conn/seq.h"
#include "conn/view.h"
#include "content/engine.h"
#include "foreign.h"
#include "net.h"
#include "sync/daemon.h"
#include "sync/due.h"
#include "sync/master.h"
#include "sync/wire.h"

/* A closed message waits this long for others, ... */
#define GATHER		max(HZ / 50, 1)
/* ... unless this many are waiting. */
#define GATHER_MAX	8
/* Most bytes in a queue of a foreign namespace: without a memory controller
 * nobody is charged for them (foreign.c).
 */
#define FOREIGN_BYTES	(256 * 1024)
/* An open message is sent when its first record is this old. */
#define FLUSH_AGE	(2 * HZ)

/**
 * struct ip_vs_sync_message - a message to be sent
 * @list: in queue->closed
 * @born: jiffies of its first record
 * @w: state of its encoding
 * @data: its bytes
 */
struct ip_vs_sync_message {
	struct list_head list;
	unsigned long born;
	struct ip_vs_wire_writer w;
	u8 data[];
};

static void thread_wake(struct ip_vs_sync_queue *q)
{
	WRITE_ONCE(q->due, true);
	wake_up_interruptible(&q->wait);
}

static void queue_timer(struct timer_list *timer)
{
	thread_wake(container_of(timer, struct ip_vs_sync_queue, timer));
}

/**
 * ip_vs_sync_queue_init() - initialise an empty queue
 * @q: queue
 */
void ip_vs_sync_queue_init(struct ip_vs_sync_queue *q)
{
	spin_lock_init(&q->lock);
	INIT_LIST_HEAD(&q->closed);
	init_waitqueue_head(&q->wait);
	timer_setup(&q->timer, queue_timer, 0);
}

/**
 * ip_vs_sync_queue_stop() - drop what is queued, and accept no more
 * @q: queue; packets may still see it until a grace period has passed
 *
 * Context: process, may sleep.
 */
void ip_vs_sync_queue_stop(struct ip_vs_sync_queue *q)
{
	struct ip_vs_sync_message *m, *next;
	LIST_HEAD(dropped);

	spin_lock_bh(&q->lock);
	q->stopped = true;
	list_splice_init(&q->closed, &dropped);
	q->n_closed = 0;
	q->bytes = 0;
	if (q->open)
		list_add_tail(&q->open->list, &dropped);
	q->open = NULL;
	spin_unlock_bh(&q->lock);

	list_for_each_entry_safe(m, next, &dropped, list)
		kfree(m);
	timer_shutdown_sync(&q->timer);
}

static struct ip_vs_sync_message *
message_new(const struct ip_vs_sync_daemon *daemon, u8 version,
	    const struct ip_vs_sync_record *rec)
{
	const struct ip_vs_sync_config *cfg = &daemon->config;
	size_t room = max_t(size_t, cfg->maxlen,
			    ip_vs_wire_least(version, rec));
	struct ip_vs_sync_message *m;

	m = ip_vs_packet_kmalloc(daemon->ivn->foreign,
				 struct_size(m, data, room));
	if (!m)
		return NULL;
	m->born = jiffies;
	ip_vs_wire_begin(&m->w, m->data, room, version, cfg->syncid);
	ip_vs_wire_add(&m->w, rec);
	return m;
}

/* sync_qlen_max counts messages of a page or less; a larger one counts by its
 * pages.
 */
static bool queue_full(const struct ip_vs_net *ivn,
		       const struct ip_vs_sync_queue *q)
{
	unsigned long max = READ_ONCE(ivn->settings.sync_qlen_max);

	return q->n_closed >= max || q->bytes >> PAGE_SHIFT >= max ||
	       (ip_vs_net_foreign(ivn) && q->bytes >= FOREIGN_BYTES);
}

static void close_open(const struct ip_vs_net *ivn, struct ip_vs_sync_queue *q)
{
	struct ip_vs_sync_message *m = q->open;

	lockdep_assert_held(&q->lock);
	q->open = NULL;
	if (queue_full(ivn, q)) {
		kfree(m);
		return;
	}
	list_add_tail(&m->list, &q->closed);
	q->n_closed++;
	q->bytes += m->w.room;
	if (q->n_closed == 1)
		timer_reduce(&q->timer, jiffies + GATHER);
	else if (q->n_closed == GATHER_MAX)
		thread_wake(q);
}

static bool put_open(struct ip_vs_sync_queue *q, u8 version,
		     const struct ip_vs_sync_record *rec)
{
	return q->open && q->open->w.version == version &&
	       ip_vs_wire_add(&q->open->w, rec);
}

static void record_put(struct ip_vs_sync_thread *thread, u8 version,
		       const struct ip_vs_sync_record *rec)
{
	struct ip_vs_sync_queue *q = &thread->queue;

	spin_lock_bh(&q->lock);
	if (!q->stopped && !put_open(q, version, rec)) {
		if (q->open)
			close_open(thread->daemon->ivn, q);
		q->open = message_new(thread->daemon, version, rec);
		if (q->open)
			timer_reduce(&q->timer, q->open->born + FLUSH_AGE);
	}
	spin_unlock_bh(&q->lock);
}

/* How sequence numbers change: flags and numbers as of one moment. */
static noinline void conn_describe_seq(const struct ip_vs_conn *c,
				       struct ip_vs_sync_record *rec)
{
	struct ip_vs_extra *extra = ip_vs_conn_extra(c);

	spin_lock_bh(&extra->lock);
	memcpy(rec->seq, extra->seq, sizeof(rec->seq));
	spin_unlock_bh(&extra->lock);
	if (ip_vs_seq_active(&rec->seq[IP_VS_DIR_INPUT]))
		rec->flags |= IP_VS_CONN_F_IN_SEQ;
	if (ip_vs_seq_active(&rec->seq[IP_VS_DIR_OUTPUT]))
		rec->flags |= IP_VS_CONN_F_OUT_SEQ;
	rec->has_seq = rec->flags & IP_VS_CONN_F_SEQ_MASK;
}

static void conn_describe(const struct ip_vs_conn *c, struct ip_vs_sync_record *rec)
{
	struct ip_vs_conn_view view;
	struct ip_vs_pe_data data;

	ip_vs_conn_view(c, &view);
	ip_vs_conn_data(c, &data);
	*rec = (struct ip_vs_sync_record) {
		.caddr = view.caddr,
		.vaddr = view.vaddr,
		.daddr = view.daddr,
		.cport = view.cport,
		.vport = view.vport,
		.dport = view.dport,
		.af = view.af,
		.proto = c->proto,
		.state = READ_ONCE(c->state),
		.flags = READ_ONCE(c->flags) &
			 ~(IP_VS_CONN_F_HASHED | IP_VS_CONN_F_EXTRA |
			   IP_VS_CONN_F_SEQ_MASK),
		.fwmark = c->fwmark,
		.timeout = READ_ONCE(c->timeout) / HZ,
		.pe_data = data.bytes,
		.pe_data_len = data.len,
	};
	if (unlikely(READ_ONCE(c->flags) & IP_VS_CONN_F_SEQ_MASK))
		conn_describe_seq(c, rec);
	if (likely(!data.pe))
		return;
	rec->pe_name = (const u8 *)data.pe->name;
	rec->pe_name_len = strlen(data.pe->name);
}

/* Is a connection synchronised?  Not a one-packet entry, nor an invalid
 * template; nor one of two families, as a record has only one.
 */
static bool conn_tellable(const struct ip_vs_conn *c)
{
	u32 flags = READ_ONCE(c->flags);

	return !(flags & IP_VS_CONN_F_ONE_PACKET) &&
	       flags & IP_VS_CONN_F_HASHED && c->daf == c->af;
}

static void conn_tell(struct ip_vs_sync_daemon *daemon, u8 version,
		      const struct ip_vs_conn *c)
{
	struct ip_vs_sync_record rec;
	u32 i;

	conn_describe(c, &rec);
	/* It came from a peer itself, before its server was configured. */
	if (unlikely(rec.pe_data_len && !c->dest)) {
		net_err_ratelimited("SYNC, connection pe_data invalid\n");
		return;
	}
	i = reciprocal_scale(hash_ptr(c, 32), daemon->n_threads);
	record_put(&daemon->thread[i], version, &rec);
}

static u32 control_pkts(struct ip_vs_conn *control)
{
	if (ip_vs_conn_is_template(control))
		return ip_vs_conn_count(control);
	return READ_ONCE(control->ivn->settings.sync_threshold[0]);
}

/**
 * ip_vs_sync_conn() - synchronise a connection after a request
 * @c: connection
 * @pkts: its number of requests
 *
 * If a master runs and a record is due, one is queued; then the same for its
 * controlling entries.  In version 0, which has IPv4 only, these are checked
 * only if the connection itself was due.
 *
 * Context: RCU read side, softirq or process.
 */
void ip_vs_sync_conn(struct ip_vs_conn *c, u32 pkts)
{
	struct ip_vs_net *ivn = c->ivn;
	u8 version = READ_ONCE(ivn->settings.sync_version);
	struct ip_vs_sync_daemon *daemon = rcu_dereference(ivn->master);
	bool due;

	if (!daemon)
		return;
	for (;;) {
		due = (version || c->af == AF_INET) && conn_tellable(c) &&
		      ip_vs_sync_due(c, pkts);
		if (due)
			conn_tell(daemon, version, c);
		else if (!version)
			return;
		c = c->control;
		if (!c)
			return;
		pkts = control_pkts(c);
	}
}

/**
 * ip_vs_sync_conn_prolonged() - synchronise a connection re-armed without a packet
 * @c: connection
 *
 * As after a request that reaches the sync_threshold.
 *
 * Context: RCU read side, softirq or process.
 */
void ip_vs_sync_conn_prolonged(struct ip_vs_conn *c)
{
	ip_vs_sync_conn(c, READ_ONCE(c->ivn->settings.sync_threshold[0]));
}

/* Returns the message to be sent now, or NULL.  The open message is sent only
 * when it is old enough, else the timer is set to that time.
 */
static struct ip_vs_sync_message *next_message(struct ip_vs_sync_queue *q)
{
	struct ip_vs_sync_message *m;

	spin_lock_bh(&q->lock);
	m = list_first_entry_or_null(&q->closed, struct ip_vs_sync_message,
				     list);
	if (m) {
		list_del(&m->list);
		q->n_closed--;
		q->bytes -= m->w.room;
	} else if (q->open) {
		if (time_before(jiffies, q->open->born + FLUSH_AGE))
			timer_reduce(&q->timer, q->open->born + FLUSH_AGE);
		else
			swap(m, q->open);
	}
	spin_unlock_bh(&q->lock);
	return m;
}

/* Waits for the socket; gives up on an error or when the thread is to stop. */
static void message_send(struct socket *sock, struct ip_vs_sync_message *m)
{
	struct msghdr msg = { .msg_flags = MSG_DONTWAIT | MSG_NOSIGNAL };
	struct sock *sk = sock->sk;
	struct kvec vec;
	int err = 0;

	ip_vs_wire_finish(&m->w);
	while (!kthread_should_stop()) {
		vec.iov_base = m->data;
		vec.iov_len = m->w.len;
		err = kernel_sendmsg(sock, &msg, &vec, 1, m->w.len);
		if (err != -EAGAIN)
			break;
		wait_event_interruptible(*sk_sleep(sk),
					 sock_writeable(sk) ||
					 kthread_should_stop());
	}
	if (err < 0 && err != -EAGAIN)
		net_err_ratelimited("ip_vs_send_async error %d\n", err);
}

/**
 * ip_vs_sync_master() - thread function of a master daemon
 * @data: struct ip_vs_sync_thread
 *
 * Return: 0, when it is told to stop.
 */
int ip_vs_sync_master(void *data)
{
	struct ip_vs_sync_thread *thread = data;
	struct ip_vs_sync_queue *q = &thread->queue;
	struct ip_vs_sync_message *m;

	while (!kthread_should_stop()) {
		wait_event_interruptible(q->wait, READ_ONCE(q->due) ||
					 kthread_should_stop());
		WRITE_ONCE(q->due, false);
		while (!kthread_should_stop() && (m = next_message(q))) {
			message_send(thread->sock, m);
			kfree(m);
		}
	}
	return 0;
}
