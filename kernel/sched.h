/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a scheduler offers, and how the rest of the module calls it.
 *
 * Adding a scheduler: one file in sched/ whose foot is a struct
 * ip_vs_scheduler, one line in Kbuild, and one row in the table of sched.c.
 */
#ifndef IP_VS_SCHED_H
#define IP_VS_SCHED_H

#include <linux/types.h>

struct ip_vs_dest;
struct ip_vs_packet;
struct ip_vs_service;
struct netlink_ext_ack;

/**
 * struct ip_vs_scheduler - one algorithm
 * @name: as users write it
 * @init: (optional) bind to @svc: build private state (svc->sched_data) from
 *	its present servers.  May sleep; configuration mutex held.  0 or -errno
 * @exit: (optional) undo @init.  May sleep; configuration mutex held; a grace
 *	period has passed since the last @pick and @load could see the service
 * @add: (optional) @dest was put at the head of the service's list.
 *	Configuration mutex held; may sleep
 * @del: (optional) @dest was taken from the list.  As @add; packets in flight
 *	may still hold @dest until a grace period has passed
 * @edit: (optional) attributes of @dest were written, perhaps unchanged
 * @load: (optional) the connection counts or the overload mark of @dest
 *	changed.  Softirq or process context, RCU read side, no lock held;
 *	reads the counts from @dest (they may have moved on)
 * @pick: choose a server for a new connection.  Softirq or process context,
 *	RCU read side.  Returns an RCU pointer, or NULL: none is usable
 *
 * A member takes svc->sched_lock itself where it needs it.
 */
struct ip_vs_scheduler {
	const char *name;
	int (*init)(struct ip_vs_service *svc);
	void (*exit)(struct ip_vs_service *svc);
	void (*add)(struct ip_vs_service *svc, struct ip_vs_dest *dest);
	void (*del)(struct ip_vs_service *svc, struct ip_vs_dest *dest);
	void (*edit)(struct ip_vs_service *svc, struct ip_vs_dest *dest);
	void (*load)(struct ip_vs_service *svc, struct ip_vs_dest *dest);
	struct ip_vs_dest *(*pick)(struct ip_vs_service *svc,
				   const struct ip_vs_packet *pkt);
};

const struct ip_vs_scheduler *ip_vs_sched_find(const char *name);
int ip_vs_sched_bind(struct ip_vs_service *svc,
		     const struct ip_vs_scheduler *sched);
void ip_vs_sched_unbind(struct ip_vs_service *svc);
void ip_vs_sched_dest_added(struct ip_vs_service *svc,
			    struct ip_vs_dest *dest);
void ip_vs_sched_dest_deleted(struct ip_vs_service *svc,
			      struct ip_vs_dest *dest);
void ip_vs_sched_dest_edited(struct ip_vs_service *svc,
			     struct ip_vs_dest *dest);
void ip_vs_sched_load_changed(struct ip_vs_dest *dest);
struct ip_vs_dest *ip_vs_sched_pick(struct ip_vs_service *svc,
				    const struct ip_vs_packet *pkt);
void ip_vs_sched_complain(struct ip_vs_service *svc, const char *why);

#endif
