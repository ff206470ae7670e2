// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines over segments, and what the client is sent.
 */
#include "ftp_tests.h"
#include "relay.h"

#define ISN 0xffffff80

struct dialogue {
	u16 af;
	const char *asked;	/* by the client */
	const char *sent;	/* by the server */
	const char *got;	/* by the client, if sent in one segment */
	const char *split;	/* if split inside the place; NULL: as @got */
	const char *found;
};

static const struct dialogue dialogues[] = {
	{ AF_INET, "PASV\r\n",
	  "227 Entering Passive Mode (10,2,0,2,224,79).\r\n",
	  "227 Entering Passive Mode (10,9,0,100,224,79).\r\n", NULL,
	  "pasv 10.2.0.2:57423 " },
	{ AF_INET, "PASV\r\n",
	  "227 Entering Passive Mode (192,168,200,200,224,79).\r\n",
	  "227 Entering Passive Mode (10,9,0,100,224,79).\r\n", NULL,
	  "pasv 192.168.200.200:57423 " },
	{ AF_INET, "pasv\r\n", "227 =10,2,0,1,182,105\r\n",
	  "227 =10,9,0,100,182,105\r\n", NULL, "pasv 10.2.0.1:46697 " },
	{ AF_INET, "PASV\r\n", "227 =10,2,0,1,0182,\r\n",
	  "227 =10,9,0,100,182,0\r\n", "227 =10,9,0,100,0182,\r\n",
	  "pasv 10.2.0.1:46592 " },
	{ AF_INET, "PASV\r\n", "200-x\r\n227 =10,2,0,1,182,105\r\n",
	  "200-x\r\n227 =10,2,0,1,182,105\r\n", NULL, "" },
	{ AF_INET, "PASV\r\n",
	  "211-x\r\n227 =9,9,9,9,9,9\r\n211 \r\n227 =10,2,0,1,182,105\r\n",
	  "211-x\r\n227 =9,9,9,9,9,9\r\n211 \r\n227 =10,9,0,100,182,105\r\n",
	  NULL, "pasv 10.2.0.1:46697 " },
	{ AF_INET, "NOOP\r\nPASV\r\n", "200 ok\r\n227 =10,2,0,1,182,105\r\n",
	  "200 ok\r\n227 =10,9,0,100,182,105\r\n", NULL,
	  "pasv 10.2.0.1:46697 " },
	{ AF_INET, "PASV\r\n", "229 x (|||35239|)\r\n",
	  "229 x (|||35239|)\r\n", NULL, "" },
	{ AF_INET, "NOOP\r\n", "227 =10,2,0,1,182,105\r\n",
	  "227 =10,2,0,1,182,105\r\n", NULL, "" },
	{ AF_INET, "EPSV\r\n", "229 x (|||35239|)\r\n",
	  "229 x (|||35239|)\r\n", NULL, "epsv -:35239 " },
	{ AF_INET, "EPSV 1\r\n", "229 x (!!!53357!)\r\n",
	  "229 x (|||53357|)\r\n", "229 x (!!!53357!)\r\n", "epsv -:53357 " },
	{ AF_INET, "EPSV\r\n", "229 x (|1|10.2.0.7|59779|)\r\n",
	  "229 x (|||59779|)\r\n", NULL, "epsv 10.2.0.7:59779 " },
	{ AF_INET6, "EPSV 2\r\n", "229 x (|2|fd02::7|59779|)\r\n",
	  "229 x (|||59779|)\r\n", NULL, "epsv fd02::7:59779 " },
	{ AF_INET, "EPSV\r\n", "229 x (|||0|)\r\n", "229 x (|||0|)\r\n", NULL,
	  "" },
	{ AF_INET, "EPSV\r\nPASV\r\n",
	  "500 no\r\n227 =10,2,0,1,182,105\r\n",
	  "500 no\r\n227 =10,9,0,100,182,105\r\n", NULL,
	  "pasv 10.2.0.1:46697 " },
};

/* What a segment has in it lies in memory of its length. */
static u32 server_sends(struct relay *r, u32 from, u32 to, const char *text)
{
	u8 *copy = malloc(to - from);
	u32 sent;

	memcpy(copy, text + from, to - from);
	sent = relay_server(r, ISN + from, copy, to - from);
	free(copy);
	return from + sent;
}

static bool client_has(const struct relay *r, const char *want)
{
	u32 len = strlen(want);

	return !r->torn && !memcmp(r->got, want, len) && !r->there[len];
}

