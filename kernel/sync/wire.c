// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sync messages between directors: encoding and decoding.  The layout is in
 * wire.h.
 *
 * No global state, no allocation, no log: the same code runs in user space
 * under sanitizers and a fuzzer.
 */
#include <linux/ip_vs.h>
#include <linux/kernel.h>
#include <linux/socket.h>
#include <linux/string.h>

#include "sync/wire.h"

#define V0_HEADER	4
#define V0_RECORD	24
#define V1_HEADER	8
/* Everything but addresses and options. */
#define V1_BASE		24
#define V1_ALIGN	4

#define LENGTH_MASK	0x0fff
#define VERSION_SHIFT	12
#define TYPE_IPV6	0x01

/* Six 32-bit numbers: sequence number changes by a helper, for each direction. */
#define SEQ_LEN		24

enum option {
	OPT_SEQ = 1,
	OPT_PE_DATA = 2,
	OPT_PE_NAME = 3,
	/* flag in the type: a receiver that does not know it may ignore it */
	OPT_SKIPPABLE = 0x40,
};

#define OPT_HEADER	2

static u16 wire_get16(const u8 *p)
{
	return p[0] << 8 | p[1];
}

static u32 wire_get32(const u8 *p)
{
	return (u32)wire_get16(p) << 16 | wire_get16(p + 2);
}

static u8 *wire_put16(u8 *p, u16 v)
{
	p[0] = v >> 8;
	p[1] = v;
	return p + 2;
}

static u8 *wire_put32(u8 *p, u32 v)
{
	return wire_put16(wire_put16(p, v >> 16), v);
}

static u8 *put_bytes(u8 *p, const void *from, size_t len)
{
	memcpy(p, from, len);
	return p + len;
}

static size_t wire_addr_len(u16 af)
{
	return af == AF_INET6 ? sizeof(struct in6_addr) : sizeof(__be32);
}

static size_t fixed_len(u16 af)
{
	return V1_BASE + 3 * wire_addr_len(af);
}

static size_t option_len(u8 len)
{
	return len ? OPT_HEADER + len : 0;
}

static size_t record_len(u8 version, const struct ip_vs_sync_record *rec)
{
	if (!version)
		return V0_RECORD + (rec->has_seq ? SEQ_LEN : 0);
	return fixed_len(rec->af) + option_len(rec->has_seq ? SEQ_LEN : 0) +
	       option_len(rec->pe_data_len) + option_len(rec->pe_name_len);
}

static size_t header_len(u8 version)
{
	return version ? V1_HEADER : V0_HEADER;
}

/**
 * ip_vs_wire_least() - size of a message with one record
 * @version: 0 or 1
 * @rec: the record
 *
 * Return: bytes.
 */
size_t ip_vs_wire_least(u8 version, const struct ip_vs_sync_record *rec)
{
	return header_len(version) + record_len(version, rec);
}

/**
 * ip_vs_wire_begin() - start a message
 * @w: message
 * @buf: room for it
 * @room: how much, at least a header
 * @version: 0 or 1
 * @syncid: sync id
 */
void ip_vs_wire_begin(struct ip_vs_wire_writer *w, u8 *buf, size_t room,
		      u8 version, u8 syncid)
{
	*w = (struct ip_vs_wire_writer) {
		.buf = buf,
		.room = room,
		.len = header_len(version),
		.version = version,
		.syncid = syncid,
	};
}

static u8 *put_ports(u8 *p, const struct ip_vs_sync_record *rec)
{
	p = put_bytes(p, &rec->cport, sizeof(rec->cport));
	p = put_bytes(p, &rec->vport, sizeof(rec->vport));
	return put_bytes(p, &rec->dport, sizeof(rec->dport));
}

static u8 *put_addrs(u8 *p, const struct ip_vs_sync_record *rec)
{
	size_t len = wire_addr_len(rec->af);

	p = put_bytes(p, &rec->caddr, len);
	p = put_bytes(p, &rec->vaddr, len);
	return put_bytes(p, &rec->daddr, len);
}

static u8 *put_option(u8 *p, enum option type, const u8 *data, u8 len)
{
	if (!len)
		return p;
	*p++ = type;
	*p++ = len;
	return put_bytes(p, data, len);
}

/* Of @version 0 in the sender's own byte order, as there has always been. */
static u32 seq_order(u8 version, u32 v)
{
	return version ? (__force u32)htonl(v) : v;
}

static void seq_put(u8 *p, u8 version, const struct ip_vs_sync_record *rec)
{
	u32 v[3];
	int dir, i;

	for (dir = 0; dir < 2; dir++) {
		v[0] = rec->seq[dir].init_seq;
		v[1] = rec->seq[dir].delta;
		v[2] = rec->seq[dir].previous_delta;
		for (i = 0; i < 3; i++)
			v[i] = seq_order(version, v[i]);
		p = put_bytes(p, v, sizeof(v));
	}
}

