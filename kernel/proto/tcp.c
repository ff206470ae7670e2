// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP: the state machine as a director sees it, and header rewriting.
 *
 * A director sees segments, not sockets, so the states are those of RFC 9293
 * guessed from flags alone.  What the client sends moves the INPUT rows, what
 * the server answers the OUTPUT rows; with direct routing and tunnels no
 * answer is ever seen and the INPUT_ONLY rows stand for both.
 */
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/checksum.h>

#include "proto/csum.h"
#include "proto/proto.h"
#include "proto/states.h"

enum rows {
	ROW_INPUT,
	ROW_OUTPUT,
	ROW_INPUT_ONLY,
	ROW_MAX
};

/* One event a segment, the first flag that is set, in this order. */
enum event {
	EV_SYN,
	EV_FIN,
	EV_ACK,
	EV_RST,
	EV_MAX
};

#define TNO IP_VS_TCP_NONE
#define TES IP_VS_TCP_ESTABLISHED
#define TSS IP_VS_TCP_SYN_SENT
#define TSR IP_VS_TCP_SYN_RECV
#define TFW IP_VS_TCP_FIN_WAIT
#define TTW IP_VS_TCP_TIME_WAIT
#define TCL IP_VS_TCP_CLOSE
#define TCW IP_VS_TCP_CLOSE_WAIT
#define TLA IP_VS_TCP_LAST_ACK
#define TLI IP_VS_TCP_LISTEN
#define TSA IP_VS_TCP_SYNACK

/* Next state by row, event, present state.  The columns are in the order of
 * enum ip_vs_tcp_state.
 */
static const u8 tcp_next[ROW_MAX][EV_MAX][IP_VS_TCP_MAX] = {
	[ROW_INPUT] = {
		/* A client that opens again starts over, but a SYN that
		 * crosses an established or opening connection is a
		 * retransmission or an attack: the state does not go back.
		 *           TNO  TES  TSS  TSR  TFW  TTW  TCL  TCW  TLA  TLI  TSA
		 */
		[EV_SYN] = { TSR, TES, TES, TSR, TSR, TSR, TSR, TSR, TSR, TSR, TSR },
		/* The client has finished; the server may still send. */
		[EV_FIN] = { TCL, TCW, TSS, TTW, TTW, TTW, TCL, TCW, TLA, TLI, TTW },
		/* The handshake's third segment is enough. */
		[EV_ACK] = { TES, TES, TSS, TES, TFW, TTW, TCL, TCW, TCL, TLI, TES },
		/* In SYN_RECV a client's RST cannot be told from a forged
		 * one: only the timeout ends it.
		 */
		[EV_RST] = { TCL, TCL, TCL, TSR, TCL, TCL, TCL, TCL, TLA, TLI, TSR },
	},
	[ROW_OUTPUT] = {
		/* SYN+ACK counts as SYN: still waiting for the client.
		 *           TNO  TES  TSS  TSR  TFW  TTW  TCL  TCW  TLA  TLI  TSA
		 */
		[EV_SYN] = { TSS, TES, TSS, TSR, TSS, TSS, TSS, TSS, TSS, TLI, TSR },
		/* After the client's FIN this is the second: TIME_WAIT. */
		[EV_FIN] = { TTW, TFW, TSS, TTW, TFW, TTW, TCL, TTW, TLA, TLI, TTW },
		[EV_ACK] = { TES, TES, TSS, TES, TFW, TTW, TCL, TCW, TLA, TES, TES },
		/* A RST from the server is authoritative. */
		[EV_RST] = { TCL, TCL, TSS, TCL, TCL, TTW, TCL, TCL, TCL, TCL, TCL },
	},
	[ROW_INPUT_ONLY] = {
		/*           TNO  TES  TSS  TSR  TFW  TTW  TCL  TCW  TLA  TLI  TSA */
		[EV_SYN] = { TSR, TES, TES, TSR, TSR, TSR, TSR, TSR, TSR, TSR, TSR },
		/* Whether this FIN is the second cannot be seen: FIN_WAIT. */
		[EV_FIN] = { TCL, TFW, TSS, TTW, TFW, TTW, TCL, TCW, TLA, TLI, TTW },
		[EV_ACK] = { TES, TES, TSS, TES, TFW, TTW, TCL, TCW, TCL, TLI, TES },
		[EV_RST] = { TCL, TCL, TCL, TSR, TCL, TCL, TCL, TCL, TLA, TLI, TCL },
	},
};

/* The same while secure_tcp is on: a connection counts as established only by
 * what its server sends, so that a flood of SYNs and ACKs from forged addresses
 * leaves no entry with a long timeout.
 */
