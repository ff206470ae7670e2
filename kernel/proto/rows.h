/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of protocols: what is known of each but how its packets are read,
 * what they do to a state and how they are rewritten (proto.h).
 */
#ifndef IP_VS_PROTO_ROWS_H
#define IP_VS_PROTO_ROWS_H

#include <linux/types.h>

struct ip_vs_timeouts;

/* Where the ports come from that a packet's connection is found by. */
enum ip_vs_ports {
	IP_VS_PORTS_NONE = 0,	/* nowhere: the protocol is not balanced */
	IP_VS_PORTS_OWN,	/* the transport header starts with them */
	IP_VS_PORTS_IKE,	/* it has none, and follows the key exchange */
};

/* What happens to a connection while memory is short (sysctl drop_entry). */
enum ip_vs_pressure {
	IP_VS_PRESSURE_KEEP = 0,
	IP_VS_PRESSURE_DROP_IDLE,	/* ended if it has been idle */
	IP_VS_PRESSURE_DROP,		/* ended */
};

/* May the client open another connection on the tuple of one in this state? */
enum ip_vs_reuse {
	IP_VS_REUSE_NO = 0,
	IP_VS_REUSE_UNANSWERED,	/* it is the last state that can be observed if
				 * no answer is seen
				 */
	IP_VS_REUSE_YES,	/* both sides are done with it */
};

/**
 * struct ip_vs_state - one state of a protocol
 * @name: as listings print it
 * @seconds: how long it lasts, by default; 0: states of this protocol have no
 *	timeout of their own
 * @active: the connection counts as active at its server
 * @told: sync peers are told of a connection in it
 * @pressure: enum ip_vs_pressure
 * @reuse: enum ip_vs_reuse
 */
struct ip_vs_state {
	const char *name;
	u16 seconds;
	bool active;
	bool told;
	u8 pressure;
	u8 reuse;
};

/**
 * struct ip_vs_proto - one protocol
 * @name: as listings print it; NULL: by number
 * @stateless: what listings print for a state that is not in @states; NULL:
 *	"ERR!"
 * @states: by number, which is also the one of sync messages
 * @n_states: how many; 0: it has no connections of its own
 * @established: the state of most packets: a sync peer hears of it from time to
 *	time, and of every other one at once
 * @timeouts: where in struct ip_vs_timeouts those of @states start, counted in
 *	timeouts
 * @ports: enum ip_vs_ports
 * @connectionless: no packet depends on an earlier one
 * @header_len: bytes of the transport header that a rewrite changes
 * @number: IP protocol; 0 for what is not in the table as well
 */
struct ip_vs_proto {
	const char *name;
	const char *stateless;
	const struct ip_vs_state *states;
	u8 n_states;
	u8 established;
	u8 timeouts;
	u8 ports;
	bool connectionless;
	u8 header_len;
	u8 number;
};

/* The rows; ip_vs_proto_index says which one is a protocol's. */
extern const struct ip_vs_proto ip_vs_protos[];
extern const u8 ip_vs_proto_index[U8_MAX + 1];

/**
 * ip_vs_proto_row() - look up a protocol
 * @proto: IP protocol number
 *
 * Context: any; two loads, so that a packet may do it.
 *
 * Return: its row; of a protocol that is not in the table an empty one.
 */
static inline const struct ip_vs_proto *ip_vs_proto_row(u8 proto)
{
	return &ip_vs_protos[ip_vs_proto_index[proto]];
}

/**
 * ip_vs_proto_state() - look up a state
 * @proto: IP protocol number
 * @state: number of the state
 *
 * Context: any.
 *
 * Return: the state; NULL: the protocol has no such state.
 */
static inline const struct ip_vs_state *ip_vs_proto_state(u8 proto, u8 state)
{
	const struct ip_vs_proto *row = ip_vs_proto_row(proto);

	return state < row->n_states ? &row->states[state] : NULL;
}

/**
 * ip_vs_proto_has_ports() - does a protocol have ports?
 * @proto: IP protocol number
 *
 * Those that do are the ones that services can have.  AH and ESP, which we know
 * as well, do not.
 *
 * Context: any.
 *
 * Return: true or false.
 */
static inline bool ip_vs_proto_has_ports(u8 proto)
{
	return ip_vs_proto_row(proto)->ports == IP_VS_PORTS_OWN;
}

void ip_vs_timeouts_init(struct ip_vs_timeouts *t);
u32 ip_vs_proto_timeout(const struct ip_vs_timeouts *t, u8 proto, u8 state);
const char *ip_vs_proto_name(u8 proto, char *buf, size_t len);

#endif
