// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages: the bytes the in-tree module was seen to send, both ways; every check
 * of the decoder with the words it finds; and any bytes at all.
 */
#include <linux/ip_vs.h>

#include "sync/wire.h"
#include "sync_tests.h"

#define FUZZ_ROUNDS 200000
#define MESSAGE_MAX 2048

/* A message in an allocation of exactly its size: the sanitizer sees one byte
 * more.
 */
struct message {
	u8 *b;
	size_t len;
};

static struct message copy_of(const void *bytes, size_t len)
{
	struct message m = { malloc(len ?: 1), len };

	memcpy(m.b, bytes, len);
	return m;
}

static struct message from_hex(const char *hex)
{
	u8 b[MESSAGE_MAX];
	unsigned int byte;
	size_t len = 0;

	for (; *hex; hex++) {
		if (*hex == ' ')
			continue;
		assert(sscanf(hex, "%2x", &byte) == 1);
		b[len++] = byte;
		hex++;
	}
	return copy_of(b, len);
}

static __be32 ip(u8 a, u8 b, u8 c, u8 d)
{
	return htonl((u32)a << 24 | b << 16 | c << 8 | d);
}

static struct ip_vs_sync_record record4(u8 proto, u16 cport, u16 vport,
					u16 dport)
{
	return (struct ip_vs_sync_record) {
		.caddr.ip = ip(10, 1, 0, 5),
		.vaddr.ip = ip(10, 9, 0, 1),
		.daddr.ip = ip(10, 2, 0, 1),
		.cport = htons(cport),
		.vport = htons(vport),
		.dport = htons(dport),
		.af = AF_INET,
		.proto = proto,
	};
}

static struct ip_vs_sync_record sip_template(void)
{
	struct ip_vs_sync_record rec = record4(IPPROTO_UDP, 0, 5060, 5060);

	rec.flags = IP_VS_CONN_F_TEMPLATE | IP_VS_CONN_F_INACTIVE;
	rec.timeout = 60;
	rec.pe_data = (const u8 *)"abcde@h1";
	rec.pe_data_len = 8;
	rec.pe_name = (const u8 *)"sip";
	rec.pe_name_len = 3;
	return rec;
}

static const char captured1[] =
	"00 07 00eb 05 01 0000 "
	"00 06 0024 00000000 0001 7531 0050 0050 00000000 00000384 "
	"0a010005 0a090001 0a020001 "
	"00 11 0033 00001100 0000 0000 13c4 13c4 00000000 0000003c "
	"0a010005 0a090001 0a020001 02 08 6162636465406831 03 03 736970 00 "
	"00 11 0033 00001100 0000 0000 13c4 13c4 00000000 0000003c "
	"0a010005 0a090001 0a020001 02 08 6162636465406831 03 03 736970 00 "
	"00 11 0024 00000100 0000 13c5 13c4 13c4 00000000 0000012c "
	"0a010005 0a090001 0a020001 "
	"00 11 0033 00001100 0000 0000 13c4 13c4 00000000 0000003c "
	"0a010005 0a090001 0a020001 02 08 6162636465406831 03 03 736970";

static const char captured6[] =
	"00 07 0050 01 01 0000 "
	"01 06 0048 00000000 0001 7534 0050 0050 00000000 00000384 "
	"fd010000000000000000000000000005 fd090000000000000000000000000001 "
	"fd020000000000000000000000000001";

static const char captured0[] =
	"03 07 004c "
	"00 06 7532 0050 0050 0a010005 0a090001 0a020001 0000 0001 "
	"00 06 7535 0051 0050 0a010005 0a090001 0a020001 0000 0001 "
	"00 06 0000 0051 0050 0a010005 0a090001 0a020001 1100 0001";

static size_t records_captured1(struct ip_vs_sync_record *rec)
{
	rec[0] = record4(IPPROTO_TCP, 30001, 80, 80);
	rec[0].state = 1;
	rec[0].timeout = 900;
	rec[1] = sip_template();
	rec[2] = sip_template();
	rec[3] = record4(IPPROTO_UDP, 5061, 5060, 5060);
	rec[3].flags = IP_VS_CONN_F_INACTIVE;
	rec[3].timeout = 300;
	rec[4] = sip_template();
	return 5;
}