static void start(struct relay *r, const struct dialogue *d)
{
	relay_begin(r, d->af, ISN);
	relay_client(r, 5000, d->asked, strlen(d->asked));
}

static void check_got(const struct relay *r, const struct dialogue *d,
		      bool split, const char *how, u32 a, u32 b)
{
	bool right = client_has(r, d->got) ||
		     (split && d->split && client_has(r, d->split));

	CHECK(right, "%s%s %u %u: %s", d->sent, how, a, b,
	      (const char *)r->got);
	CHECK(!strcmp(r->found, d->found), "%s%s %u %u: found %s", d->sent,
	      how, a, b, r->found);
}

/* In one segment, which is sent again and again. */
static void replies_in_one_segment(void)
{
	static struct relay r;
	size_t i;
	u32 len;

	for (i = 0; i < ARRAY_SIZE(dialogues); i++) {
		len = strlen(dialogues[i].sent);
		start(&r, &dialogues[i]);
		CHECK(server_sends(&r, 0, len, dialogues[i].sent) == len);
		check_got(&r, &dialogues[i], false, "once", 0, 0);
		server_sends(&r, 0, len, dialogues[i].sent);
		check_got(&r, &dialogues[i], false, "twice", 0, 0);
		relay_end(&r);
	}
}

/* Does a segment that begins here begin with the text of a longer reply?  It is
 * taken at its word.
 */
static bool in_long_reply(const struct dialogue *d, u32 at)
{
	return d->sent[3] == '-' && strstr(d->sent, "227") == d->sent + at;
}

/* Split in two places, each byte sent again in other segments. */
static void replies_in_three_segments(void)
{
	static struct relay r;
	const struct dialogue *d;
	u32 len, a, b, c;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(dialogues); i++) {
		d = &dialogues[i];
		len = strlen(d->sent);
		for (a = 1; a < len - 1; a++)
			for (b = a + 1; b < len; b++) {
				if (in_long_reply(d, a) || in_long_reply(d, b))
					continue;
				start(&r, d);
				server_sends(&r, 0, a, d->sent);
				server_sends(&r, a, b, d->sent);
				server_sends(&r, b, len, d->sent);
				check_got(&r, d, true, "thrice", a, b);
				c = check_random() % (len - 1);
				server_sends(&r, c, len, d->sent);
				server_sends(&r, 0, c + 1, d->sent);
				check_got(&r, d, true, "again", a, b);
				relay_end(&r);
			}
	}
}

/* The rest of a line is lost, and the whole line sent again. */
static void replies_repeated_from_their_beginning(void)
{
	static struct relay r;
	const struct dialogue *d;
	size_t i;
	u32 len, a;

	for (i = 0; i < ARRAY_SIZE(dialogues); i++) {
		d = &dialogues[i];
		len = strlen(d->sent);
		for (a = 1; a < len; a++) {
			start(&r, d);
			server_sends(&r, 0, a, d->sent);
			server_sends(&r, 0, len, d->sent);
			check_got(&r, d, true, "from the beginning", a, 0);
			relay_end(&r);
		}
	}
}

static void two_replies_of_one_segment(void)
{
	static const char text[] = "227 =10,2,0,1,182,105\r\n"
				   "227 =10,2,0,1,182,106\r\n";
	static struct relay r;
	u32 len = sizeof(text) - 1, sent;

	relay_begin(&r, AF_INET, ISN);
	relay_client(&r, 5000, "PASV\r\n", 6);
	sent = server_sends(&r, 0, len, text);
	/* Only one has been asked for. */
	CHECK(sent == len);
	CHECK_TEXT(r.found, "pasv 10.2.0.1:46697 ");
	relay_end(&r);

	relay_begin(&r, AF_INET, ISN);
	relay_client(&r, 5000, "PASV\r\nEPSV\r\n", 12);
	sent = server_sends(&r, 0, 23 + 28, "227 =10,2,0,1,182,105\r\n"
				    "229 x (|1|10.2.0.1|59779|)\r\n");
	CHECK(sent == 23, "%u", sent);
	server_sends(&r, 0, 23, text);
	server_sends(&r, 23, 23 + 28, "227 =10,2,0,1,182,105\r\n"
			      "229 x (|1|10.2.0.1|59779|)\r\n");
	CHECK(client_has(&r, "227 =10,9,0,100,182,105\r\n"
			     "229 x (|||59779|)\r\n"), "%s", r.got);
	CHECK_TEXT(r.found, "pasv 10.2.0.1:46697 epsv 10.2.0.1:59779 ");
	relay_end(&r);
}

