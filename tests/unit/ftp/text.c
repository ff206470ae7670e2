// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a line of a control connection says.
 */
#include "ftp/text.h"
#include "ftp_tests.h"

/* What is looked for, in one word. */
static const char *const words[] = {
	[FTP_NOTHING] = "nothing", [FTP_MORE] = "more", [FTP_PASV] = "pasv",
	[FTP_EPSV] = "epsv", [FTP_PORT] = "port",
};

/* "port 10.1.0.5 46433", and for replies where the place is. */
static void describe(char *to, enum ftp_word word, u16 af,
		     const struct ftp_place *place, bool where)
{
	char addr[64] = "-";

	to += sprintf(to, "%s", words[word]);
	if (!place->to || word == FTP_NOTHING || word == FTP_MORE)
		return;
	if (place->has_addr)
		inet_ntop(af, &place->addr, addr, sizeof(addr));
	to += sprintf(to, " %s %u", addr, ntohs(place->port));
	if (where)
		sprintf(to, " %u-%u", place->from, place->to);
}

/* The text lies at the end of its memory: reading on is an error. */
static u8 *exact(const char *text, u32 len)
{
	u8 *copy = malloc(len ?: 1);

	memcpy(copy, text, len);
	return copy;
}

struct line {
	u16 af;
	const char *text;
	const char *want;
};

static const struct line commands[] = {
	{ AF_INET, "PORT 10,1,0,5,181,97\r\n", "port 10.1.0.5 46433" },
	{ AF_INET, "PORT  10,1,0,5,181,97\r\n", "port 10.1.0.5 46433" },
	{ AF_INET, "PORT10,1,0,5,181,97\r\n", "port 10.1.0.5 46433" },
	{ AF_INET, "port 10,1,0,5,181,97\r\n", "port 10.1.0.5 46433" },
	{ AF_INET, "PoRt 10,1,0,5,181,97\n", "port 10.1.0.5 46433" },
	{ AF_INET, "PORT 10,1,,5,181,\r\n", "port 10.1.0.5 46336" },
	{ AF_INET, "PORT 0010,1,0,5,000181,97 x\r\n", "port 10.1.0.5 46433" },
	{ AF_INET, "PORT 10,1,0,256,1,1\r\n", "nothing" },
	{ AF_INET, "PORT 10,1,0,5,4294967297,1\r\n", "nothing" },
	{ AF_INET, "PORT 10,1,0,5,181\r\n", "nothing" },
	{ AF_INET, "PORT 10.1.0.5.181.97\r\n", "nothing" },
	{ AF_INET, "PORT \r\n", "nothing" },
	{ AF_INET, "xPORT 10,1,0,5,181,97\r\n", "nothing" },
	{ AF_INET6, "PORT 10,1,0,5,181,97\r\n", "nothing" },
	{ AF_INET, "EPRT |1|10.1.0.5|46433|\r\n", "port 10.1.0.5 46433" },
	{ AF_INET, "EPRT !1!10.1.0.5!46433!\r\n", "port 10.1.0.5 46433" },
	{ AF_INET, "eprt   |1|10.1.0.5|46433|\r\n", "port 10.1.0.5 46433" },
	{ AF_INET, "EPRT |1|10.1.0.5|00046433|\r\n", "port 10.1.0.5 46433" },
	{ AF_INET6, "EPRT |2|fd01::5|46433|\r\n", "port fd01::5 46433" },
	{ AF_INET6, "EPRT |1|10.1.0.5|46433|\r\n", "nothing" },
	{ AF_INET, "EPRT |2|fd01::5|46433|\r\n", "nothing" },
	{ AF_INET, "EPRT |1|10.1.0.5|65536|\r\n", "nothing" },
	{ AF_INET, "EPRT |1|10.1.0.5|0|\r\n", "nothing" },
	{ AF_INET, "EPRT |1|10.1.0.5|4294967317|\r\n", "nothing" },
	{ AF_INET, "EPRT |1|10.1.0.5|21!\r\n", "nothing" },
	{ AF_INET, "EPRT |||21|\r\n", "nothing" },
	{ AF_INET, "EPRT \x7f" "1\x7f" "10.1.0.5\x7f" "21\x7f\r\n", "nothing" },
	{ AF_INET, "EPRT |1|10.1.0.5.6.7.8.9.10.11.12.13.14.15.16.17.18.19.20|21|\r\n",
	  "nothing" },
	{ AF_INET, "PASV\r\n", "pasv" },
	{ AF_INET, "pasv\r\n", "pasv" },
	{ AF_INET, "\xff\xf4\xff\xf2PASV\r\n", "pasv" },
	{ AF_INET, "PASV \r\n", "nothing" },
	{ AF_INET, "PASV\n", "nothing" },
	{ AF_INET6, "PASV\r\n", "nothing" },
	{ AF_INET, "EPSV\r\n", "epsv" },
	{ AF_INET, "epsv\r", "epsv" },
	{ AF_INET, "EPSV 1\r\n", "epsv" },
	{ AF_INET, "EPSV 2\r\n", "nothing" },
	{ AF_INET6, "EPSV 2\r\n", "epsv" },
	{ AF_INET6, "EPSV 1\r\n", "nothing" },
	{ AF_INET, "EPSV ALL\r\n", "nothing" },
	{ AF_INET, "EPSV  1\r\n", "nothing" },
	{ AF_INET, "EPSVx\r\n", "nothing" },
	{ AF_INET, "\r\n", "nothing" },
	{ AF_INET, "", "more" },
};