static size_t records_captured6(struct ip_vs_sync_record *rec)
{
	*rec = (struct ip_vs_sync_record) {
		.caddr.ip6 = { htonl(0xfd010000), 0, 0, htonl(5) },
		.vaddr.ip6 = { htonl(0xfd090000), 0, 0, htonl(1) },
		.daddr.ip6 = { htonl(0xfd020000), 0, 0, htonl(1) },
		.cport = htons(30004),
		.vport = htons(80),
		.dport = htons(80),
		.af = AF_INET6,
		.proto = IPPROTO_TCP,
		.state = 1,
		.timeout = 900,
	};
	return 1;
}

static size_t records_captured0(struct ip_vs_sync_record *rec)
{
	rec[0] = record4(IPPROTO_TCP, 30002, 80, 80);
	rec[0].state = 1;
	rec[1] = record4(IPPROTO_TCP, 30005, 81, 80);
	rec[1].state = 1;
	rec[2] = record4(IPPROTO_TCP, 0, 81, 80);
	rec[2].flags = IP_VS_CONN_F_TEMPLATE | IP_VS_CONN_F_INACTIVE;
	rec[2].state = 1;
	return 3;
}

static const struct {
	u8 version;
	const char *hex;
	size_t (*records)(struct ip_vs_sync_record *rec);
} captures[] = {
	{ 1, captured1, records_captured1 },
	{ 1, captured6, records_captured6 },
	{ 0, captured0, records_captured0 },
};

static bool same_bytes(const u8 *a, const u8 *b, u8 len)
{
	return !len || !memcmp(a, b, len);
}

static bool same_record(const struct ip_vs_sync_record *a,
			const struct ip_vs_sync_record *b)
{
	return !memcmp(&a->caddr, &b->caddr, sizeof(a->caddr)) &&
	       !memcmp(&a->vaddr, &b->vaddr, sizeof(a->vaddr)) &&
	       !memcmp(&a->daddr, &b->daddr, sizeof(a->daddr)) &&
	       a->cport == b->cport && a->vport == b->vport &&
	       a->dport == b->dport && a->af == b->af &&
	       a->proto == b->proto && a->state == b->state &&
	       a->flags == b->flags && a->fwmark == b->fwmark &&
	       a->timeout == b->timeout && a->has_seq == b->has_seq &&
	       !memcmp(a->seq, b->seq, sizeof(a->seq)) &&
	       a->pe_data_len == b->pe_data_len &&
	       a->pe_name_len == b->pe_name_len &&
	       same_bytes(a->pe_data, b->pe_data, a->pe_data_len) &&
	       same_bytes(a->pe_name, b->pe_name, a->pe_name_len);
}

static void encode_captured(void)
{
	struct ip_vs_sync_record rec[8];
	struct ip_vs_wire_writer w;
	u8 buf[MESSAGE_MAX];
	struct message m;
	size_t i, j, n;

	for (i = 0; i < ARRAY_SIZE(captures); i++) {
		m = from_hex(captures[i].hex);
		n = captures[i].records(rec);
		memset(buf, 0xa5, sizeof(buf));
		ip_vs_wire_begin(&w, buf, sizeof(buf), captures[i].version, 7);
		for (j = 0; j < n; j++)
			CHECK(ip_vs_wire_add(&w, &rec[j]), "record %zu", j);
		ip_vs_wire_finish(&w);
		CHECK(w.len == m.len, "capture %zu: %zu bytes", i, w.len);
		CHECK(!memcmp(buf, m.b, m.len), "capture %zu", i);
		free(m.b);
	}
}

