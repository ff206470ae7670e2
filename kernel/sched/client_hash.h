/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The number that sh and mh hash for a packet's client, and the multiplicative
 * hash of dh and sh.
 *
 * Both are the same as in the in-tree module, so that two directors, one with
 * each module, choose the same server for a client.
 */
#ifndef IP_VS_CLIENT_HASH_H
#define IP_VS_CLIENT_HASH_H

#include <linux/ip_vs.h>

#include "addr.h"
#include "packet.h"
#include "server/dest.h"
#include "server/service.h"

/* Meaning of a service's scheduler flags for sh and mh. */
#define IP_VS_HASH_FALLBACK IP_VS_SVC_F_SCHED1	/* probe for a usable server */
#define IP_VS_HASH_PORT IP_VS_SVC_F_SCHED2	/* hash the client's port as well */

/* May a server in the table be chosen?  The table may be older than the list. */
static inline bool ip_vs_hash_usable(const struct ip_vs_dest *dest)
{
	return ip_vs_dest_available(dest) && ip_vs_dest_usable(dest);
}

/**
 * ip_vs_client_number() - compute the number that is hashed for a packet's client
 * @pkt: the packet; in a quoted header, the client is the destination
 * @flags: the service's flags
 *
 * Return: folded address, plus the port if the service's flags say so.
 */
static inline u32 ip_vs_client_number(const struct ip_vs_packet *pkt,
				      u32 flags)
{
	u32 number = ip_vs_addr_fold(pkt->af, ip_vs_packet_caddr(pkt));

	if ((flags & IP_VS_HASH_PORT) && ip_vs_packet_has_ports(pkt))
		number += ntohs(ip_vs_packet_cport(pkt));
	return number;
}

/**
 * ip_vs_hash_number() - multiplicative hash
 * @number: number to hash
 * @bits: length of the result, 1 to 32
 *
 * The kernel's generic hash_32(), which an architecture may override, while
 * directors of different architectures have to agree.
 *
 * Return: 0 to 2^@bits - 1.
 */
static inline u32 ip_vs_hash_number(u32 number, unsigned int bits)
{
	return (number * 0x61C88647) >> (32 - bits);
}

#endif