static const struct line replies[] = {
	{ AF_INET, "227 Entering Passive Mode (10,2,0,2,224,79).\r\n",
	  "pasv 10.2.0.2 57423 27-42" },
	{ AF_INET, "227 =10,2,0,1,182,105\r\n", "pasv 10.2.0.1 46697 5-21" },
	{ AF_INET, "227 10,2,0,1,182,105\r\n", "pasv 10.2.0.1 46697 4-20" },
	{ AF_INET, "227 x ((10,2,0,7,225,251)\r\n", "pasv 10.2.0.7 57851 8-24" },
	{ AF_INET, "227 x (10,2,0,1,256,1)\r\n", "nothing" },
	{ AF_INET, "227 x (10,2,0,1,25)\r\n", "nothing" },
	{ AF_INET, "227 x (10,2,0,1,,)\r\n", "pasv 10.2.0.1 0 7-17" },
	{ AF_INET, "227 x ( 10,2,0,1,1,1)\r\n", "nothing" },
	{ AF_INET, "227-x (10,2,0,1,25,1)\r\n", "nothing" },
	{ AF_INET, "227x(10,2,0,1,25,1)\r\n", "nothing" },
	{ AF_INET6, "227 x (10,2,0,1,25,1)\r\n", "nothing" },
	{ AF_INET, "227 x\r\n(10,2,0,1,25,1)\r\n", "nothing" },
	{ AF_INET, "229 Entering Extended Passive Mode (|||35239|)\r\n",
	  "epsv - 35239 36-45" },
	{ AF_INET6, "229 Entering Extended Passive Mode (|||35239|)\r\n",
	  "epsv - 35239 36-45" },
	{ AF_INET, "229 x (!!!53357!)\r\n", "epsv - 53357 7-16" },
	{ AF_INET, "229 x (|1|10.2.0.7|59779|)\r\n", "epsv 10.2.0.7 59779 7-25" },
	{ AF_INET6, "229 x (|2|fd02::7|59779|)\r\n", "epsv fd02::7 59779 7-24" },
	{ AF_INET6, "229 x (|1|10.2.0.7|59779|)\r\n", "nothing" },
	{ AF_INET, "229 x (|||0|)\r\n", "nothing" },
	{ AF_INET, "229 x (|||65536|)\r\n", "nothing" },
	{ AF_INET, "229 x (||1|80|)\r\n", "nothing" },
	{ AF_INET, "229 x |||80|\r\n", "nothing" },
	{ AF_INET, "200 ok\r\n", "nothing" },
	{ AF_INET, "", "more" },
};

