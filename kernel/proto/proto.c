// SPDX-License-Identifier: GPL-2.0-only
/*
 * The transport protocols we balance, and what they have in common: tracking a
 * connection's state without a lock as long as nothing changes.
 *
 * What is known of each is in its row (rows.c).  This file branches by protocol
 * only where what a packet contains, or what it does, is each protocol's own.
 */
#include <linux/in.h>
#include <linux/sctp.h>
#include <linux/skbuff.h>

#include "conn/conn.h"
#include "conn/expiry.h"
#include "net.h"
#include "proto/csum.h"
#include "proto/proto.h"
#include "proto/rows.h"
#include "proto/states.h"
#include "server/dest.h"

static const char *template_state_name(u8 state)
{
	switch (state) {
	case IP_VS_TEMPLATE_NONE:
		return "NONE";
	case IP_VS_TEMPLATE_ASSURED:
		return "ASSURED";
	}
	return "ERR!";
}

/**
 * ip_vs_proto_state_name() - a connection's state as listings print it
 * @proto: IP protocol
 * @flags: of the connection: IP_VS_CONN_F_TEMPLATE has states of its own
 * @state: the state's number
 *
 * Return: its name; constant text.
 */
const char *ip_vs_proto_state_name(u8 proto, u32 flags, u8 state)
{
	const struct ip_vs_state *s;

	if (flags & IP_VS_CONN_F_TEMPLATE)
		return template_state_name(state);
	s = ip_vs_proto_state(proto, state);
	return s ? s->name : ip_vs_proto_row(proto)->stateless ?: "ERR!";
}

/* What one packet changes in a connection. */
struct move {
	u8 state;
	u32 timeout;
	u32 flags_cleared;
};

static __always_inline struct move tcp_move(const struct ip_vs_net *ivn,
					    const struct ip_vs_conn *c,
					    const struct ip_vs_packet *pkt,
					    enum ip_vs_dir dir)
{
	u32 no_output = READ_ONCE(c->flags) & IP_VS_CONN_F_NOOUTPUT;
	u8 state = ip_vs_tcp_next(dir, no_output,
				  READ_ONCE(ivn->defense.secure_tcp),
				  pkt->tcp_flags, READ_ONCE(c->state));

	return (struct move) {
		.state = state,
		.timeout = READ_ONCE(ivn->timeouts.tcp[state]),
		.flags_cleared = dir == IP_VS_DIR_OUTPUT ? no_output : 0,
	};
}

static struct move sctp_move(const struct ip_vs_net *ivn,
			     const struct ip_vs_conn *c,
			     const struct ip_vs_packet *pkt,
			     enum ip_vs_dir dir)
{
	u32 no_output = READ_ONCE(c->flags) & IP_VS_CONN_F_NOOUTPUT;
	u8 state = ip_vs_sctp_next(dir, no_output, pkt, READ_ONCE(c->state));

	return (struct move) {
		.state = state,
		.timeout = READ_ONCE(ivn->timeouts.sctp[state]),
		.flags_cleared = dir == IP_VS_DIR_OUTPUT ? no_output : 0,
	};
}

static __always_inline struct move udp_move(const struct ip_vs_net *ivn)
{
	return (struct move) {
		.state = IP_VS_UDP_NORMAL,
		.timeout = READ_ONCE(ivn->timeouts.udp[IP_VS_UDP_NORMAL]),
	};
}

/* Each packet passes here: direct calls, and inlined, so that the result stays in
 * registers.
 */
static __always_inline struct move next_move(const struct ip_vs_net *ivn,
					     const struct ip_vs_conn *c,
					     const struct ip_vs_packet *pkt,
					     enum ip_vs_dir dir)
{
	if (c->proto == IPPROTO_TCP)
		return tcp_move(ivn, c, pkt, dir);
	if (c->proto == IPPROTO_UDP)
		return udp_move(ivn);
	return sctp_move(ivn, c, pkt, dir);
}

/* Does a connection in this state count as active? */
static bool is_active(u8 proto, u8 state)
{
	const struct ip_vs_state *s = ip_vs_proto_state(proto, state);

	return s && s->active;
}

