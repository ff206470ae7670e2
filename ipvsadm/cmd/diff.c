// SPDX-License-Identifier: GPL-2.0-only
/*
 * The smallest set of changes that turns one table into another
 *
 * What is the same in both is not touched, what differs is changed in place,
 * and a service that goes takes its servers along. Additions and changes come
 * first, removals last: at no time is there less than both tables share.
 */
#include "cmd/diff.h"

#include "model/change.h"
#include "model/model.h"
#include "model/request.h"
#include "print/saveline.h"

#include <errno.h>
#include <string.h>

#define SVC_FLAGS	(IP_VS_SVC_F_PERSISTENT | IP_VS_SVC_F_ONEPACKET | \
			 SVC_SCHED_FLAGS)

static int changes_add(struct list *changes, enum command cmd,
		       const struct service *svc, const struct dest *dst,
		       unsigned int line)
{
	struct change change = { cmd, svc, dst, line };

	return list_add(changes, &change, sizeof(change));
}

/* Timeout and mask mean something for persistent services only. */
static bool same_service(const struct service *a, const struct service *b)
{
	if (strcmp(a->sched, b->sched) || strcmp(a->pe, b->pe) ||
	    (a->flags & SVC_FLAGS) != (b->flags & SVC_FLAGS))
		return false;
	return !(a->flags & IP_VS_SVC_F_PERSISTENT) ||
	       (a->timeout == b->timeout && a->netmask == b->netmask);
}

static bool same_tunnel(const struct dest *a, const struct dest *b)
{
	if (a->tun_type != b->tun_type)
		return false;
	if (a->tun_type == IP_VS_CONN_F_TUNNEL_TYPE_IPIP)
		return true;
	if (a->tun_type == IP_VS_CONN_F_TUNNEL_TYPE_GUE &&
	    a->tun_port != b->tun_port)
		return false;
	return a->tun_flags == b->tun_flags;
}

/*
 * The kernel reports a local server with the method "local" in place of the
 * method it was added with.
 */
static bool same_method(const struct dest *have, const struct dest *want)
{
	uint32_t is = have->fwd & IP_VS_CONN_F_FWD_MASK;
	uint32_t should = want->fwd & IP_VS_CONN_F_FWD_MASK;

	if (is == IP_VS_CONN_F_LOCALNODE)
		return should != IP_VS_CONN_F_MASQ;
	return is == should && (is != IP_VS_CONN_F_TUNNEL ||
				same_tunnel(have, want));
}

static bool same_dest(const struct dest *have, const struct dest *want)
{
	return have->weight == want->weight &&
	       have->u_thresh == want->u_thresh &&
	       have->l_thresh == want->l_thresh && same_method(have, want);
}

static int diff_new_service(struct list *changes, const struct svc_entry *want)
{
	int err = changes_add(changes, CMD_ADD_SERVICE, &want->svc, NULL, want->line);

	for (size_t i = 0; i < want->servers.len && !err; i++) {
		const struct server *server = want->servers.item[i];

		err = changes_add(changes, CMD_ADD_DEST, &want->svc, &server->dst,
				  server->line);
	}
	return err;
}

static int diff_service(struct list *changes, struct svc_entry *have,
			const struct svc_entry *want)
{
	int err = 0;

	if (!same_service(&have->svc, &want->svc))
		err = changes_add(changes, CMD_EDIT_SERVICE, &want->svc, NULL,
				  want->line);
	for (size_t i = 0; i < want->servers.len && !err; i++) {
		const struct server *server = want->servers.item[i];
		struct server *is;

		err = entry_find(have, &server->dst, &is);
		if (err || (is && same_dest(&is->dst, &server->dst)))
			continue;
		err = changes_add(changes, is ? CMD_EDIT_DEST : CMD_ADD_DEST,
				  &want->svc, &server->dst, server->line);
	}
	return err;
}

static int diff_old_servers(struct list *changes, const struct svc_entry *have,
			    struct svc_entry *want)
{
	int err = 0;

	for (size_t i = 0; i < have->servers.len && !err; i++) {
		const struct server *server = have->servers.item[i];
		struct server *wanted;

		err = entry_find(want, &server->dst, &wanted);
		if (!err && !wanted)
			err = changes_add(changes, CMD_DEL_DEST, &have->svc,
					  &server->dst, 0);
	}
	return err;
}

static int diff_wanted(struct list *changes, struct table *have,
		       const struct table *want)
{
	int err = 0;

	for (size_t i = 0; i < want->entries.len && !err; i++) {
		const struct svc_entry *entry = want->entries.item[i];
		struct svc_entry *is;

		err = table_find(have, &entry->svc, &is);
		if (err)
			break;
		err = is ? diff_service(changes, is, entry) :
			   diff_new_service(changes, entry);
	}
	return err;
}

static int diff_unwanted(struct list *changes, const struct table *have,
			 struct table *want)
{
	int err = 0;

	for (size_t i = 0; i < have->entries.len && !err; i++) {
		const struct svc_entry *entry = have->entries.item[i];
		struct svc_entry *wanted;

		err = table_find(want, &entry->svc, &wanted);
		if (err)
			break;
		err = wanted ? diff_old_servers(changes, entry, wanted) :
			       changes_add(changes, CMD_DEL_SERVICE, &entry->svc,
					   NULL, 0);
	}
	return err;
}

/**
 * diff_make() - find out what has to be done
 * @changes: the answer, struct change; points into the tables
 * @have: the table as it is
 * @want: the table as it shall be
 *
 * Return: 0 or -ENOMEM.
 */
int diff_make(struct list *changes, struct table *have, struct table *want)
{
	int err = diff_wanted(changes, have, want);

	return err ? err : diff_unwanted(changes, have, want);
}

/**
 * diff_print() - print the changes as commands, one a line
 * @out: where to
 * @changes: from diff_make()
 */
void diff_print(FILE *out, const struct list *changes)
{
	const struct request numeric = { .given = 1 << OPT_NUMERIC };

	for (size_t i = 0; i < changes->len; i++) {
		const struct change *change = changes->item[i];

		saveline_change(out, &numeric, change->cmd, change->svc, change->dst);
	}
}