static const u8 tcp_next_secure[ROW_MAX][EV_MAX][IP_VS_TCP_MAX] = {
	[ROW_INPUT] = {
		/*           TNO  TES  TSS  TSR  TFW  TTW  TCL  TCW  TLA  TLI  TSA */
		/* A retransmitted SYN keeps the state that the server's answer
		 * has set.
		 */
		[EV_SYN] = { TSR, TES, TES, TSR, TSR, TSR, TSR, TSR, TSR, TSR, TSA },
		[EV_FIN] = { TCL, TCW, TSS, TTW, TTW, TTW, TCL, TCW, TLA, TLI, TSA },
		/* The client's ACK is not enough: SYN_RECV and SYNACK wait for
		 * the server.
		 */
		[EV_ACK] = { TES, TES, TSS, TSR, TFW, TTW, TCL, TCW, TCL, TLI, TSA },
		[EV_RST] = { TCL, TCL, TCL, TSR, TCL, TCL, TCL, TCL, TLA, TLI, TCL },
	},
	[ROW_OUTPUT] = {
		/*           TNO  TES  TSS  TSR  TFW  TTW  TCL  TCW  TLA  TLI  TSA */
		/* SYN+ACK: the server has answered the client. */
		[EV_SYN] = { TSS, TES, TSS, TSA, TSS, TSS, TSS, TSS, TSS, TLI, TSA },
		[EV_FIN] = { TTW, TFW, TSS, TTW, TFW, TTW, TCL, TTW, TLA, TLI, TTW },
		/* Only data or an acknowledgment from the server establishes
		 * it.
		 */
		[EV_ACK] = { TES, TES, TSS, TES, TFW, TTW, TCL, TCW, TLA, TES, TES },
		[EV_RST] = { TCL, TCL, TSS, TCL, TCL, TTW, TCL, TCL, TCL, TCL, TCL },
	},
	[ROW_INPUT_ONLY] = {
		/*           TNO  TES  TSS  TSR  TFW  TTW  TCL  TCW  TLA  TLI  TSA */
		/* The server's packets are not seen: SYNACK, which the client's
		 * ACK ends.
		 */
		[EV_SYN] = { TSA, TES, TES, TSR, TSA, TSA, TSA, TSA, TSA, TSA, TSA },
		[EV_FIN] = { TCL, TFW, TSS, TTW, TFW, TTW, TCL, TCW, TLA, TLI, TTW },
		[EV_ACK] = { TES, TES, TSS, TES, TFW, TTW, TCL, TCW, TCL, TLI, TES },
		[EV_RST] = { TCL, TCL, TCL, TSR, TCL, TCL, TCL, TCL, TLA, TLI, TCL },
	},
};

static int flags_event(u8 flags)
{
	if (flags & TCP_FLAG_BIT_RST)
		return EV_RST;
	if (flags & TCP_FLAG_BIT_SYN)
		return EV_SYN;
	if (flags & TCP_FLAG_BIT_FIN)
		return EV_FIN;
	if (flags & TCP_FLAG_BIT_ACK)
		return EV_ACK;
	return EV_MAX;
}

/**
 * ip_vs_tcp_next() - the state after a segment
 * @dir: who sent it
 * @input_only: no answer of this connection is ever seen
 * @secure: by the table of secure_tcp
 * @flags: byte 13 of the TCP header
 * @state: enum ip_vs_tcp_state before
 *
 * Return: enum ip_vs_tcp_state after; a segment with none of RST, SYN, FIN, ACK
 * is invalid and closes.
 */
u8 ip_vs_tcp_next(enum ip_vs_dir dir, bool input_only, bool secure, u8 flags,
		  u8 state)
{
	int event = flags_event(flags);
	int row = dir == IP_VS_DIR_OUTPUT ? ROW_OUTPUT :
		  input_only ? ROW_INPUT_ONLY : ROW_INPUT;

	if (event == EV_MAX)
		return TCL;
	return (unlikely(secure) ? tcp_next_secure : tcp_next)
		[row][event][state];
}

/**
 * ip_vs_tcp_rewrite() - replace one port, update the checksum
 * @w: what may be written of the packet
 * @pkt: the packet, parsed
 * @end: which end is replaced
 * @port: that end's port after
 * @addr_diff: what replacing that end's address does to the sum
 *
 * A checksum still to be filled in by the device (offload, GSO) holds the
 * pseudo header's sum, which covers the address but no port.  An invalid
 * checksum stays invalid.
 *
 * Return: true; false: the header may not be written, nothing was.
 */
bool ip_vs_tcp_rewrite(struct ip_vs_writable w, const struct ip_vs_packet *pkt,
		       enum ip_vs_end end, __be16 port, __wsum addr_diff)
{
	struct tcphdr *th = ip_vs_writable_at(w, pkt->l4_offset, sizeof(*th));
	__be16 *field;
	__wsum diff;

	if (unlikely(!th))
		return false;
	field = end == IP_VS_END_SOURCE ? &th->source : &th->dest;
	if (w.skb->ip_summed == CHECKSUM_PARTIAL) {
		th->check = ip_vs_csum_apply_pseudo(th->check, addr_diff);
	} else {
		diff = csum_add(addr_diff, ip_vs_csum_port(*field, port));
		th->check = ip_vs_csum_apply(th->check, diff);
	}
	*field = port;
	return true;
}
