/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A place in a listing of services and servers that survives change.
 */
#ifndef IP_VS_CTL_CURSOR_H
#define IP_VS_CTL_CURSOR_H

#include "server/dest.h"
#include "server/service.h"

struct ip_vs_net;

/**
 * struct ip_vs_cursor - where a listing goes on
 * @svc: the service to go on with
 * @svc_serial: its serial, 0: the first there is
 * @dest: the server of it to go on with
 * @dest_serial: its serial, 0: the first there is
 * @in_dests: go on with a server of @svc, not with @svc itself
 * @end: nothing is left
 *
 * Holds names, not references: what it stands at may go at any time, the
 * listing then goes on with what followed.  Serials tell an object from a later
 * one of the same name, and its place in its list.
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
