// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rates and lines of the live view
 */
#include "print/watch_rows.h"
#include "print/watch_lines.h"
#include "cli_tests.h"

#include <arpa/inet.h>
#include <string.h>

static struct request req = { .given = 1 << OPT_NUMERIC };
static struct service svc;
static struct dest dst;

static void reset(void)
{
	service_init(&svc);
	svc.protocol = IPPROTO_TCP;
	svc.vip.port = 80;
	inet_pton(AF_INET, "192.0.2.10", &svc.vip.addr);
	strcpy(svc.sched, "wrr");
	dest_init(&dst);
	dst.rip.port = 80;
	inet_pton(AF_INET, "10.8.0.2", &dst.rip.addr);
}

static void look(struct rows *rows, bool with_dest, uint64_t now_ms)
{
	struct table table = { 0 };
	struct svc_entry *entry = table_add(&table, &svc, 0);

	CHECK(entry);
	if (with_dest)
		CHECK(!entry_add(entry, &dst, 0));
	CHECK(!watch_rows_look(rows, &table, now_ms));
	table_free(&table);
}

static void test_rates(void)
{
	struct rows rows = { 0 };
	const struct row *row;

	reset();
	dst.stats.v[CNT_CONNS] = 100;
	dst.stats.v[CNT_CPS] = 7;
	look(&rows, true, 5000);
	CHECK(rows.list.len == 2);
	row = rows.list.item[1];
	CHECK(row->is_server && row->rate[CNT_CONNS] == 7);
	dst.stats.v[CNT_CONNS] = 130;
	look(&rows, true, 7000);
	row = rows.list.item[1];
	CHECK(row->rate[CNT_CONNS] == 15 && row->looks == 2);
	CHECK(row->history[0] == 7 && row->history[1] == 15);
	/* Zeroed meanwhile. */
	dst.stats.v[CNT_CONNS] = 1;
	look(&rows, true, 8000);
	row = rows.list.item[1];
	CHECK(row->rate[CNT_CONNS] == 0);
	/* Two looks at the same moment: nothing to divide by. */
	look(&rows, true, 8000);
	look(&rows, false, 9000);
	CHECK(rows.list.len == 1);
	/* One that comes back is new. */
	look(&rows, true, 10000);
	row = rows.list.item[1];
	CHECK(row->looks == 1);
	for (unsigned int i = 0; i < 2 * ROW_HISTORY; i++)
		look(&rows, true, 11000 + i * 1000);
	row = rows.list.item[1];
	CHECK(row->looks == ROW_HISTORY);
	watch_rows_free(&rows);
}

/* A table that was torn while it was read names a service and a server twice. */
static void test_twice(void)
{
	struct table table = { 0 };
	struct rows rows = { 0 };

	reset();
	for (int i = 0; i < 2; i++) {
		struct svc_entry *entry = table_add(&table, &svc, 0);

		CHECK(entry);
		CHECK(!entry_add(entry, &dst, 0));
		CHECK(!entry_add(entry, &dst, 0));
	}
	CHECK(!watch_rows_look(&rows, &table, 1000));
	CHECK(rows.list.len == 2);
	table_free(&table);
	/* Then it goes: each row is freed once. */
	CHECK(!watch_rows_look(&rows, &table, 2000));
	CHECK(!rows.list.len);
	watch_rows_free(&rows);
}

static const char *scaled(uint64_t n)
{
	static char text[8];

	watch_lines_scaled(n, text);
	return text;
}

static void test_scaled(void)
{
	CHECK_TEXT(scaled(0), "0");
	CHECK_TEXT(scaled(999999), "999999");
	CHECK_TEXT(scaled(1000000), "1000K");
	CHECK_TEXT(scaled(99999999), "99999K");
	CHECK_TEXT(scaled(100000000), "100M");
	CHECK_TEXT(scaled(UINT64_MAX), "18446P");
}

static struct row row;

static const char *line(unsigned int width, bool unicode, uint64_t most)
{
	struct row_style style = { &req, width, unicode, 0 };
	static char text[ROW_TEXT];

	watch_lines_fit(&style, &row);
	watch_lines_row(&style, &row, most, text);
	return text;
}

/* Two servers whose addresses differ at the end do not look the same. */
static void test_long_names(void)
{
	char one[ROW_TEXT];

	reset();
	memset(&row, 0, sizeof(row));
	row.svc = svc;
	row.is_server = true;
	row.dst = dst;
	row.dst.rip.af = AF_INET6;
	inet_pton(AF_INET6, "2001:db8:1234:5678:9abc:def0:1234:1", &row.dst.rip.addr);
	strcpy(one, line(80, true, 0));
	CHECK_TEXT(one, "  -> [2001:db8:1234:5678:9abc:def0:1234:1]:80      1      0      0      0      0");
	inet_pton(AF_INET6, "2001:db8:1234:5678:9abc:def0:1234:2", &row.dst.rip.addr);
	CHECK(strcmp(one, line(80, true, 0)));
	CHECK_TEXT(line(46, false, 0),
		   "  -> [2001:db8:1234:5678:9abc:def0:1234:2]:80");
	CHECK_TEXT(line(0, false, 0),
		   "  -> [2001:db8:1234:5678:9abc:def0:1234:2]:80      1      0      0      0      0      0");
}

static void test_lines_of_rows(void)
{
	const struct row_style wide = { &req, 90, false, 0 };
	char text[ROW_TEXT];

	reset();
	memset(&row, 0, sizeof(row));
	row.svc = svc;
	row.rate[CNT_CONNS] = 12;
	row.rate[CNT_INBYTES] = 12345678;
	CHECK_TEXT(line(90, false, 0),
		   "TCP  192.0.2.10:80           wrr                      12 12345K      0");
	row.is_server = true;
	row.dst = dst;
	row.dst.active = 5;
	row.dst.inactive = 1;
	row.history[0] = 0;
	row.history[1] = 4;
	row.history[2] = 8;
	row.looks = 3;
	CHECK_TEXT(line(90, false, 10),
		   "  -> 10.8.0.2:80                  1      5      1     12 12345K      0 =====            :#");
	CHECK_TEXT(line(90, true, 5),
		   "  -> 10.8.0.2:80                  1      5      1     12 12345K      0 \u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588        \u2584\u2588");
	CHECK_TEXT(line(0, false, 5),
		   "  -> 10.8.0.2:80                  1      5      1     12 12345K      0");
	CHECK_TEXT(line(20, true, 5), "  -> 10.8.0.2:80");
	watch_lines_title(&wide, text);
	CHECK_TEXT(text, "Service, server              Weight Active  Inact Conn/s In B/s OutB/s Active    Conn/s be");
	/* Little is not nothing, and the last is as good as the first. */
	row.dst.active = 1;
	for (row.looks = 0; row.looks < ROW_HISTORY; row.looks++)
		row.history[row.looks] = UINT64_MAX / 16;
	line(1000, true, UINT64_MAX / 1000);
}

const struct test watch_rows_tests[] = {
	{ "watch_rows: rates", test_rates },
	{ "watch_rows: a service or server named twice", test_twice },
	{ "watch_rows: numbers are scaled", test_scaled },
	{ "watch_rows: lines of rows", test_lines_of_rows },
	{ "watch_rows: long addresses stay apart", test_long_names },
	{}
};
