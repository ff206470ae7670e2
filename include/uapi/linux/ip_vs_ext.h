/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The generic netlink family IPVS_EXT: what IP Virtual Server offers beyond the
 * family IPVS of <linux/ip_vs.h>, which stays as its clients know it.
 *
 * Services and servers are described by the nests of the old family
 * (IPVS_SVC_ATTR_*, IPVS_DEST_ATTR_*), so that whoever reads one reads both.
 *
 *	GET_INFO			GENERATION, CONNS, CONN_MAX
 *	GET_TABLE	dump		every service, its servers behind it;
 *					marked NLM_F_DUMP_INTR when the table
 *					changed meanwhile: read again
 *		[SERVICE]		of one service only
 *	    reply: SERVICE		(a message each)
 *	    reply: SERVICE id, DEST
 *	GET_CONN	dump		connections, streamed
 *		[FILTER]
 *	    reply: CONN ...		(many a message)
 *	KILL_CONN			end the connections that a filter selects
 *		FILTER			an empty one selects all
 *	    reply: COUNT		what others descend from stays as long
 *					as they do; a template among it takes
 *					no new connection
 *	GET_DROPS	dump		dropped packets by reason
 *	    reply: DROPS		of the namespace
 *	    reply: SERVICE id, DROPS	(each service that has any)
 *	BEGIN				open this socket's transaction
 *	STAGE				what it is to do; any number of times
 *		OPS
 *			OP ...
 *				OP_COMMAND	IPVS_CMD_NEW_SERVICE ... DEL_DEST
 *				OP_SERVICE	as the old family's command has it
 *				OP_DEST		the same
 *	COMMIT				all of it or nothing
 *		[GENERATION]		only if the table is still that one
 *	    reply: GENERATION		of the table as it is now
 *	ABORT				forget it
 *	LISTEN				be sent events, from now on until the
 *		EVENTS			socket is closed; 0: no more
 *	EVENT		unasked		one of them; a datagram may hold many
 *		EVENT_TYPE
 *		[SERVICE] [DEST] [DAEMON] [CONN] [GENERATION]
 *
 * Every refusal has an extended message.  Where one operation is at fault, in
 * STAGE or COMMIT, a reply with its OP_INDEX comes before the error.
 *
 * Events of a namespace are sent, in their order, to the sockets of that
 * namespace that have asked for them; each needs CAP_NET_ADMIN, as for every
 * command here.  They come a moment after what they tell of.  Who reads too
 * slowly loses some and gets ENOBUFS; when some were lost for other reasons, an
 * event says so.  A service that was added or edited is told with its
 * configuration and without its counters.
 *
 * A transaction belongs to its socket and ends with it, with COMMIT whatever
 * becomes of it, or with ABORT.  Additions and changes are made in the order
 * they were staged, removals after them, in their order.  A refused STAGE stages
 * nothing.
 */
#ifndef _LINUX_IP_VS_EXT_H
#define _LINUX_IP_VS_EXT_H

#define IPVS_EXT_GENL_NAME		"IPVS_EXT"
#define IPVS_EXT_GENL_VERSION		0x1

/* What a socket may listen to: bits of IPVS_EXT_ATTR_EVENTS. */
#define IPVS_EXT_EVENTS_CONFIG		0x1
#define IPVS_EXT_EVENTS_CONNS		0x2
#define IPVS_EXT_EVENTS_ALL		0x3

enum ip_vs_ext_cmd {
	IPVS_EXT_CMD_UNSPEC = 0,
	IPVS_EXT_CMD_GET_INFO,
	IPVS_EXT_CMD_GET_TABLE,
	IPVS_EXT_CMD_GET_CONN,
	IPVS_EXT_CMD_KILL_CONN,
	IPVS_EXT_CMD_GET_DROPS,
	IPVS_EXT_CMD_BEGIN,
	IPVS_EXT_CMD_STAGE,
	IPVS_EXT_CMD_COMMIT,
	IPVS_EXT_CMD_ABORT,
	IPVS_EXT_CMD_EVENT,
	IPVS_EXT_CMD_LISTEN,
	__IPVS_EXT_CMD_MAX
};

#define IPVS_EXT_CMD_MAX (__IPVS_EXT_CMD_MAX - 1)

