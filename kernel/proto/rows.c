// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of protocols.
 *
 * What is not here is what packets of a connection pass: parsing (packet.c), the
 * state machines and rewriting (proto.c) branch by protocol and call directly,
 * since an indirect call costs more than all of them.
 */
#include <linux/in.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sctp.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include "proto/rows.h"
#include "proto/states.h"

/* Where the timeouts of a protocol start. */
#define TIMEOUTS_AT(member) \
	(offsetof(struct ip_vs_timeouts, member) / sizeof(u32))

static const struct ip_vs_state tcp_states[] = {
	[IP_VS_TCP_NONE] = {
		.name = "NONE",
		.seconds = 2,
	},
	[IP_VS_TCP_ESTABLISHED] = {
		.name = "ESTABLISHED",
		.seconds = 15 * 60,
		.active = true,
		.told = true,
		.pressure = IP_VS_PRESSURE_DROP_IDLE,
	},
	[IP_VS_TCP_SYN_SENT] = {
		.name = "SYN_SENT",
		.seconds = 2 * 60,
		.active = true,
	},
	[IP_VS_TCP_SYN_RECV] = {
		.name = "SYN_RECV",
		.seconds = 60,
		.active = true,
		.pressure = IP_VS_PRESSURE_DROP,
	},
	[IP_VS_TCP_FIN_WAIT] = {
		.name = "FIN_WAIT",
		.seconds = 2 * 60,
		.told = true,
		.reuse = IP_VS_REUSE_UNANSWERED,
	},
	[IP_VS_TCP_TIME_WAIT] = {
		.name = "TIME_WAIT",
		.seconds = 2 * 60,
		.told = true,
		.reuse = IP_VS_REUSE_YES,
	},
	[IP_VS_TCP_CLOSE] = {
		.name = "CLOSE",
		.seconds = 10,
		.told = true,
		.reuse = IP_VS_REUSE_YES,
	},
	[IP_VS_TCP_CLOSE_WAIT] = {
		.name = "CLOSE_WAIT",
		.seconds = 60,
		.told = true,
	},
	[IP_VS_TCP_LAST_ACK] = {
		.name = "LAST_ACK",
		.seconds = 30,
	},
	[IP_VS_TCP_LISTEN] = {
		.name = "LISTEN",
		.seconds = 2 * 60,
	},
	[IP_VS_TCP_SYNACK] = {
		.name = "SYNACK",
		.seconds = 2 * 60,
		.active = true,
		.pressure = IP_VS_PRESSURE_DROP,
	},
};

static_assert(ARRAY_SIZE(tcp_states) == IP_VS_TCP_MAX);

static const struct ip_vs_state udp_states[] = {
	[IP_VS_UDP_NORMAL] = {
		.name = "UDP",
		.seconds = 5 * 60,
		.told = true,
		.pressure = IP_VS_PRESSURE_DROP_IDLE,
	},
};

static_assert(ARRAY_SIZE(udp_states) == IP_VS_UDP_MAX);

/* Users cannot change these timeouts. */
static const struct ip_vs_state sctp_states[] = {
	[IP_VS_SCTP_NONE] = {
		.name = "NONE",
		.seconds = 2,
	},
	[IP_VS_SCTP_INIT1] = {
		.name = "INIT1",
		.seconds = 4,
		.pressure = IP_VS_PRESSURE_DROP,
	},
	[IP_VS_SCTP_INIT] = {
		.name = "INIT",
		.seconds = 61,
		.pressure = IP_VS_PRESSURE_DROP,
	},
	[IP_VS_SCTP_COOKIE_SENT] = {
		.name = "C-SENT",
		.seconds = 61,
	},
	[IP_VS_SCTP_COOKIE_REPLIED] = {
		.name = "C-REPLIED",
		.seconds = 61,
	},
	[IP_VS_SCTP_COOKIE_WAIT] = {
		.name = "C-WAIT",
		.seconds = 61,
	},
	[IP_VS_SCTP_COOKIE] = {
		.name = "COOKIE",
		.seconds = 61,
	},
	[IP_VS_SCTP_COOKIE_ECHOED] = {
		.name = "C-ECHOED",
		.seconds = 61,
	},
	[IP_VS_SCTP_ESTABLISHED] = {
		.name = "ESTABLISHED",
		.seconds = 15 * 60,
		.active = true,
		.told = true,
		.pressure = IP_VS_PRESSURE_DROP_IDLE,
	},
	[IP_VS_SCTP_SHUTDOWN_SENT] = {
		.name = "S-SENT",
		.seconds = 61,
		.told = true,
	},
	[IP_VS_SCTP_SHUTDOWN_RECEIVED] = {
		.name = "S-RECEIVED",
		.seconds = 61,
		.told = true,
	},
	[IP_VS_SCTP_SHUTDOWN_ACK_SENT] = {
		.name = "S-ACK-SENT",
		.seconds = 61,
		.told = true,
	},
	[IP_VS_SCTP_REJECTED] = {
		.name = "REJECTED",
		.seconds = 4,
	},
	[IP_VS_SCTP_CLOSED] = {
		.name = "CLOSED",
		.seconds = 61,
		.told = true,
		.reuse = IP_VS_REUSE_YES,
	},
};

