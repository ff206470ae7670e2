// SPDX-License-Identifier: GPL-2.0-only
/*
 * A place in a listing of services and servers that survives change.
 *
 * A listing is made in portions, the configuration mutex let go in between.
 * Services are listed oldest first, so serials rise; servers newest first, so
 * they fall.  Going on costs one look into a hash; a walk only if what the
 * cursor stands at has gone meanwhile.
 */
#include "ctl/cursor.h"
#include "net.h"
#include "server/dest.h"

/**
 * ip_vs_cursor_service() - the service a listing goes on with
 * @ivn: namespace
 * @cur: place
 * @same: set to whether it is the one @cur stands at, not one that followed
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
 * ip_vs_cursor_dest() - the server a listing goes on with
 * @svc: the service @cur stands in
 * @cur: place
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
 * ip_vs_service_next() - the service listed after another
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
 * ip_vs_dest_next() - the server listed after another
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
 * ip_vs_cursor_at_service() - remember a service to go on with
 * @cur: place
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
 * ip_vs_cursor_at_dest() - remember a server to go on with
 * @cur: place
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
