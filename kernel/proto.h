/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a transport protocol brings: its state machine, its timeouts, and how
 * its header is rewritten.
 */
#ifndef IP_VS_PROTO_H
#define IP_VS_PROTO_H

#include <linux/types.h>

#include "conn.h"

struct ip_vs_net;
struct ip_vs_packet;
struct sk_buff;

/* States as printed; the numbers are on the wire of connection sync. */
enum ip_vs_tcp_state {
	IP_VS_TCP_NONE,
	IP_VS_TCP_ESTABLISHED,
	IP_VS_TCP_SYN_SENT,
	IP_VS_TCP_SYN_RECV,
	IP_VS_TCP_FIN_WAIT,
	IP_VS_TCP_TIME_WAIT,
	IP_VS_TCP_CLOSE,
	IP_VS_TCP_CLOSE_WAIT,
	IP_VS_TCP_LAST_ACK,
	IP_VS_TCP_LISTEN,
	IP_VS_TCP_SYNACK,
	IP_VS_TCP_MAX
};

enum ip_vs_udp_state {
	IP_VS_UDP_NORMAL,
	IP_VS_UDP_MAX
};

/**
 * struct ip_vs_timeouts - a namespace's state timeouts, jiffies
 * @tcp: by enum ip_vs_tcp_state
 * @udp: by enum ip_vs_udp_state
 *
 * Written by --set under the configuration mutex, read with READ_ONCE().
 */
struct ip_vs_timeouts {
	u32 tcp[IP_VS_TCP_MAX];
	u32 udp[IP_VS_UDP_MAX];
};

/**
 * struct ip_vs_move - what a packet does to its connection's state
 * @state: the next state
 * @timeout: its timeout, jiffies
 * @active: the connection counts as active in it
 */
struct ip_vs_move {
	u8 state;
	bool active;
	u32 timeout;
};

/* Entries start with this, until their first packet has moved the state. */
#define IP_VS_TIMEOUT_NEW (3 * HZ)

void ip_vs_timeouts_init(struct ip_vs_timeouts *t);
const char *ip_vs_proto_name(u8 proto, char *buf, size_t len);

#endif