struct asked {
	const char *text;
	const char *found;
	u8 wants;
};

static const struct asked asked[] = {
	{ "PORT 10,1,0,5,181,97\r\n", "port 10.1.0.5:46433 ", 0 },
	{ "EPRT |1|10.1.0.5|46433|\r\n", "port 10.1.0.5:46433 ", 0 },
	{ "PASV\r\n", "", FTP_WANTS_PASV },
	{ "EPSV\r\n", "", FTP_WANTS_EPSV },
	{ "EPSV 1\r\n", "", FTP_WANTS_EPSV },
	{ "EPSV ALL\r\n", "", 0 },
	{ "TYPE I\r\nPORT 10,1,0,5,181,97\r\nRETR x\r\n",
	  "port 10.1.0.5:46433 ", 0 },
	{ "PORT 10,1,0,5,181,97\r\nPORT 10,1,0,5,181,98\r\n",
	  "port 10.1.0.5:46433 port 10.1.0.5:46434 ", 0 },
	{ "NOOP\r\nEPSV\r\nPASV\r\n", "", FTP_WANTS_PASV | FTP_WANTS_EPSV },
	{ "STOR PORT 10,1,0,5,181,97\r\n", "", 0 },
};

static void commands_in_three_segments(void)
{
	static struct relay r;
	u32 len, a, b;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(asked); i++) {
		len = strlen(asked[i].text);
		for (a = 1; a < len - 1; a++)
			for (b = a + 1; b < len; b++) {
				relay_begin(&r, AF_INET, ISN);
				relay_client(&r, ISN, asked[i].text, a);
				relay_client(&r, ISN + a, asked[i].text + a,
					     b - a);
				relay_client(&r, ISN + b, asked[i].text + b,
					     len - b);
				CHECK(!strcmp(r.found, asked[i].found),
				      "%s %u %u: %s", asked[i].text, a, b,
				      r.found);
				CHECK(r.ctl.wants == asked[i].wants,
				      "%s %u %u: %u", asked[i].text, a, b,
				      r.ctl.wants);
				relay_end(&r);
			}
	}
}

/* A line without end costs FTP_LINE_MAX bytes, and the next one is read. */
static void long_lines_are_given_up(void)
{
	static struct relay r;
	u32 i;

	relay_begin(&r, AF_INET, ISN);
	relay_client(&r, ISN, "PORT ", 5);
	for (i = 0; i < 10000; i++) {
		relay_client(&r, ISN + 5 + i, " ", 1);
		CHECK(r.ctl.client.len < FTP_LINE_MAX);
	}
	CHECK(r.ctl.client.skip);
	relay_client(&r, ISN + 5 + i, "10,1,0,5,181,97\r\n", 17);
	CHECK_TEXT(r.found, "");
	relay_client(&r, ISN + 22 + i, "PORT 10,1,0,5,181,97\r\n", 22);
	CHECK_TEXT(r.found, "port 10.1.0.5:46433 ");
	relay_end(&r);
}

/* What is behind a gap begins a line, and an overtaken reply passes. */
static void gaps_are_no_end(void)
{
	static const char reply[] = "227 =10,2,0,1,182,105\r\n";
	static struct relay r;

	relay_begin(&r, AF_INET, ISN);
	relay_client(&r, ISN, "PA", 2);
	relay_client(&r, ISN + 100, "PASV\r\n", 6);
	CHECK(r.ctl.wants == FTP_WANTS_PASV);
	server_sends(&r, 0, 3, "220");
	relay_server(&r, ISN + 100, reply, 23);
	CHECK_TEXT(r.found, "pasv 10.2.0.1:46697 ");
	relay_client(&r, ISN + 106, "PASV\r\n", 6);
	relay_server(&r, ISN + 40, reply, 23);
	CHECK_TEXT(r.found, "pasv 10.2.0.1:46697 ");
	CHECK(!r.torn);
	relay_end(&r);
}

const struct test control_tests[] = {
	{ "replies in one segment", replies_in_one_segment },
	{ "replies in three segments", replies_in_three_segments },
	{ "replies repeated from their beginning",
	  replies_repeated_from_their_beginning },
	{ "two replies of one segment", two_replies_of_one_segment },
	{ "commands in three segments", commands_in_three_segments },
	{ "long lines are given up", long_lines_are_given_up },
	{ "gaps are no end", gaps_are_no_end },
	{}
};
