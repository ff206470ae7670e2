// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why packets are dropped: names for programs, words for people
 */
#include "model/drop_names.h"

#include "model/util.h"

#include <linux/ip_vs_ext.h>
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
 * drop_key() - name of a reason
 * @reason: enum ip_vs_ext_drop, or a newer kernel's
 *
 * Return: a string that the next call overwrites.
 */
const char *drop_key(unsigned int reason)
{
	static char text[24];

	if (reason < ARRAY_SIZE(reasons) && reasons[reason].key)
		return reasons[reason].key;
	snprintf(text, sizeof(text), "reason_%u", reason);
	return text;
}

/**
 * drop_meaning() - what a reason means
 * @reason: enum ip_vs_ext_drop, or a newer kernel's
 *
 * Return: a constant.
 */
const char *drop_meaning(unsigned int reason)
{
	if (reason < ARRAY_SIZE(reasons) && reasons[reason].text)
		return reasons[reason].text;
	return "unknown to this ipvsadm";
}