static void decode_captured(void)
{
	struct ip_vs_sync_record rec[8], got;
	struct ip_vs_wire_reader r;
	struct message m;
	size_t i, j, n;

	for (i = 0; i < ARRAY_SIZE(captures); i++) {
		m = from_hex(captures[i].hex);
		n = captures[i].records(rec);
		CHECK(ip_vs_wire_open(&r, m.b, m.len, 7), "capture %zu", i);
		for (j = 0; j < n; j++) {
			CHECK(ip_vs_wire_next(&r, &got) == IP_VS_WIRE_RECORD,
			      "capture %zu, record %zu: %s", i, j, r.fault);
			CHECK(same_record(&got, &rec[j]),
			      "capture %zu, record %zu", i, j);
		}
		CHECK(ip_vs_wire_next(&r, &got) == IP_VS_WIRE_END, "the end");
		free(m.b);
	}
}

static void sync_ids(void)
{
	struct message m = from_hex(captured6);
	struct ip_vs_wire_reader r;

	CHECK(ip_vs_wire_open(&r, m.b, m.len, 0), "0 hears all");
	CHECK(ip_vs_wire_open(&r, m.b, m.len, 7), "its own");
	CHECK(!ip_vs_wire_open(&r, m.b, m.len, 8), "another");
	CHECK(!ip_vs_wire_open(&r, m.b, m.len, 256 + 7), "more than a byte");
	free(m.b);
}

static void cut_anywhere(void)
{
	struct message whole = from_hex(captured1), m;
	struct ip_vs_wire_reader r;
	size_t len;

	for (len = 0; len < whole.len; len++) {
		m = copy_of(whole.b, len);
		CHECK(!ip_vs_wire_open(&r, m.b, m.len, 0), "at %zu", len);
		free(m.b);
	}
	free(whole.b);
}

/* One IPv4 record of version 1 with options, and one IPv4 record after it; @hex
 * from the type on, the message's header and length are made here.
 */
static struct message with_header(const char *hex, u8 count)
{
	struct message body = from_hex(hex), m;
	u8 b[MESSAGE_MAX] = { 0, 7, 0, 0, count, 1, 0, 0 };

	memcpy(b + 8, body.b, body.len);
	b[2] = (body.len + 8) >> 8;
	b[3] = body.len + 8;
	m = copy_of(b, body.len + 8);
	free(body.b);
	return m;
}

#define REST " 00000000 0001 7531 0050 0050 00000000 00000384 " \
	     "0a010005 0a090001 0a020001 "
#define GOOD "00 06 0024" REST
#define SEQ "0101010101010101010101010101010101010101010101 01"