static_assert(ARRAY_SIZE(sctp_states) == IP_VS_SCTP_MAX);

/* AH and ESP: their packets belong to connections of UDP.  Only a sync peer can
 * make an entry of theirs, which stays as it came.
 */
static const struct ip_vs_state ipsec_states[] = {
	{
		.name = "ERR!",
		.told = true,
	},
};

enum {
	ROW_UNKNOWN = 0,
	ROW_IP,
	ROW_ICMP,
	ROW_TCP,
	ROW_UDP,
	ROW_SCTP,
	ROW_ICMPV6,
	ROW_AH,
	ROW_ESP,
	ROW_MAX
};

const u8 ip_vs_proto_index[U8_MAX + 1] = {
	[IPPROTO_IP] = ROW_IP,
	[IPPROTO_ICMP] = ROW_ICMP,
	[IPPROTO_TCP] = ROW_TCP,
	[IPPROTO_UDP] = ROW_UDP,
	[IPPROTO_SCTP] = ROW_SCTP,
	[IPPROTO_ICMPV6] = ROW_ICMPV6,
	[IPPROTO_AH] = ROW_AH,
	[IPPROTO_ESP] = ROW_ESP,
};

const struct ip_vs_proto ip_vs_protos[] = {
	[ROW_UNKNOWN] = {},
	/* The templates of services by mark. */
	[ROW_IP] = {
		.number = IPPROTO_IP,
		.name = "IP",
		.stateless = "NONE",
	},
	[ROW_ICMP] = {
		.number = IPPROTO_ICMP,
		.name = "ICMP",
	},
	[ROW_TCP] = {
		.number = IPPROTO_TCP,
		.name = "TCP",
		.states = tcp_states,
		.n_states = ARRAY_SIZE(tcp_states),
		.established = IP_VS_TCP_ESTABLISHED,
		.timeouts = TIMEOUTS_AT(tcp),
		.ports = IP_VS_PORTS_OWN,
		.header_len = sizeof(struct tcphdr),
	},
	[ROW_UDP] = {
		.number = IPPROTO_UDP,
		.name = "UDP",
		.states = udp_states,
		.n_states = ARRAY_SIZE(udp_states),
		.established = IP_VS_UDP_NORMAL,
		.timeouts = TIMEOUTS_AT(udp),
		.ports = IP_VS_PORTS_OWN,
		.connectionless = true,
		.header_len = sizeof(struct udphdr),
	},
	[ROW_SCTP] = {
		.number = IPPROTO_SCTP,
		.name = "SCTP",
		.states = sctp_states,
		.n_states = ARRAY_SIZE(sctp_states),
		.established = IP_VS_SCTP_ESTABLISHED,
		.timeouts = TIMEOUTS_AT(sctp),
		.ports = IP_VS_PORTS_OWN,
		.header_len = sizeof(struct sctphdr),
	},
	[ROW_ICMPV6] = {
		.number = IPPROTO_ICMPV6,
		.name = "ICMPv6",
	},
	[ROW_AH] = {
		.number = IPPROTO_AH,
		.states = ipsec_states,
		.n_states = ARRAY_SIZE(ipsec_states),
		.ports = IP_VS_PORTS_IKE,
	},
	[ROW_ESP] = {
		.number = IPPROTO_ESP,
		.states = ipsec_states,
		.n_states = ARRAY_SIZE(ipsec_states),
		.ports = IP_VS_PORTS_IKE,
	},
};

/**
 * ip_vs_timeouts_init() - the default timeouts of every protocol
 * @t: filled in
 */
void ip_vs_timeouts_init(struct ip_vs_timeouts *t)
{
	const struct ip_vs_proto *row;
	u8 state;

	for (row = ip_vs_protos; row < ip_vs_protos + ROW_MAX; row++)
		for (state = 0; state < row->n_states; state++)
			if (row->states[state].seconds)
				((u32 *)t)[row->timeouts + state] =
					row->states[state].seconds * HZ;
}

/**
 * ip_vs_proto_timeout() - how long a state lasts
 * @t: a namespace's timeouts
 * @proto: IP protocol number
 * @state: number of the state
 *
 * Return: jiffies; 0: there is no such state, or it has no timeout.
 */
u32 ip_vs_proto_timeout(const struct ip_vs_timeouts *t, u8 proto, u8 state)
{
	const struct ip_vs_state *s = ip_vs_proto_state(proto, state);
	const u32 *first = (const u32 *)t + ip_vs_proto_row(proto)->timeouts;

	return s && s->seconds ? READ_ONCE(first[state]) : 0;
}

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
	const char *name = ip_vs_proto_row(proto)->name;

	if (name)
		return name;
	snprintf(buf, len, "IP_%u", proto);
	return buf;
}
