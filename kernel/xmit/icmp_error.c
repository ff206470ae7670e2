// SPDX-License-Identifier: GPL-2.0-only
/*
 * ICMP errors to the sender of a packet that cannot be forwarded.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/icmp.h>
#include <net/ip.h>

#include "xmit/icmp_error.h"

/* Send an error for a packet that is going to be freed.  icmpv6_send() needs a
 * device, which a packet of this host does not have yet.
 */
static void error_send6(struct sk_buff *skb, u8 type, u8 code, u32 info)
{
	if (!skb->dev)
		skb->dev = skb_dst(skb)->dev;
	icmpv6_send(skb, type, code, info);
}

/**
 * ip_vs_icmp_time_exceeded() - send the ICMP error for an expired TTL
 * @skb: packet; stays the caller's
 * @af: its family
 *
 * Context: RCU read side, in a netfilter hook.
 */
void ip_vs_icmp_time_exceeded(struct sk_buff *skb, u16 af)
{
	if (af == AF_INET6)
		error_send6(skb, ICMPV6_TIME_EXCEED, ICMPV6_EXC_HOPLIMIT, 0);
	else
		icmp_send(skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0);
}

/**
 * ip_vs_icmp_too_big() - send the ICMP error for a packet that does not fit
 * @skb: packet; stays the caller's
 * @af: its family
 * @dst: its route
 * @overhead: bytes that encapsulation adds
 * @tell: send the error for an IPv4 packet with DF; otherwise it is fragmented
 *
 * A packet that must not be fragmented is dropped, and its sender gets the
 * error (RFC 1191, RFC 8201).
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: true: drop it; false: it may be fragmented.
 */
bool ip_vs_icmp_too_big(struct sk_buff *skb, u16 af,
			const struct dst_entry *dst, unsigned int overhead,
			bool tell)
{
	unsigned int mtu = dst_mtu(dst) - overhead;

	if (af == AF_INET6) {
		error_send6(skb, ICMPV6_PKT_TOOBIG, 0, mtu);
		return true;
	}
	if (!tell || !(ip_hdr(skb)->frag_off & htons(IP_DF)))
		return false;
	icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, htonl(mtu));
	return true;
}

/**
 * ip_vs_icmp_port_unreach() - send the ICMP error "port unreachable"
 * @skb: packet; stays the caller's
 * @af: its family
 *
 * Context: RCU read side, in a netfilter hook.
 */
void ip_vs_icmp_port_unreach(struct sk_buff *skb, u16 af)
{
	if (af == AF_INET6)
		error_send6(skb, ICMPV6_DEST_UNREACH, ICMPV6_PORT_UNREACH, 0);
	else
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
}

/**
 * ip_vs_icmp_host_unreach() - send the ICMP error "host unreachable"
 * @skb: packet; stays the caller's
 * @af: its family
 *
 * Context: RCU read side, in a netfilter hook.
 */
void ip_vs_icmp_host_unreach(struct sk_buff *skb, u16 af)
{
	if (af == AF_INET6)
		error_send6(skb, ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH, 0);
	else
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
}
