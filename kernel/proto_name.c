// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of IP protocols.
 */
#include <linux/in.h>
#include <linux/kernel.h>

#include "proto_name.h"

/**
 * ip_vs_proto_name() - a protocol as listings and messages print it
 * @proto: IP protocol number
 * @buf: room for a name made up from the number
 * @len: size of @buf, 8 is enough
 *
 * Return: the name, perhaps in @buf.
 */
const char *ip_vs_proto_name(u8 proto, char *buf, size_t len)
{
	switch (proto) {
	case IPPROTO_IP:
		return "IP";
	case IPPROTO_ICMP:
		return "ICMP";
	case IPPROTO_TCP:
		return "TCP";
	case IPPROTO_UDP:
		return "UDP";
	case IPPROTO_SCTP:
		return "SCTP";
	case IPPROTO_ICMPV6:
		return "ICMPv6";
	}
	snprintf(buf, len, "IP_%u", proto);
	return buf;
}
