/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef EVENT_H
#define EVENT_H

#include "model/conn.h"
#include "model/model.h"

#include <linux/ip_vs_ext.h>

/**
 * struct event - something happened
 * @type: enum ip_vs_ext_event
 * @has_service: @svc is set
 * @has_dest: @dst is set
 * @has_daemon: @daemon is set
 * @has_conn: @conn is set; it points into the message
 * @has_generation: @generation is set
 * @has_timeouts: @timeouts is set; the message does not tell them
 * @svc: the service; its properties, too, unless @svc_id, and never its figures
 * @svc_id: @svc has no properties
 * @dst: the server; its properties, too, unless @dst_id
 * @dst_id: @dst has no properties
 * @daemon: the daemon
 * @conn: the connection
 * @timeouts: the timeouts
 * @generation: which state of the configuration it led to
 */
struct event {
	uint32_t type;
	bool has_service;
	bool has_dest;
	bool has_daemon;
	bool has_conn;
	bool has_generation;
	bool has_timeouts;
	bool svc_id;
	bool dst_id;
	struct service svc;
	struct dest dst;
	struct daemon daemon;
	struct conn conn;
	struct timeouts timeouts;
	uint32_t generation;
};

#endif