/* First level. */
enum ip_vs_ext_attr {
	IPVS_EXT_ATTR_UNSPEC = 0,
	IPVS_EXT_ATTR_SERVICE,		/* nest: IPVS_SVC_ATTR_* */
	IPVS_EXT_ATTR_DEST,		/* nest: IPVS_DEST_ATTR_* */
	IPVS_EXT_ATTR_DAEMON,		/* nest: IPVS_DAEMON_ATTR_* */
	IPVS_EXT_ATTR_GENERATION,	/* u32: changes with the configuration */
	IPVS_EXT_ATTR_CONNS,		/* u64: connections and templates */
	IPVS_EXT_ATTR_CONN_MAX,		/* u64: most there may be */
	IPVS_EXT_ATTR_FILTER,		/* nest: IPVS_EXT_FILTER_ATTR_* */
	IPVS_EXT_ATTR_CONN,		/* nest: IPVS_EXT_CONN_ATTR_* */
	IPVS_EXT_ATTR_COUNT,		/* u64: connections ended */
	IPVS_EXT_ATTR_DROPS,		/* nest: by enum ip_vs_ext_drop, u64 */
	IPVS_EXT_ATTR_OPS,		/* nest: IPVS_EXT_ATTR_OP ... */
	IPVS_EXT_ATTR_OP,		/* nest: IPVS_EXT_OP_ATTR_* */
	IPVS_EXT_ATTR_OP_INDEX,		/* u32: from 0, over the transaction */
	IPVS_EXT_ATTR_EVENT_TYPE,	/* u32: enum ip_vs_ext_event */
	IPVS_EXT_ATTR_PAD,
	IPVS_EXT_ATTR_EVENTS,		/* u32: IPVS_EXT_EVENTS_* */
	__IPVS_EXT_ATTR_MAX
};

#define IPVS_EXT_ATTR_MAX (__IPVS_EXT_ATTR_MAX - 1)

/* One operation of a transaction. */
enum ip_vs_ext_op_attr {
	IPVS_EXT_OP_ATTR_UNSPEC = 0,
	IPVS_EXT_OP_ATTR_COMMAND,	/* u8: IPVS_CMD_{NEW,SET,DEL}_* */
	IPVS_EXT_OP_ATTR_SERVICE,	/* nest: IPVS_SVC_ATTR_* */
	IPVS_EXT_OP_ATTR_DEST,		/* nest: IPVS_DEST_ATTR_* */
	__IPVS_EXT_OP_ATTR_MAX
};

#define IPVS_EXT_OP_ATTR_MAX (__IPVS_EXT_OP_ATTR_MAX - 1)

/* One connection, or persistence template.  Addresses have the length of their
 * family, addresses and ports are in network byte order.
 */
enum ip_vs_ext_conn_attr {
	IPVS_EXT_CONN_ATTR_UNSPEC = 0,
	IPVS_EXT_CONN_ATTR_AF,		/* u16: of client and virtual address */
	IPVS_EXT_CONN_ATTR_DEST_AF,	/* u16: of the server's address */
	IPVS_EXT_CONN_ATTR_PROTOCOL,	/* u8 */
	IPVS_EXT_CONN_ATTR_CADDR,	/* binary: client */
	IPVS_EXT_CONN_ATTR_VADDR,	/* binary: virtual */
	IPVS_EXT_CONN_ATTR_DADDR,	/* binary: real server */
	IPVS_EXT_CONN_ATTR_CPORT,	/* be16 */
	IPVS_EXT_CONN_ATTR_VPORT,	/* be16 */
	IPVS_EXT_CONN_ATTR_DPORT,	/* be16 */
	IPVS_EXT_CONN_ATTR_STATE,	/* string, as listings print it */
	IPVS_EXT_CONN_ATTR_FLAGS,	/* u32: IP_VS_CONN_F_* */
	IPVS_EXT_CONN_ATTR_EXPIRES,	/* u32: milliseconds left */
	IPVS_EXT_CONN_ATTR_FWMARK,	/* u32: of the first packet */
	IPVS_EXT_CONN_ATTR_PE_NAME,	/* string */
	IPVS_EXT_CONN_ATTR_PE_DATA,	/* binary */
	__IPVS_EXT_CONN_ATTR_MAX
};

#define IPVS_EXT_CONN_ATTR_MAX (__IPVS_EXT_CONN_ATTR_MAX - 1)

/* Which connections; every attribute that is there must hold.  A port without
 * an address holds for any address.
 */
