// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP (RFC 9260): the state machine as a director sees it, and header
 * rewriting.
 *
 * A director sees packets, not endpoints: the states are guessed from the first
 * chunk of each packet.  What the client sends moves the INPUT rows, what the
 * server answers the OUTPUT rows; with direct routing and tunnels no answer is
 * ever seen and the INPUT_ONLY rows stand for both.
 */
#include <linux/sctp.h>
#include <linux/skbuff.h>
#include <net/sctp/checksum.h>

#include "packet.h"
#include "proto/proto.h"
#include "proto/states.h"

enum rows {
	ROW_INPUT,
	ROW_OUTPUT,
	ROW_INPUT_ONLY,
	ROW_MAX
};

/* What a packet means, by its first chunk. */
enum event {
	EV_DATA,
	EV_INIT,
	EV_INIT_ACK,
	EV_COOKIE_ECHO,
	EV_COOKIE_ACK,
	EV_SHUTDOWN,
	EV_SHUT_ACK,
	EV_SHUT_COMPLETE,
	EV_ERROR,
	EV_ABORT,
	EV_MAX
};

/* Chunk types that are not here, those to come included, are data: EV_DATA. */
static const u8 chunk_events[] = {
	[SCTP_CID_INIT] = EV_INIT,
	[SCTP_CID_INIT_ACK] = EV_INIT_ACK,
	[SCTP_CID_ABORT] = EV_ABORT,
	[SCTP_CID_SHUTDOWN] = EV_SHUTDOWN,
	[SCTP_CID_SHUTDOWN_ACK] = EV_SHUT_ACK,
	[SCTP_CID_ERROR] = EV_ERROR,
	[SCTP_CID_COOKIE_ECHO] = EV_COOKIE_ECHO,
	[SCTP_CID_COOKIE_ACK] = EV_COOKIE_ACK,
	[SCTP_CID_SHUTDOWN_COMPLETE] = EV_SHUT_COMPLETE,
};

#define SNO IP_VS_SCTP_NONE
#define SI1 IP_VS_SCTP_INIT1
#define SIN IP_VS_SCTP_INIT
#define SCS IP_VS_SCTP_COOKIE_SENT
#define SCR IP_VS_SCTP_COOKIE_REPLIED
#define SCW IP_VS_SCTP_COOKIE_WAIT
#define SCO IP_VS_SCTP_COOKIE
#define SCE IP_VS_SCTP_COOKIE_ECHOED
#define SES IP_VS_SCTP_ESTABLISHED
#define SSS IP_VS_SCTP_SHUTDOWN_SENT
#define SSR IP_VS_SCTP_SHUTDOWN_RECEIVED
#define SSA IP_VS_SCTP_SHUTDOWN_ACK_SENT
#define SRJ IP_VS_SCTP_REJECTED
#define SCL IP_VS_SCTP_CLOSED

/* Next state by row, event, present state; columns as enum ip_vs_sctp_state:
 * SNO SI1 SIN SCS SCR SCW SCO, and below them SCE SES SSS SSR SSA SRJ SCL.
 */