static const struct {
	const char *what, *hex;
	u8 count;
	const char *results;	/* R record, S skip, F fault; then the end */
	const char *fault;
} rows[] = {
	{ "no record", "", 0, "" },
	{ "one", GOOD, 1, "R" },
	{ "two", GOOD GOOD, 2, "RR" },
	{ "more bytes than records", GOOD GOOD, 1, "R" },
	{ "fewer bytes than records", GOOD, 2, "RF",
	  "BACKUP, Dropping buffer, too small" },
	{ "a record cut in its fixed part", GOOD "00 06 0024 0000", 2, "RF",
	  "BACKUP, Dropping buffer, too small" },
	{ "longer than the message", "00 06 0025" REST, 1, "F",
	  "BACKUP, Dropping buffer, msg > buffer" },
	{ "padding beyond the end", "00 06 0027" REST "44 01 ff", 2, "RF",
	  "BACKUP, Dropping buffer, too small" },
	{ "version of the record", GOOD "00 06 1024" REST, 2, "RF",
	  "BACKUP, Dropping buffer, Unknown version 1" },
	{ "another", "00 06 f024" REST, 1, "F",
	  "BACKUP, Dropping buffer, Unknown version 15" },
	{ "type", "02 06 0024" REST, 1, "F",
	  "BACKUP, Dropping buffer, Err: -10 in decoding" },
	{ "IPv6 that is too short", "03 06 0024" REST, 1, "F",
	  "BACKUP, Dropping buffer, Err: -20 in decoding" },
	{ "IPv4 that is too short", "00 06 0023" REST, 1, "F",
	  "BACKUP, Dropping buffer, Err: -20 in decoding" },
	{ "length 0", "00 06 0000" REST, 1, "F",
	  "BACKUP, Dropping buffer, Err: -20 in decoding" },
	{ "half an option", "00 06 0025" REST "02", 1, "F",
	  "BACKUP, Dropping buffer, Err: -30 in decoding" },
	{ "an empty option", "00 06 0026" REST "02 00", 1, "F",
	  "BACKUP, Dropping buffer, Err: -40 in decoding" },
	{ "an option beyond the record", "00 06 0026" REST "02 01 41 00", 1,
	  "F", "BACKUP, Dropping buffer, Err: -40 in decoding" },
	{ "sequence data", "00 06 003e" REST "01 18" SEQ "0000" GOOD, 2, "RR" },
	{ "sequence data of another length", "00 06 0027" REST "01 01 00", 1,
	  "F", "BACKUP, Dropping buffer, Err: -50 in decoding" },
	{ "sequence data twice", "00 06 0058" REST "01 18" SEQ "01 18" SEQ, 1,
	  "F", "BACKUP, Dropping buffer, Err: -50 in decoding" },
	{ "engine data twice", "00 06 002a" REST "02 01 41 02 01 41", 1, "F",
	  "BACKUP, Dropping buffer, Err: -60 in decoding" },
	{ "a name too long",
	  "00 06 0037" REST "03 11 4141414141414141414141414141414141", 1, "F",
	  "BACKUP, Dropping buffer, Err: -70 in decoding" },
	{ "a name twice", "00 06 002a" REST "03 01 41 03 01 41", 1, "F",
	  "BACKUP, Dropping buffer, Err: -70 in decoding" },
	{ "the name first", "00 06 002a" REST "03 01 41 02 01 41", 1, "R" },
	{ "an unknown option", "00 06 0027" REST "04 01 41 00" GOOD, 2, "SR" },
	{ "one to be passed over", "00 06 0027" REST "44 01 41 00" GOOD, 2,
	  "RR" },
	{ "a known one marked so", "00 06 0027" REST "42 01 41 00" GOOD, 2,
	  "RR" },
	{ "a known one marked so, wrong", "00 06 0027" REST "41 01 41 00", 1,
	  "F", "BACKUP, Dropping buffer, Err: -50 in decoding" },
};

static void faults(void)
{
	static const char letters[] = "eRSF";
	struct ip_vs_sync_record rec;
	struct ip_vs_wire_reader r;
	char results[8] = "";
	struct message m;
	enum ip_vs_wire found;
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		m = with_header(rows[i].hex, rows[i].count);
		CHECK(ip_vs_wire_open(&r, m.b, m.len, 0), "%s", rows[i].what);
		for (n = 0; n < 7; n++) {
			found = ip_vs_wire_next(&r, &rec);
			if (found == IP_VS_WIRE_END)
				break;
			results[n] = letters[found];
		}
		results[n] = 0;
		CHECK(!strcmp(results, rows[i].results), "%s: %s, not %s: %s",
		      rows[i].what, results, rows[i].results, r.fault);
		CHECK(!strcmp(r.fault, rows[i].fault ?: ""), "%s: \"%s\"",
		      rows[i].what, r.fault);
		free(m.b);
	}
}

#define V0 "00 06 7532 0050 0050 0a010005 0a090001 0a020001 "

