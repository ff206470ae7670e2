/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sync messages between directors: layout, encoding, decoding.
 *
 * A message is one UDP datagram, a header and records; a record describes one
 * connection or template.  All numbers are big-endian.
 *
 *	version 1 header	version 0 header
 *	0  0			0  number of records
 *	1  sync id		1  sync id
 *	2  length (2)		2  length (2)
 *	4  number of records
 *	5  1
 *	6  0 (2)
 *
 *	version 1 record	version 0 record
 *	0  1: IPv6		0  0
 *	1  protocol		1  protocol
 *	2  length (2)		2  client, virtual, server port (2 each)
 *	4  flags (4)		8  client, virtual, server address (4 each)
 *	8  state (2)		20 flags, state (2 each)
 *	10 client, virtual,	24 sequence data, if flags say so
 *	   server port (2 each)
 *	16 mark (4)
 *	20 timeout in s (4)
 *	24 client, virtual,
 *	   server address
 *	   (4 or 16 each)
 *	then options: type, length, data
 *
 * Records of version 1 begin at multiples of 4; the padding between them counts
 * for the length of the message, not of a record.  An old receiver reads a
 * message of version 1 as one of version 0 without records.
 *
 * A received message is untrusted: the decoder checks each length in it and
 * reads nothing beyond its end.
 */
#ifndef IP_VS_SYNC_WIRE_H
#define IP_VS_SYNC_WIRE_H

#include <linux/in6.h>
#include <linux/netfilter.h>
#include <linux/types.h>

#include "conn/seq.h"

/* The largest value of a UDP header's length field. */
#define IP_VS_WIRE_MAX		65535
/* The largest value of the header's record count. */
#define IP_VS_WIRE_RECORDS_MAX	255
#define IP_VS_WIRE_ENGINE_MAX	16

/* Size of a fault's text, with the terminating zero. */
#define IP_VS_WIRE_FAULT_LEN	64

/**
 * struct ip_vs_sync_record - one connection or template
 * @caddr: client; of a template, its network
 * @vaddr: virtual address, or the firewall mark in its place
 * @daddr: server
 * @cport: client's port
 * @vport: virtual port
 * @dport: server's port
 * @af: AF_INET or AF_INET6, of all three
 * @proto: IP protocol, 0: template of a mark service
 * @state: protocol state
 * @flags: IP_VS_CONN_F_*; version 0 carries the low 16 bits
 * @fwmark: mark of the first packet; not in version 0
 * @timeout: of @state, seconds; 0 in version 0
 * @seq: how sequence numbers change, if @has_seq, by enum ip_vs_dir
 * @has_seq: the record says so
 * @pe_data: a persistence engine's data for the template; not in version 0
 * @pe_data_len: its length, 0: none
 * @pe_name: the engine's name, not terminated
 * @pe_name_len: its length, 0: none
 */
struct ip_vs_sync_record {
	union nf_inet_addr caddr;
	union nf_inet_addr vaddr;
	union nf_inet_addr daddr;
	__be16 cport;
	__be16 vport;
	__be16 dport;
	u16 af;
	u8 proto;
	u16 state;
	u32 flags;
	u32 fwmark;
	u32 timeout;
	struct ip_vs_seq seq[2];
	bool has_seq;
	const u8 *pe_data;
	u8 pe_data_len;
	const u8 *pe_name;
	u8 pe_name_len;
};

/**
 * struct ip_vs_wire_writer - a message being encoded
 * @buf: its buffer
 * @room: size of @buf
 * @len: bytes used
 * @version: 0 or 1
 * @syncid: sync id
 * @count: records so far
 */
struct ip_vs_wire_writer {
	u8 *buf;
	size_t room;
	size_t len;
	u8 version;
	u8 syncid;
	u8 count;
};

/**
 * struct ip_vs_wire_reader - a message being decoded
 * @msg: its bytes
 * @len: length of @msg
 * @pos: offset of the next record
 * @version: 0 or 1
 * @left: records left, by the count in the header
 * @fault: why the rest of the message is ignored, for the log
 */
struct ip_vs_wire_reader {
	const u8 *msg;
	size_t len;
	size_t pos;
	u8 version;
	u8 left;
	char fault[IP_VS_WIRE_FAULT_LEN];
};

/* What ip_vs_wire_next() found. */
enum ip_vs_wire {
	IP_VS_WIRE_END,		/* no more records */
	IP_VS_WIRE_RECORD,	/* a record */
	IP_VS_WIRE_SKIP,	/* a record with an unknown option that must not be ignored */
	IP_VS_WIRE_FAULT,	/* invalid: the rest of the message is ignored */
};

size_t ip_vs_wire_least(u8 version, const struct ip_vs_sync_record *rec);
void ip_vs_wire_begin(struct ip_vs_wire_writer *w, u8 *buf, size_t room,
		      u8 version, u8 syncid);
bool ip_vs_wire_add(struct ip_vs_wire_writer *w,
		    const struct ip_vs_sync_record *rec);
void ip_vs_wire_finish(struct ip_vs_wire_writer *w);

bool ip_vs_wire_open(struct ip_vs_wire_reader *r, const u8 *msg, size_t len,
		     u32 syncid);
enum ip_vs_wire ip_vs_wire_next(struct ip_vs_wire_reader *r,
				struct ip_vs_sync_record *rec);

#endif