static const u8 sctp_next[ROW_MAX][EV_MAX][IP_VS_SCTP_MAX] = {
	[ROW_INPUT] = {
		/* Data changes no state, but an unknown flow counts as
		 * established.
		 */
		[EV_DATA] = {
			SES, SI1, SIN, SCS, SCR, SCW, SCO,
			SCE, SES, SSS, SSR, SSA, SRJ, SCL,
		},
		/* A second INIT while the server has not answered counts as a retransmission. */
		[EV_INIT] = {
			SI1, SIN, SIN, SCS, SCR, SCW, SCO,
			SCE, SES, SSS, SSR, SSA, SIN, SIN,
		},
		[EV_INIT_ACK] = {
			SCW, SCW, SCW, SCS, SCR, SCO, SCO,
			SCE, SES, SSS, SSR, SSA, SRJ, SCL,
		},
		/* The client has the cookie that the server sent. */
		[EV_COOKIE_ECHO] = {
			SCR, SIN, SIN, SCR, SCR, SCW, SCO,
			SCE, SES, SSS, SSR, SSA, SRJ, SCL,
		},
		/* Only a client that got an INIT from the server acknowledges a
		 * cookie.
		 */
		[EV_COOKIE_ACK] = {
			SES, SI1, SIN, SCS, SCR, SCW, SCO,
			SES, SES, SSS, SSR, SSA, SRJ, SCL,
		},
		/* The client is done sending. */
		[EV_SHUTDOWN] = {
			SSR, SI1, SIN, SCS, SCR, SCW, SCO,
			SCE, SSR, SSS, SSR, SSA, SRJ, SCL,
		},
		[EV_SHUT_ACK] = {
			SCL, SIN, SIN, SCS, SCR, SCW, SCO,
			SCE, SES, SCL, SSR, SCL, SRJ, SCL,
		},
		[EV_SHUT_COMPLETE] = {
			SCL, SCL, SCL, SCS, SCR, SCW, SCO,
			SCE, SES, SSS, SSR, SCL, SRJ, SCL,
		},
		[EV_ERROR] = {
			SCL, SI1, SIN, SCS, SCR, SCW, SCO,
			SCL, SES, SSS, SSR, SSA, SRJ, SCL,
		},
		/* Either side's ABORT ends it, whatever the state. */
		[EV_ABORT] = {
			SCL, SCL, SCL, SCL, SCL, SRJ, SCL,
			SCL, SCL, SCL, SCL, SCL, SCL, SCL,
		},
	},
	[ROW_OUTPUT] = {
		[EV_DATA] = {
			SES, SI1, SIN, SCS, SCR, SCW, SCO,
			SCE, SES, SSS, SSR, SSA, SRJ, SCL,
		},
		/* The server opens an association: the handshake the other way
		 * round.
		 */
		[EV_INIT] = {
			SCW, SCW, SCW, SCW, SCW, SCW, SCW,
			SCW, SES, SCW, SCW, SCW, SCW, SCW,
		},
		[EV_INIT_ACK] = {
			SCS, SCS, SCS, SCS, SCR, SCW, SCO,
			SCE, SES, SSS, SSR, SSA, SRJ, SCL,
		},
		[EV_COOKIE_ECHO] = {
			SCE, SCE, SCE, SCE, SCE, SCE, SCE,
			SCE, SES, SSS, SSR, SSA, SRJ, SCL,
		},
		/* The server has accepted the cookie: the association is
		 * established.
		 */
		[EV_COOKIE_ACK] = {
			SES, SES, SES, SES, SES, SES, SES,
			SES, SES, SSS, SSR, SSA, SRJ, SCL,
		},
		[EV_SHUTDOWN] = {
			SSS, SSS, SSS, SSS, SSS, SSS, SSS,
			SSS, SSS, SSS, SSR, SSA, SRJ, SCL,
		},
		/* Only the client's SHUTDOWN COMPLETE is missing. */
		[EV_SHUT_ACK] = {
			SSA, SSA, SSA, SSA, SSA, SCW, SCO,
			SCE, SES, SSA, SSA, SSA, SRJ, SCL,
		},
		[EV_SHUT_COMPLETE] = {
			SCL, SI1, SIN, SCS, SCR, SCW, SCO,
			SCE, SES, SSS, SSR, SSA, SRJ, SCL,
		},
		[EV_ERROR] = {
			SCL, SCL, SCL, SCL, SCL, SCW, SCO,
			SCE, SES, SSS, SSR, SSA, SRJ, SCL,
		},
		[EV_ABORT] = {
			SCL, SRJ, SCL, SCL, SCL, SCL, SCL,
			SCL, SCL, SCL, SCL, SCL, SCL, SCL,
		},
	},
	[ROW_INPUT_ONLY] = {
		[EV_DATA] = {
			SES, SI1, SIN, SCS, SCR, SES, SCO,
			SCE, SES, SSS, SSR, SSA, SRJ, SCL,
		},
		/* What the server answers is not seen, so the states between are guesses. */
		[EV_INIT] = {
			SI1, SIN, SIN, SIN, SIN, SIN, SCO,
			SCE, SES, SSS, SSR, SSA, SIN, SIN,
		},
		[EV_INIT_ACK] = {
			SCE, SCE, SCE, SCE, SCE, SCE, SCO,
			SCE, SES, SSS, SSR, SSA, SRJ, SCL,
		},
		/* The server must have answered: it counts as established. */
		[EV_COOKIE_ECHO] = {
			SES, SES, SES, SES, SES, SES, SCO,
			SCE, SES, SSS, SSR, SSA, SRJ, SCL,
		},
		[EV_COOKIE_ACK] = {
			SES, SI1, SIN, SES, SES, SCW, SES,
			SES, SES, SSS, SSR, SSA, SRJ, SCL,
		},
		[EV_SHUTDOWN] = {
			SSR, SI1, SIN, SCS, SCR, SCW, SCO,
			SCE, SSR, SSS, SSR, SSA, SRJ, SCL,
		},
		/* Nothing more will come this way but SHUTDOWN COMPLETE. */
		[EV_SHUT_ACK] = {
			SCL, SIN, SIN, SCS, SCR, SCW, SCO,
			SCE, SCL, SCL, SSR, SCL, SRJ, SCL,
		},
		[EV_SHUT_COMPLETE] = {
			SCL, SCL, SCL, SCL, SCL, SCW, SCO,
			SCE, SES, SSS, SCL, SCL, SRJ, SCL,
		},
		[EV_ERROR] = {
			SCL, SI1, SIN, SCS, SCR, SCW, SCO,
			SCE, SES, SSS, SSR, SSA, SRJ, SCL,
		},
		[EV_ABORT] = {
			SCL, SCL, SCL, SCL, SCL, SRJ, SCL,
			SCL, SCL, SCL, SCL, SCL, SCL, SCL,
		},
	},
};

