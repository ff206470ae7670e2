/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A position in a listing of services and servers that stays valid over
 * changes.
 */
#ifndef IP_VS_CTL_CURSOR_H
#define IP_VS_CTL_CURSOR_H

#include "server/dest.h"
#include "server/service.h"

struct ip_vs_net;

/**
 * struct ip_vs_cursor - where a listing continues
 * @svc: the service to continue with
 * @svc_serial: its serial, 0: the first service
 * @dest: the server of @svc to continue with
 * @dest_serial: its serial, 0: the first server
 * @in_dests: continue with a server of @svc, not with @svc itself
 * @end: nothing is left
 *
 * Holds keys, not references: the object at it may be deleted at any time, the
 * listing then continues with the one after it.  A serial distinguishes an
 * object from a later one with the same key, and gives its position in its
 * list.
 */
struct ip_vs_cursor {
	struct ip_vs_service_key svc;
	u64 svc_serial;
	struct ip_vs_dest_key dest;
	u64 dest_serial;
	bool in_dests;
	bool end;
};

/* Configuration mutex held. */
struct ip_vs_service *ip_vs_cursor_service(struct ip_vs_net *ivn,
					   const struct ip_vs_cursor *cur,
					   bool *same);
struct ip_vs_dest *ip_vs_cursor_dest(struct ip_vs_service *svc,
				     const struct ip_vs_cursor *cur);
struct ip_vs_service *ip_vs_service_next(struct ip_vs_service *svc);
struct ip_vs_dest *ip_vs_dest_next(struct ip_vs_service *svc,
				   struct ip_vs_dest *dest);
void ip_vs_cursor_at_service(struct ip_vs_cursor *cur,
			     struct ip_vs_service *svc);
void ip_vs_cursor_at_dest(struct ip_vs_cursor *cur, struct ip_vs_service *svc,
			  struct ip_vs_dest *dest);

#endif
