// SPDX-License-Identifier: GPL-2.0-only
/*
 * A position in a listing of services and servers that stays valid over
 * changes.
 *
 * A listing is made in portions, and the configuration mutex is dropped in
 * between.  Services are listed oldest first, so serials rise; servers newest
 * first, so they fall.  Continuing takes one hash look-up, and a walk only if
 * the object at the cursor was deleted meanwhile.
 */
#include "ctl/cursor.h"
#include "net.h"
#include "server/dest.h"

/**
 * ip_vs_cursor_service() - get the service that a listing continues with
 * @ivn: namespace
 * @cur: position
 * @same: set to whether it is the one at @cur, not one after it
 *
 * Context: process, configuration mutex held.
 *
 * Return: the service; NULL: nothing is left.
 */
struct ip_vs_service *ip_vs_cursor_service(struct ip_vs_net *ivn,
					   const struct ip_vs_cursor *cur,
					   bool *same)
{
	struct ip_vs_service *svc;

	*same = false;
	if (cur->end)
		return NULL;
	if (cur->svc_serial) {
		svc = ip_vs_service_find(ivn, &cur->svc);
		*same = svc && svc->serial == cur->svc_serial;
		if (*same)
			return svc;
	}
	list_for_each_entry(svc, &ivn->service_list, list)
		if (svc->serial > cur->svc_serial)
			return svc;
	return NULL;
}

/**
 * ip_vs_cursor_dest() - get the server that a listing continues with
 * @svc: the service at @cur
 * @cur: position
 *
 * Context: process, configuration mutex held.
 *
 * Return: the server; NULL: none of @svc is left.
 */
struct ip_vs_dest *ip_vs_cursor_dest(struct ip_vs_service *svc,
				     const struct ip_vs_cursor *cur)
{
	struct ip_vs_dest *dest;

	if (!cur->dest_serial)
		return list_first_entry_or_null(&svc->dest_list,
						struct ip_vs_dest, list);
	dest = ip_vs_dest_find(svc, &cur->dest);
	if (dest && dest->serial == cur->dest_serial)
		return dest;
	list_for_each_entry(dest, &svc->dest_list, list)
		if (dest->serial < cur->dest_serial)
			return dest;
	return NULL;
}

/**
 * ip_vs_service_next() - get the service listed after another
 * @svc: service
 *
 * Context: process, configuration mutex held.
 *
 * Return: the next, or NULL.
 */
struct ip_vs_service *ip_vs_service_next(struct ip_vs_service *svc)
{
	if (list_is_last(&svc->list, &svc->ivn->service_list))
		return NULL;
	return list_next_entry(svc, list);
}

/**
 * ip_vs_dest_next() - get the server listed after another
 * @svc: service of both
 * @dest: server
 *
 * Context: process, configuration mutex held.
 *
 * Return: the next, or NULL.
 */
struct ip_vs_dest *ip_vs_dest_next(struct ip_vs_service *svc,
				   struct ip_vs_dest *dest)
{
	if (list_is_last(&dest->list, &svc->dest_list))
		return NULL;
	return list_next_entry(dest, list);
}

/**
 * ip_vs_cursor_at_service() - set the service to continue with
 * @cur: position
 * @svc: service, NULL: nothing is left
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_cursor_at_service(struct ip_vs_cursor *cur,
			     struct ip_vs_service *svc)
{
	cur->in_dests = false;
	cur->end = !svc;
	if (!svc)
		return;
	cur->svc = svc->id;
	cur->svc_serial = svc->serial;
	cur->dest_serial = 0;
}

/**
 * ip_vs_cursor_at_dest() - set the server to continue with
 * @cur: position
 * @svc: its service
 * @dest: server, NULL: nothing is left
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_cursor_at_dest(struct ip_vs_cursor *cur, struct ip_vs_service *svc,
			  struct ip_vs_dest *dest)
{
	cur->in_dests = true;
	cur->end = !dest;
	if (!dest)
		return;
	cur->svc = svc->id;
	cur->svc_serial = svc->serial;
	cur->dest = dest->key;
	cur->dest_serial = dest->serial;
}