static int chunk_event(const struct ip_vs_packet *pkt)
{
	if (pkt->chunk_aborts)
		return EV_ABORT;
	return pkt->chunk < ARRAY_SIZE(chunk_events) ?
	       chunk_events[pkt->chunk] : EV_DATA;
}

/**
 * ip_vs_sctp_next() - the state after a packet
 * @dir: who sent it
 * @input_only: no answer of this connection is ever seen
 * @pkt: packet, its first chunk readable
 * @state: enum ip_vs_sctp_state before
 *
 * Return: enum ip_vs_sctp_state after.
 */
u8 ip_vs_sctp_next(enum ip_vs_dir dir, bool input_only,
		   const struct ip_vs_packet *pkt, u8 state)
{
	int row = dir == IP_VS_DIR_OUTPUT ? ROW_OUTPUT :
		  input_only ? ROW_INPUT_ONLY : ROW_INPUT;

	return sctp_next[row][chunk_event(pkt)][state];
}

/**
 * ip_vs_sctp_opens() - does this packet open an association?
 * @pkt: packet; one whose first chunk could not be read does not
 *
 * Return: true or false.
 */
bool ip_vs_sctp_opens(const struct ip_vs_packet *pkt)
{
	return pkt->has_l4 && pkt->chunk == SCTP_CID_INIT;
}

/**
 * ip_vs_sctp_rewrite() - replace one port, update the checksum
 * @w: what may be written of the packet
 * @pkt: the packet, parsed
 * @end: which end is replaced
 * @port: that end's port after
 *
 * The CRC covers no address, so it is computed anew only if the port changes,
 * and not if the device has still to fill it in (offload, GSO).
 *
 * Return: true; false: the header may not be written, nothing was.
 */
bool ip_vs_sctp_rewrite(struct ip_vs_writable w,
			const struct ip_vs_packet *pkt, enum ip_vs_end end,
			__be16 port)
{
	struct sctphdr *sh = ip_vs_writable_at(w, pkt->l4_offset, sizeof(*sh));
	__be16 *field;

	if (unlikely(!sh))
		return false;
	field = end == IP_VS_END_SOURCE ? &sh->source : &sh->dest;
	if (*field == port)
		return true;
	*field = port;
	if (w.skb->ip_summed == CHECKSUM_PARTIAL)
		return true;
	sh->checksum = sctp_compute_cksum(w.skb, pkt->l4_offset);
	w.skb->ip_summed = CHECKSUM_UNNECESSARY;
	return true;
}