static void faults0(void)
{
	struct ip_vs_sync_record rec;
	struct ip_vs_wire_reader r;
	struct message m;

	m = from_hex("02 07 001c" V0 "0000 0001");
	CHECK(ip_vs_wire_open(&r, m.b, m.len, 0) && !r.version, "version 0");
	CHECK(ip_vs_wire_next(&r, &rec) == IP_VS_WIRE_RECORD, "the first");
	CHECK(ip_vs_wire_next(&r, &rec) == IP_VS_WIRE_FAULT &&
	      !strcmp(r.fault, "BACKUP v0, bogus conn"), "%s", r.fault);
	free(m.b);

	m = from_hex("01 07 001c" V0 "0200 0001");
	CHECK(ip_vs_wire_open(&r, m.b, m.len, 0), "opened");
	CHECK(ip_vs_wire_next(&r, &rec) == IP_VS_WIRE_FAULT &&
	      !strcmp(r.fault,
		      "BACKUP v0, Dropping buffer bogus conn options"),
	      "%s", r.fault);
	free(m.b);

	m = from_hex("02 07 004c" V0 "0400 0001" SEQ V0 "0000 0007");
	CHECK(ip_vs_wire_open(&r, m.b, m.len, 0), "opened");
	CHECK(ip_vs_wire_next(&r, &rec) == IP_VS_WIRE_RECORD, "with sequences");
	CHECK(ip_vs_wire_next(&r, &rec) == IP_VS_WIRE_RECORD &&
	      rec.state == 7, "state %u", rec.state);
	free(m.b);

	/* Too short to have a version: none of what lies behind is looked at. */
	m = from_hex("00 07 0005 00");
	CHECK(ip_vs_wire_open(&r, m.b, m.len, 0) && !r.version, "5 bytes");
	CHECK(ip_vs_wire_next(&r, &rec) == IP_VS_WIRE_END, "no records");
	free(m.b);
}

static struct ip_vs_sync_record random_record(u8 version)
{
	static const u8 data[255];
	struct ip_vs_sync_record rec = {};
	size_t len;
	int i;

	rec.af = version && check_random() % 2 ? AF_INET6 : AF_INET;
	len = rec.af == AF_INET6 ? 16 : 4;
	check_random_bytes(&rec.caddr, len);
	check_random_bytes(&rec.vaddr, len);
	check_random_bytes(&rec.daddr, len);
	check_random_bytes(&rec.cport, 2);
	check_random_bytes(&rec.vport, 2);
	check_random_bytes(&rec.dport, 2);
	rec.proto = check_random();
	rec.state = check_random();
	rec.flags = check_random() & ~IP_VS_CONN_F_SEQ_MASK;
	rec.has_seq = !(check_random() % 3);
	for (i = 0; i < 2 && rec.has_seq; i++)
		rec.seq[i] = (struct ip_vs_seq) {
			.init_seq = check_random(),
			.delta = check_random(),
			.previous_delta = check_random(),
		};
	if (rec.has_seq)
		rec.flags |= IP_VS_CONN_F_OUT_SEQ;
	if (!version) {
		rec.flags &= 0xffff;
		return rec;
	}
	rec.fwmark = check_random();
	rec.timeout = check_random();
	rec.pe_data = data;
	rec.pe_data_len = check_random() % 3 ? 0 : check_random();
	rec.pe_name = data;
	rec.pe_name_len = check_random() % 17;
	return rec;
}

/* The client's set first, then the server's, as in-tree writes them. */
static void sequence_numbers(void)
{
	static const u8 tail[] = {
		1, 24, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3,
		0x80, 0, 0, 4, 0xff, 0xff, 0xff, 0xfe, 0, 0, 0, 6,
	};
	struct ip_vs_sync_record rec = {
		.af = AF_INET,
		.flags = IP_VS_CONN_F_OUT_SEQ,
		.has_seq = true,
		.seq = {
			{ .init_seq = 1, .delta = 2, .previous_delta = 3 },
			{ .init_seq = 0x80000004, .delta = -2,
			  .previous_delta = 6 },
		},
	};
	struct ip_vs_wire_writer w;
	u8 buf[128];

	ip_vs_wire_begin(&w, buf, sizeof(buf), 1, 9);
	CHECK(ip_vs_wire_add(&w, &rec), "room");
	CHECK(w.len == 8 + 36 + sizeof(tail), "%zu", w.len);
	CHECK(!memcmp(buf + w.len - sizeof(tail), tail, sizeof(tail)),
	      "another layout");
}

