/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * States of connections, by protocol, and how long each lasts.
 */
#ifndef IP_VS_PROTO_STATES_H
#define IP_VS_PROTO_STATES_H

#include <linux/types.h>

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

enum ip_vs_sctp_state {
	IP_VS_SCTP_NONE,
	IP_VS_SCTP_INIT1,
	IP_VS_SCTP_INIT,
	IP_VS_SCTP_COOKIE_SENT,
	IP_VS_SCTP_COOKIE_REPLIED,
	IP_VS_SCTP_COOKIE_WAIT,
	IP_VS_SCTP_COOKIE,
	IP_VS_SCTP_COOKIE_ECHOED,
	IP_VS_SCTP_ESTABLISHED,
	IP_VS_SCTP_SHUTDOWN_SENT,
	IP_VS_SCTP_SHUTDOWN_RECEIVED,
	IP_VS_SCTP_SHUTDOWN_ACK_SENT,
	IP_VS_SCTP_REJECTED,
	IP_VS_SCTP_CLOSED,
	IP_VS_SCTP_MAX
};

enum ip_vs_template_state {
	IP_VS_TEMPLATE_NONE,
	IP_VS_TEMPLATE_ASSURED,
};

/**
 * struct ip_vs_timeouts - a namespace's state timeouts, jiffies
 * @tcp: by enum ip_vs_tcp_state
 * @udp: by enum ip_vs_udp_state
 * @sctp: by enum ip_vs_sctp_state
 *
 * Written by --set under the configuration mutex, read with READ_ONCE().  The
 * defaults are in proto/rows.c.
 */
struct ip_vs_timeouts {
	u32 tcp[IP_VS_TCP_MAX];
	u32 udp[IP_VS_UDP_MAX];
	u32 sctp[IP_VS_SCTP_MAX];
};

#endif