static void seq_get(const u8 *p, u8 version, struct ip_vs_sync_record *rec)
{
	u32 v[3];
	int dir, i;

	for (dir = 0; dir < 2; dir++, p += sizeof(v)) {
		memcpy(v, p, sizeof(v));
		for (i = 0; i < 3; i++)
			v[i] = seq_order(version, v[i]);
		rec->seq[dir] = (struct ip_vs_seq) {
			.init_seq = v[0],
			.delta = v[1],
			.previous_delta = v[2],
		};
	}
	rec->has_seq = true;
}

static void put_record0(u8 *p, const struct ip_vs_sync_record *rec)
{
	*p++ = 0;
	*p++ = rec->proto;
	p = put_ports(p, rec);
	p = put_addrs(p, rec);
	p = wire_put16(p, rec->flags);
	p = wire_put16(p, rec->state);
	if (rec->has_seq)
		seq_put(p, 0, rec);
}

static void put_record1(u8 *p, const struct ip_vs_sync_record *rec, size_t len)
{
	*p++ = rec->af == AF_INET6 ? TYPE_IPV6 : 0;
	*p++ = rec->proto;
	p = wire_put16(p, len);
	p = wire_put32(p, rec->flags);
	p = wire_put16(p, rec->state);
	p = put_ports(p, rec);
	p = wire_put32(p, rec->fwmark);
	p = wire_put32(p, rec->timeout);
	p = put_addrs(p, rec);
	if (rec->has_seq) {
		*p++ = OPT_SEQ;
		*p++ = SEQ_LEN;
		seq_put(p, 1, rec);
		p += SEQ_LEN;
	}
	p = put_option(p, OPT_PE_DATA, rec->pe_data, rec->pe_data_len);
	put_option(p, OPT_PE_NAME, rec->pe_name, rec->pe_name_len);
}

/**
 * ip_vs_wire_add() - put a record into a message
 * @w: message
 * @rec: record; IPv4 with version 0
 *
 * Return: false: it does not fit, the message is unchanged.
 */
bool ip_vs_wire_add(struct ip_vs_wire_writer *w,
		    const struct ip_vs_sync_record *rec)
{
	size_t pad = w->version ? -w->len & (V1_ALIGN - 1) : 0;
	size_t len = record_len(w->version, rec);
	u8 *p = w->buf + w->len + pad;

	if (w->count == IP_VS_WIRE_RECORDS_MAX ||
	    w->len + pad + len > w->room)
		return false;
	memset(w->buf + w->len, 0, pad);
	if (w->version)
		put_record1(p, rec, len);
	else
		put_record0(p, rec);
	w->len += pad + len;
	w->count++;
	return true;
}

/**
 * ip_vs_wire_finish() - write a message's header
 * @w: message; @w->len is its length
 */
void ip_vs_wire_finish(struct ip_vs_wire_writer *w)
{
	u8 *p = w->buf;

	*p++ = w->version ? 0 : w->count;
	*p++ = w->syncid;
	p = wire_put16(p, w->len);
	if (!w->version)
		return;
	*p++ = w->count;
	*p++ = w->version;
	wire_put16(p, 0);
}

static bool is_version1(const u8 *msg, size_t len)
{
	return len >= V1_HEADER && !msg[0] && msg[5] == 1 && !msg[6] &&
	       !msg[7];
}

/**
 * ip_vs_wire_open() - check a received message and begin to decode it
 * @r: filled in
 * @msg: the datagram
 * @len: its length
 * @syncid: the sync id to accept, 0: all
 *
 * Return: false: it has another sync id, or is truncated.
 */
bool ip_vs_wire_open(struct ip_vs_wire_reader *r, const u8 *msg, size_t len,
		     u32 syncid)
{
	if (len < V0_HEADER || wire_get16(msg + 2) != len)
		return false;
	if (syncid && msg[1] != syncid)
		return false;
	memset(r, 0, sizeof(*r));
	r->msg = msg;
	r->len = len;
	r->version = is_version1(msg, len);
	r->pos = header_len(r->version);
	r->left = r->version ? msg[4] : msg[0];
	return true;
}

/* The rest of the message is ignored. */
static __printf(2, 3) enum ip_vs_wire record_fault(struct ip_vs_wire_reader *r,
						   const char *why, ...)
{
	va_list args;

	va_start(args, why);
	vsnprintf(r->fault, sizeof(r->fault), why, args);
	va_end(args);
	r->left = 0;
	return IP_VS_WIRE_FAULT;
}

static enum ip_vs_wire record_undecodable(struct ip_vs_wire_reader *r, int err)
{
	return record_fault(r, "BACKUP, Dropping buffer, Err: %d in decoding", err);
}

static void get_ports(const u8 *p, struct ip_vs_sync_record *rec)
{
	memcpy(&rec->cport, p, sizeof(rec->cport));
	memcpy(&rec->vport, p + 2, sizeof(rec->vport));
	memcpy(&rec->dport, p + 4, sizeof(rec->dport));
}

static void get_addrs(const u8 *p, struct ip_vs_sync_record *rec)
{
	size_t len = wire_addr_len(rec->af);

	memcpy(&rec->caddr, p, len);
	memcpy(&rec->vaddr, p + len, len);
	memcpy(&rec->daddr, p + 2 * len, len);
}