enum ip_vs_ext_filter_attr {
	IPVS_EXT_FILTER_ATTR_UNSPEC = 0,
	IPVS_EXT_FILTER_ATTR_AF,	/* u16: needed by addresses */
	IPVS_EXT_FILTER_ATTR_PROTOCOL,	/* u8 */
	IPVS_EXT_FILTER_ATTR_VADDR,	/* binary */
	IPVS_EXT_FILTER_ATTR_VPORT,	/* be16 */
	IPVS_EXT_FILTER_ATTR_FWMARK,	/* u32 */
	IPVS_EXT_FILTER_ATTR_DEST_AF,	/* u16: absent: as AF */
	IPVS_EXT_FILTER_ATTR_DADDR,	/* binary */
	IPVS_EXT_FILTER_ATTR_DPORT,	/* be16 */
	IPVS_EXT_FILTER_ATTR_CADDR,	/* binary */
	IPVS_EXT_FILTER_ATTR_CPREFIX,	/* u8: bits of CADDR that count */
	IPVS_EXT_FILTER_ATTR_CPORT,	/* be16 */
	IPVS_EXT_FILTER_ATTR_STATE,	/* string, as listings print it */
	IPVS_EXT_FILTER_ATTR_TEMPLATES,	/* u8: 1: templates only, 0: none */
	IPVS_EXT_FILTER_ATTR_SERVICE,	/* nest: IPVS_SVC_ATTR_*: its servers' */
	__IPVS_EXT_FILTER_ATTR_MAX
};

#define IPVS_EXT_FILTER_ATTR_MAX (__IPVS_EXT_FILTER_ATTR_MAX - 1)

enum ip_vs_ext_event {
	IPVS_EXT_EVENT_UNSPEC = 0,
	IPVS_EXT_EVENT_SERVICE_NEW,
	IPVS_EXT_EVENT_SERVICE_SET,
	IPVS_EXT_EVENT_SERVICE_DEL,
	IPVS_EXT_EVENT_DEST_NEW,
	IPVS_EXT_EVENT_DEST_SET,
	IPVS_EXT_EVENT_DEST_DEL,
	IPVS_EXT_EVENT_FLUSH,
	IPVS_EXT_EVENT_TIMEOUTS,	/* --set */
	IPVS_EXT_EVENT_DAEMON_NEW,
	IPVS_EXT_EVENT_DAEMON_DEL,
	IPVS_EXT_EVENT_CONN_NEW,	/* EVENTS_CONNS */
	IPVS_EXT_EVENT_CONN_DEL,
	IPVS_EXT_EVENT_LOST,		/* of either: some did not fit */
	__IPVS_EXT_EVENT_MAX
};

#define IPVS_EXT_EVENT_MAX (__IPVS_EXT_EVENT_MAX - 1)

/* Why a packet was dropped: attribute numbers inside IPVS_EXT_ATTR_DROPS. */
enum ip_vs_ext_drop {
	IPVS_EXT_DROP_UNSPEC = 0,
	IPVS_EXT_DROP_NO_DEST,		/* no usable real server */
	IPVS_EXT_DROP_DEST_GONE,	/* its real server was removed */
	IPVS_EXT_DROP_RATE,		/* defence: drop_packet */
	IPVS_EXT_DROP_CONN_LIMIT,	/* conn_max */
	IPVS_EXT_DROP_NO_MEMORY,	/* for an entry or for rewriting */
	IPVS_EXT_DROP_ENGINE,		/* persistence engine found nothing */
	IPVS_EXT_DROP_REUSED,		/* old connection tracked: sent again */
	IPVS_EXT_DROP_SHORT,		/* transport header cut off */
	IPVS_EXT_DROP_NO_ROUTE,		/* to the real server */
	IPVS_EXT_DROP_TTL,		/* no hop left */
	IPVS_EXT_DROP_TOO_BIG,		/* does not fit, must not be cut */
	IPVS_EXT_DROP_NARROW,		/* no room for any packet in the tunnel */
	IPVS_EXT_DROP_BOUNDARY,		/* loopback and outside do not mix */
	IPVS_EXT_DROP_CHECKSUM,		/* ICMP error, or helper's packet */
	IPVS_EXT_DROP_ICMP,		/* error message cut or in fragments */
	IPVS_EXT_DROP_NO_CONN,		/* nat_icmp_send: server told */
	IPVS_EXT_DROP_REROUTE,		/* no way from the virtual address */
	IPVS_EXT_DROP_CONNTRACK,	/* would not confirm */
	IPVS_EXT_DROP_HELPER,		/* application helper refused */
	IPVS_EXT_DROP_CHANGED,		/* written to while it was handled */
	__IPVS_EXT_DROP_MAX
};

#define IPVS_EXT_DROP_MAX (__IPVS_EXT_DROP_MAX - 1)

#endif