static void check_line(const struct line *line,
		       enum ftp_word (*read)(const u8 *text, u32 len, u16 af,
					     struct ftp_place *place),
		       bool where)
{
	u32 len = strlen(line->text);
	u8 *text = exact(line->text, len);
	struct ftp_place place;
	enum ftp_word word, part;
	char got[128];
	u32 n;

	word = read(text, len, line->af, &place);
	describe(got, word, line->af, &place, where);
	CHECK(!strcmp(got, line->want), "%s%s, wanted %s", line->text, got,
	      line->want);
	free(text);
	/* Less of it says "more" until all is there that counts. */
	for (n = 1; n < len; n++) {
		text = exact(line->text, n);
		part = read(text, n, line->af, &place);
		if (word > FTP_MORE)
			CHECK(part == FTP_MORE || part == word,
			      "%u bytes of %s", n, line->text);
		else
			CHECK(part <= FTP_MORE, "%u bytes of %s", n,
			      line->text);
		free(text);
	}
}

static void commands_are_read(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		check_line(&commands[i], ftp_command, false);
}

/* As in-tree reads it: the word stands anywhere. */
static void passive_commands_stand_anywhere(void)
{
	struct ftp_place place;

	CHECK(ftp_command((const u8 *)"RETR PASV\r\n", 11, AF_INET, &place) ==
	      FTP_PASV);
	CHECK(ftp_command((const u8 *)"x EPSV 2\r\n", 10, AF_INET6, &place) ==
	      FTP_EPSV);
}

static void replies_are_read(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(replies); i++)
		check_line(&replies[i], ftp_reply, true);
}

/* A byte of zero is a byte like any that does not belong there. */
static void zero_bytes_end_nothing_well(void)
{
	static const char *const texts[] = {
		"PORT 10,1,\0,5,181,97\r\n", "PORT\0" "10,1,0,5,181,97\r\n",
		"EPRT |1|10.1.\0.5|80|\r\n", "EPRT |1|10.1.0.5\0|80|\r\n",
		"EPRT \0" "1\0" "10.1.0.5\0" "80\0\r\n",
	};
	static const u32 lens[] = { 22, 22, 22, 23, 22 };
	static const enum ftp_word want[] = {
		FTP_NOTHING, FTP_PORT, FTP_NOTHING, FTP_NOTHING, FTP_NOTHING,
	};
	struct ftp_place place;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		u8 *text = exact(texts[i], lens[i]);

		CHECK(ftp_command(text, lens[i], AF_INET, &place) == want[i],
		      "%zu", i);
		free(text);
	}
}

static void places_are_written(void)
{
	char text[FTP_PLACE_MAX + 1];

	text[ftp_write_plain((u8 *)text, htonl(0x0a090064), htons(57423))] = 0;
	CHECK_TEXT(text, "10,9,0,100,224,79");
	text[ftp_write_plain((u8 *)text, htonl(0xffffffff), htons(65535))] = 0;
	CHECK_TEXT(text, "255,255,255,255,255,255");
	text[ftp_write_plain((u8 *)text, 0, 0)] = 0;
	CHECK_TEXT(text, "0,0,0,0,0,0");
	text[ftp_write_host((u8 *)text, htonl(0x0a090064))] = 0;
	CHECK_TEXT(text, "10,9,0,100,");
	text[ftp_write_extended((u8 *)text, htons(59779))] = 0;
	CHECK_TEXT(text, "|||59779|");
	text[ftp_write_extended((u8 *)text, htons(1))] = 0;
	CHECK_TEXT(text, "|||1|");
}

const struct test text_tests[] = {
	{ "commands are read", commands_are_read },
	{ "passive commands stand anywhere", passive_commands_stand_anywhere },
	{ "replies are read", replies_are_read },
	{ "zero bytes end nothing well", zero_bytes_end_nothing_well },
	{ "places are written", places_are_written },
	{}
};