/* Returns whether the server's active count changes: 1, 0 or -1. */
static int move_apply(struct ip_vs_conn *c, const struct move *m)
{
	bool was_active = !(c->flags & IP_VS_CONN_F_INACTIVE);
	bool active = is_active(c->proto, m->state);
	bool filed = !(c->flags & IP_VS_CONN_F_ONE_PACKET);
	bool sooner = m->timeout < c->timeout;
	u32 flags = c->flags & ~(m->flags_cleared | IP_VS_CONN_F_INACTIVE);

	lockdep_assert_held(&c->lock);
	if (!active)
		flags |= IP_VS_CONN_F_INACTIVE;
	WRITE_ONCE(c->flags, flags);
	WRITE_ONCE(c->state, m->state);
	ip_vs_conn_set_timeout(c, m->timeout);
	if (sooner && filed)
		ip_vs_expiry_sooner(c);
	return active - was_active;
}

static noinline void track_change(struct ip_vs_net *ivn, struct ip_vs_conn *c,
				  const struct ip_vs_packet *pkt,
				  enum ip_vs_dir dir)
{
	struct move m;
	int change = 0;

	spin_lock_bh(&c->lock);
	if (!c->dead) {
		/* Another packet may have changed it since the check without
		 * the lock.
		 */
		m = next_move(ivn, c, pkt, dir);
		change = move_apply(c, &m);
	}
	spin_unlock_bh(&c->lock);
	if (change && c->dest)
		ip_vs_dest_set_active(c->dest, change > 0);
}

/* Has the server accepted the client, so that its template becomes ASSURED? */
static bool packet_assures(const struct ip_vs_conn *c, enum ip_vs_dir dir)
{
	const struct ip_vs_proto *row = ip_vs_proto_row(c->proto);

	if (row->connectionless)
		return dir == IP_VS_DIR_OUTPUT;
	return READ_ONCE(c->state) == row->established;
}

static void assure_template(struct ip_vs_conn *control)
{
	if (ip_vs_conn_is_template(control) &&
	    READ_ONCE(control->state) != IP_VS_TEMPLATE_ASSURED)
		WRITE_ONCE(control->state, IP_VS_TEMPLATE_ASSURED);
}

/* Does this packet change state, timeout or flags? */
static __always_inline bool packet_moves(const struct ip_vs_net *ivn,
					 const struct ip_vs_conn *c,
					 const struct ip_vs_packet *pkt,
					 enum ip_vs_dir dir)
{
	const struct move m = next_move(ivn, c, pkt, dir);

	return m.state != READ_ONCE(c->state) ||
	       m.timeout != READ_ONCE(c->timeout) || m.flags_cleared;
}

/**
 * ip_vs_proto_track() - update a connection's state by a packet
 * @ivn: namespace
 * @c: connection
 * @pkt: packet; one whose transport header is truncated changes no state
 * @dir: who sent it
 *
 * The connection's timeout starts anew.  A packet that changes nothing takes no
 * lock and writes nothing but the stamp.
 *
 * Context: RCU read side, softirq or process.
 */
void ip_vs_proto_track(struct ip_vs_net *ivn, struct ip_vs_conn *c,
		       const struct ip_vs_packet *pkt, enum ip_vs_dir dir)
{
	ip_vs_conn_touch(c);
	if (unlikely(!pkt->has_l4))
		return;
	if (unlikely(packet_moves(ivn, c, pkt, dir)))
		track_change(ivn, c, pkt, dir);
	if (unlikely(c->control) && packet_assures(c, dir))
		assure_template(c->control);
}

/**
 * ip_vs_proto_aborts() - does this packet end a connection at once?
 * @pkt: packet
 *
 * Its sender needs no answer.
 *
 * Return: true or false.
 */
bool ip_vs_proto_aborts(const struct ip_vs_packet *pkt)
{
	switch (pkt->proto) {
	case IPPROTO_TCP:
		return pkt->tcp_flags & TCP_FLAG_BIT_RST;
	case IPPROTO_SCTP:
		return pkt->chunk == SCTP_CID_ABORT;
	}
	return false;
}