/* As many as fit, whatever the room. */
static void there_and_back(void)
{
	struct ip_vs_sync_record rec[300], got;
	struct ip_vs_wire_writer w;
	struct ip_vs_wire_reader r;
	unsigned int round, i, n;
	size_t room;
	u8 version;
	u8 *buf;

	for (round = 0; round < 3000; round++) {
		version = check_random() % 2;
		room = 8 + check_random() % 1500;
		buf = malloc(room);
		ip_vs_wire_begin(&w, buf, room, version, 9);
		for (n = 0; n < 300; n++) {
			rec[n] = random_record(version);
			if (!ip_vs_wire_add(&w, &rec[n]))
				break;
		}
		ip_vs_wire_finish(&w);
		CHECK(w.len <= room && w.count == n, "room");
		CHECK(ip_vs_wire_open(&r, buf, w.len, 9), "open");
		/* A message of version 0 without records is not told from one
		 * of version 1 by anything but its length.
		 */
		for (i = 0; i < n; i++)
			CHECK(ip_vs_wire_next(&r, &got) == IP_VS_WIRE_RECORD &&
			      same_record(&got, &rec[i]), "record %u", i);
		CHECK(ip_vs_wire_next(&r, &got) == IP_VS_WIRE_END, "the end");
		free(buf);
	}
}

static void room_for_one(void)
{
	struct ip_vs_sync_record rec = sip_template();
	struct ip_vs_wire_writer w;
	u8 buf[MESSAGE_MAX];

	ip_vs_wire_begin(&w, buf, ip_vs_wire_least(1, &rec), 1, 0);
	CHECK(ip_vs_wire_add(&w, &rec), "the first fits");
	CHECK(!ip_vs_wire_add(&w, &rec), "the second does not");
	CHECK(w.len == 59 && w.count == 1, "%zu bytes", w.len);
}

static void count_in_a_byte(void)
{
	struct ip_vs_sync_record rec = record4(IPPROTO_TCP, 1, 2, 3);
	struct ip_vs_wire_writer w;
	u8 *buf = malloc(IP_VS_WIRE_MAX);
	unsigned int n = 0;

	ip_vs_wire_begin(&w, buf, IP_VS_WIRE_MAX, 1, 0);
	while (ip_vs_wire_add(&w, &rec))
		n++;
	CHECK(n == 255, "%u records", n);
	free(buf);
}

/* Whatever arrives: it ends, within the message, after at most 255 records. */
static void anything(void)
{
	struct message seed[ARRAY_SIZE(captures)], m;
	struct ip_vs_sync_record rec;
	struct ip_vs_wire_reader r;
	unsigned int round, i, n;

	for (i = 0; i < ARRAY_SIZE(captures); i++)
		seed[i] = from_hex(captures[i].hex);
	for (round = 0; round < FUZZ_ROUNDS; round++) {
		i = check_random() % ARRAY_SIZE(captures);
		m = copy_of(seed[i].b, check_random() % (seed[i].len + 1));
		for (n = check_random() % 6; n && m.len; n--)
			m.b[check_random() % m.len] = check_random();
		if (m.len >= 4) {
			m.b[2] = m.len >> 8;
			m.b[3] = m.len;
		}
		if (ip_vs_wire_open(&r, m.b, m.len, 0))
			for (n = 0; ip_vs_wire_next(&r, &rec); n++)
				CHECK(n < 255, "does not end");
		free(m.b);
	}
	for (i = 0; i < ARRAY_SIZE(captures); i++)
		free(seed[i].b);
}

const struct test wire_tests[] = {
	{ "wire: encode what was captured", encode_captured },
	{ "wire: decode what was captured", decode_captured },
	{ "wire: sync ids", sync_ids },
	{ "wire: a message cut anywhere", cut_anywhere },
	{ "wire: every check, version 1", faults },
	{ "wire: every check, version 0", faults0 },
	{ "wire: there and back", there_and_back },
	{ "wire: sequence numbers", sequence_numbers },
	{ "wire: room for one record", room_for_one },
	{ "wire: no more records than a byte counts", count_in_a_byte },
	{ "wire: any bytes", anything },
	{ }
};
