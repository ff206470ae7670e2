/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The number that stands for a packet's client, for sh and mh; and the
 * multiplicative hash of dh and sh.
 *
 * Both are the same in every director of the world: a mixed pair agrees where a
 * client belongs.
 */
#ifndef IP_VS_CLIENT_HASH_H
#define IP_VS_CLIENT_HASH_H

#include <linux/in.h>
#include <linux/ip_vs.h>

#include "addr.h"
#include "packet.h"
#include "server/dest.h"
#include "server/service.h"

/* What the scheduler flags of a service mean to sh and mh. */
#define IP_VS_HASH_FALLBACK IP_VS_SVC_F_SCHED1	/* probe for a usable server */
#define IP_VS_HASH_PORT IP_VS_SVC_F_SCHED2	/* the client's port counts */

/* May a table's server be chosen?  The table may be older than the list. */
static inline bool ip_vs_hash_usable(const struct ip_vs_dest *dest)
{
	return ip_vs_dest_available(dest) && ip_vs_dest_usable(dest);
}

/* Ports, for the hash, have the protocols that always had them. */
static inline bool ip_vs_client_has_port(const struct ip_vs_packet *pkt)
{
	return pkt->proto == IPPROTO_TCP || pkt->proto == IPPROTO_UDP ||
	       pkt->proto == IPPROTO_SCTP;
}

/**
 * ip_vs_client_number() - a packet's client as one number
 * @pkt: the packet; of a quoted header, the client is the destination
 * @flags: the service's flags
 *
 * Return: folded address, plus the port if the service wants that.
 */
static inline u32 ip_vs_client_number(const struct ip_vs_packet *pkt,
				      u32 flags)
{
	u32 number = ip_vs_addr_fold(pkt->af, ip_vs_packet_caddr(pkt));

	if ((flags & IP_VS_HASH_PORT) && ip_vs_client_has_port(pkt))
		number += ntohs(ip_vs_packet_cport(pkt));
	return number;
}

/**
 * ip_vs_hash_number() - multiplicative hash
 * @number: what is hashed
 * @bits: length of the result, 1 to 32
 *
 * The kernel's generic hash_32(): an architecture may have its own of that
 * name, and directors of different make have to agree.
 *
 * Return: 0 to 2^@bits - 1.
 */
static inline u32 ip_vs_hash_number(u32 number, unsigned int bits)
{
	return (number * 0x61C88647) >> (32 - bits);
}

#endif
