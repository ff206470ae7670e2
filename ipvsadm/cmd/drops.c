// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets that were dropped: why, and for which service
 */
#include "cmd/drops.h"

#include "model/errors.h"
#include "model/model.h"
#include "model/util.h"
#include "net/query.h"
#include "net/wire.h"
#include "print/json.h"
#include "print/line.h"
#include "print/listline.h"
#include "print/output.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

/**
 * struct reason - why a packet is dropped
 * @key: its name
 * @text: what it means
 */
struct reason {
	const char *key;
	const char *text;
};

static const struct reason reasons[IPVS_EXT_DROP_MAX + 1] = {
	[IPVS_EXT_DROP_NO_DEST]	   = { "no_dest", "no usable real server" },
	[IPVS_EXT_DROP_DEST_GONE]  = { "dest_gone",
				       "its real server was removed" },
	[IPVS_EXT_DROP_RATE]	   = { "rate", "defence: drop_packet" },
	[IPVS_EXT_DROP_CONN_LIMIT] = { "conn_limit",
				       "as many connections as there may be" },
	[IPVS_EXT_DROP_NO_MEMORY]  = { "no_memory",
				       "no memory for an entry or for rewriting" },
	[IPVS_EXT_DROP_ENGINE]	   = { "engine",
				       "persistence engine found nothing" },
	[IPVS_EXT_DROP_REUSED]	   = { "reused",
				       "old connection tracked, client sends again" },
	[IPVS_EXT_DROP_SHORT]	   = { "short", "transport header cut off" },
	[IPVS_EXT_DROP_NO_ROUTE]   = { "no_route",
				       "no route to the real server" },
	[IPVS_EXT_DROP_TTL]	   = { "ttl", "no hop left" },
	[IPVS_EXT_DROP_TOO_BIG]	   = { "too_big",
				       "does not fit and must not be cut" },
	[IPVS_EXT_DROP_NARROW]	   = { "narrow",
				       "no room for any packet in the tunnel" },
	[IPVS_EXT_DROP_BOUNDARY]   = { "boundary",
				       "loopback and outside do not mix" },
	[IPVS_EXT_DROP_CHECKSUM]   = { "checksum", "checksum is wrong" },
	[IPVS_EXT_DROP_ICMP]	   = { "icmp",
				       "error message cut or in fragments" },
	[IPVS_EXT_DROP_NO_CONN]	   = { "no_conn",
				       "no connection, the server was told" },
	[IPVS_EXT_DROP_REROUTE]	   = { "reroute",
				       "no way from the virtual address" },
	[IPVS_EXT_DROP_CONNTRACK]  = { "conntrack", "conntrack refused" },
	[IPVS_EXT_DROP_HELPER]	   = { "helper",
				       "application helper refused" },
	[IPVS_EXT_DROP_CHANGED]	   = { "changed",
				       "its sender wrote to it meanwhile" },
};

/**
 * drops_key() - name of a reason
 * @reason: enum ip_vs_ext_drop, or a newer kernel's
 *
 * Return: a string that the next call overwrites.
 */
const char *drops_key(unsigned int reason)
{
	static char text[24];

	if (reason < ARRAY_SIZE(reasons) && reasons[reason].key)
		return reasons[reason].key;
	snprintf(text, sizeof(text), "reason_%u", reason);
	return text;
}

static const char *meaning(unsigned int reason)
{
	if (reason < ARRAY_SIZE(reasons) && reasons[reason].text)
		return reasons[reason].text;
	return "unknown to this ipvsadm";
}

static void print_drops(const struct request *req, const struct drops *drops)
{
	struct line name;

	line_begin(&name);
	if (drops->has_service)
		listline_name(&name, req, &drops->svc);
	else
		line_word(&name, "all");
	for (unsigned int i = 1; i < DROP_REASONS; i++)
		if (drops->n[i])
			printf("%-33s %11" PRIu64 " %-10s %s\n", line_string(&name),
			       drops->n[i], drops_key(i), meaning(i));
}

static void print_all(const struct request *req, const struct list *all)
{
	puts("Prot LocalAddress:Port                Packets Reason");
	for (size_t i = 0; i < all->len && !output_broken(); i++)
		print_drops(req, all->item[i]);
}

static int cannot(void)
{
	complain("ipvsadm: this kernel's ip_vs does not tell what it drops");
	return EXIT_LIST;
}

/**
 * drops_run() - execute -L --drops
 * @wire: the socket
 * @req: the command
 *
 * Return: exit status; messages are printed.
 */
int drops_run(struct wire *wire, const struct request *req)
{
	struct list all = { 0 };
	int status = EXIT_OK;
	struct refusal why;
	int err;

	if (!wire_has_ext(wire))
		return cannot();
	err = query_drops(wire, &all, &why);
	if (err) {
		status = EXIT_LIST;
		if (why.error == EOPNOTSUPP)
			cannot();
		else
			refusal_print(req->cmd, &why);
	}
	if (!err || err == -EAGAIN) {
		if (has(req, OPT_JSON))
			json_drops(req, &all);
		else
			print_all(req, &all);
	}
	list_free(&all);
	return status;
}