/**
 * ip_vs_proto_opens() - may this packet open a connection?
 * @ivn: namespace
 * @pkt: packet with a complete transport header
 *
 * Return: true or false.
 */
bool ip_vs_proto_opens(const struct ip_vs_net *ivn,
		       const struct ip_vs_packet *pkt)
{
	if (ip_vs_proto_aborts(pkt))
		return false;
	switch (pkt->proto) {
	case IPPROTO_UDP:
		return true;
	case IPPROTO_TCP:
		return pkt->tcp_flags & TCP_FLAG_BIT_SYN ||
		       READ_ONCE(ivn->settings.sloppy_tcp);
	case IPPROTO_SCTP:
		return pkt->chunk == SCTP_CID_INIT ||
		       READ_ONCE(ivn->settings.sloppy_sctp);
	}
	/* AH and ESP follow a connection, they never open one. */
	return false;
}

/**
 * ip_vs_proto_finished() - may the tuple of a connection be used again?
 * @c: connection
 * @reuse_mode: sysctl conn_reuse_mode
 *
 * Return: true if both sides are done with it.
 */
bool ip_vs_proto_finished(const struct ip_vs_conn *c, int reuse_mode)
{
	const struct ip_vs_state *s = ip_vs_proto_state(c->proto,
							READ_ONCE(c->state));

	if (c->control || !s)
		return false;
	if (s->reuse == IP_VS_REUSE_UNANSWERED)
		return reuse_mode & 2 &&
		       READ_ONCE(c->flags) & IP_VS_CONN_F_NOOUTPUT;
	return s->reuse == IP_VS_REUSE_YES;
}

/* Each packet of a NAT connection passes here: direct calls. */
static bool header_rewrite(struct ip_vs_writable w, const struct ip_vs_packet *pkt,
			   enum ip_vs_end end, __be16 port, __wsum addr_diff)
{
	switch (pkt->proto) {
	case IPPROTO_TCP:
		return ip_vs_tcp_rewrite(w, pkt, end, port, addr_diff);
	case IPPROTO_UDP:
		return ip_vs_udp_rewrite(w, pkt, end, port, addr_diff);
	case IPPROTO_SCTP:
		return ip_vs_sctp_rewrite(w, pkt, end, port);
	}
	return true;
}

/**
 * ip_vs_proto_rewrite4() - replace a port, update the transport checksum
 * @w: what may be written of the packet, whose IP header is still the old one
 * @pkt: the packet, parsed
 * @end: which end is replaced
 * @addr: that end's new address, which the caller writes afterwards
 * @port: that end's new port
 *
 * Return: true; false: the transport header may not be written, nothing was.
 */
bool ip_vs_proto_rewrite4(struct ip_vs_writable w,
			  const struct ip_vs_packet *pkt, enum ip_vs_end end,
			  __be32 addr, __be16 port)
{
	__be32 old = end == IP_VS_END_SOURCE ? pkt->key.v4.saddr :
					       pkt->key.v4.daddr;

	return header_rewrite(w, pkt, end, port, ip_vs_csum_addr4(old, addr));
}

/**
 * ip_vs_proto_rewrite6() - replace a port, update the transport checksum
 * @w: what may be written of the packet, whose IP header is still the old one
 * @pkt: the packet, parsed
 * @end: which end is replaced
 * @addr: that end's new address, which the caller writes afterwards
 * @port: that end's new port
 *
 * Return: true; false: the transport header may not be written, nothing was.
 */
bool ip_vs_proto_rewrite6(struct ip_vs_writable w,
			  const struct ip_vs_packet *pkt, enum ip_vs_end end,
			  const struct in6_addr *addr, __be16 port)
{
	const struct in6_addr *old = end == IP_VS_END_SOURCE ?
				     &pkt->key.v6.saddr : &pkt->key.v6.daddr;

	return header_rewrite(w, pkt, end, port, ip_vs_csum_addr6(old, addr));
}