/* Each option may occur once, and must have a valid length. */
static enum ip_vs_wire take_option(struct ip_vs_wire_reader *r,
				   struct ip_vs_sync_record *rec, u8 type,
				   const u8 *data, u8 len, bool *seq)
{
	switch (type & ~OPT_SKIPPABLE) {
	case OPT_SEQ:
		if (len != SEQ_LEN || *seq)
			return record_undecodable(r, -50);
		*seq = true;
		seq_get(data, r->version, rec);
		return IP_VS_WIRE_RECORD;
	case OPT_PE_DATA:
		if (rec->pe_data_len)
			return record_undecodable(r, -60);
		rec->pe_data = data;
		rec->pe_data_len = len;
		return IP_VS_WIRE_RECORD;
	case OPT_PE_NAME:
		if (len > IP_VS_WIRE_ENGINE_MAX || rec->pe_name_len)
			return record_undecodable(r, -70);
		rec->pe_name = data;
		rec->pe_name_len = len;
		return IP_VS_WIRE_RECORD;
	}
	return type & OPT_SKIPPABLE ? IP_VS_WIRE_RECORD : IP_VS_WIRE_SKIP;
}

static enum ip_vs_wire read_options(struct ip_vs_wire_reader *r,
				    struct ip_vs_sync_record *rec,
				    const u8 *p, const u8 *end)
{
	enum ip_vs_wire result = IP_VS_WIRE_RECORD;
	bool seq = false;
	u8 type, len;

	while (p < end && result == IP_VS_WIRE_RECORD) {
		if (end - p < OPT_HEADER)
			return record_undecodable(r, -30);
		type = p[0];
		len = p[1];
		p += OPT_HEADER;
		if (!len || end - p < len)
			return record_undecodable(r, -40);
		result = take_option(r, rec, type, p, len, &seq);
		p += len;
	}
	return result;
}

static enum ip_vs_wire record_next1(struct ip_vs_wire_reader *r,
				    struct ip_vs_sync_record *rec)
{
	const u8 *p = r->msg + r->pos;
	size_t len;

	/* Padding after the previous record may exceed the message. */
	if (r->pos > r->len || r->len - r->pos < fixed_len(AF_INET))
		return record_fault(r, "BACKUP, Dropping buffer, too small");
	len = wire_get16(p + 2) & LENGTH_MASK;
	if (len > r->len - r->pos)
		return record_fault(r, "BACKUP, Dropping buffer, msg > buffer");
	if (wire_get16(p + 2) >> VERSION_SHIFT)
		return record_fault(r, "BACKUP, Dropping buffer, Unknown version %d",
				    wire_get16(p + 2) >> VERSION_SHIFT);
	if (!(p[0] & TYPE_IPV6) && p[0])
		return record_undecodable(r, -10);
	rec->af = p[0] & TYPE_IPV6 ? AF_INET6 : AF_INET;
	if (len < fixed_len(rec->af))
		return record_undecodable(r, -20);
	rec->proto = p[1];
	rec->flags = wire_get32(p + 4);
	rec->state = wire_get16(p + 8);
	get_ports(p + 10, rec);
	rec->fwmark = wire_get32(p + 16);
	rec->timeout = wire_get32(p + 20);
	get_addrs(p + V1_BASE, rec);
	r->pos += ALIGN(len, V1_ALIGN);
	return read_options(r, rec, p + fixed_len(rec->af), p + len);
}

static enum ip_vs_wire record_next0(struct ip_vs_wire_reader *r,
				    struct ip_vs_sync_record *rec)
{
	const u8 *p = r->msg + r->pos;

	if (r->len - r->pos < V0_RECORD)
		return record_fault(r, "BACKUP v0, bogus conn");
	r->pos += V0_RECORD;
	rec->af = AF_INET;
	rec->proto = p[1];
	get_ports(p + 2, rec);
	get_addrs(p + 8, rec);
	rec->flags = wire_get16(p + 20);
	rec->state = wire_get16(p + 22);
	if (!(rec->flags & IP_VS_CONN_F_SEQ_MASK))
		return IP_VS_WIRE_RECORD;
	if (r->len - r->pos < SEQ_LEN)
		return record_fault(r, "BACKUP v0, Dropping buffer bogus conn options");
	seq_get(r->msg + r->pos, 0, rec);
	r->pos += SEQ_LEN;
	return IP_VS_WIRE_RECORD;
}

/**
 * ip_vs_wire_next() - decode the next record of a message
 * @r: message
 * @rec: filled in; points into the message
 *
 * Return: what was found; after IP_VS_WIRE_FAULT, @r->fault has the reason.
 */
enum ip_vs_wire ip_vs_wire_next(struct ip_vs_wire_reader *r,
				struct ip_vs_sync_record *rec)
{
	if (!r->left)
		return IP_VS_WIRE_END;
	r->left--;
	memset(rec, 0, sizeof(*rec));
	return r->version ? record_next1(r, rec) : record_next0(r, rec);
}
