// SPDX-License-Identifier: GPL-2.0-only
/*
 * FTP commands and replies that name a data connection (RFC 959, RFC 2428).
 *
 * Keywords are of any case.  An address follows after what the keyword's skip
 * character introduces: a parenthesis in replies, a space in commands.
 *
 *	plain		a,b,c,d,p1,p2		each 0 to 255, none at all is 0
 *	extended	|f|address|port|	f: 1 IPv4, 2 IPv6; any delimiter
 *	extended, in replies	|||port|
 *
 * No state, no allocation: the same file runs in user space under sanitizers
 * and a fuzzer.  No loop goes beyond the line, and every step takes a byte.
 */
#include <linux/inet.h>
#include <linux/kernel.h>
#include <linux/socket.h>
#include <linux/string.h>

#include "ftp/text.h"

/* Numbers of the plain form: four of the address, two of the port. */
#define HOST_NUMBERS	4
#define NUMBERS		6

/* The delimiters of the extended form. */
#define DELIMITER_MIN	33
#define DELIMITER_MAX	126

static bool is_digit(u8 c)
{
	return c >= '0' && c <= '9';
}

static bool line_ends(u8 c)
{
	return c == '\r' || c == '\n';
}

static u8 letter_upper(u8 c)
{
	return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

/* Does a text begin with a word, in any case?  FTP_MORE: as far as it goes. */
static enum ftp_word text_begins(const u8 *text, u32 len, const char *word,
				 enum ftp_word meaning)
{
	u32 i;

	for (i = 0; word[i]; i++) {
		if (i == len)
			return FTP_MORE;
		if (letter_upper(text[i]) != (u8)word[i])
			return FTP_NOTHING;
	}
	return meaning;
}

/* Step over everything up to the first skip character, and all that follow it.
 * In the plain form (@digits) the first digit ends it as well.  Returns where
 * the place begins; @len: the text ends before; > @len: the line does.
 */
static u32 skip_to_place(const u8 *text, u32 pos, u32 len, u8 skip, bool digits)
{
	for (; pos < len && text[pos] != skip; pos++) {
		if (digits && is_digit(text[pos]))
			return pos;
		if (line_ends(text[pos]))
			return len + 1;
	}
	while (pos < len && text[pos] == skip)
		pos++;
	return pos;
}

/* Six numbers, ended by any other character, which must be there. */
static enum ftp_word read_plain(const u8 *text, u32 pos, u32 len,
				enum ftp_word meaning, struct ftp_place *place)
{
	u8 number[NUMBERS];
	u32 value = 0, n = 0;

	place->from = pos;
	for (; pos < len; pos++) {
		if (is_digit(text[pos])) {
			value = 10 * value + text[pos] - '0';
			if (value > 255)
				return FTP_NOTHING;
			continue;
		}
		number[n++] = value;
		value = 0;
		if (n == NUMBERS)
			break;
		if (text[pos] != ',')
			return FTP_NOTHING;
		if (n == HOST_NUMBERS)
			place->host_end = pos + 1;
	}
	if (n < NUMBERS)
		return FTP_MORE;
	memset(&place->addr, 0, sizeof(place->addr));
	memcpy(&place->addr, number, HOST_NUMBERS);
	place->port = htons(number[4] << 8 | number[5]);
	place->has_addr = true;
	place->to = pos;
	return meaning;
}

/* An address in text form and the delimiter behind it. */
static enum ftp_word read_host(const u8 *text, u32 *pos, u32 len, u16 af,
			       struct ftp_place *place)
{
	const char *start = (const char *)text + *pos;
	const char *end;
	u32 i;
	int ok;

	/* The longest address has 45 characters. */
	for (i = *pos; i < len && text[i] != place->delimiter; i++)
		if (line_ends(text[i]) || i - *pos > 45)
			return FTP_NOTHING;
	if (i == len)
		return FTP_MORE;
	memset(&place->addr, 0, sizeof(place->addr));
	if (af == AF_INET6)
		ok = in6_pton(start, i - *pos, place->addr.in6.s6_addr,
			      place->delimiter, &end);
	else
		ok = in4_pton(start, i - *pos, (u8 *)&place->addr.ip,
			      place->delimiter, &end);
	if (!ok || end != (const char *)text + i)
		return FTP_NOTHING;
	place->has_addr = true;
	*pos = i + 1;
	place->host_end = *pos;
	return FTP_EPSV;
}

/* A port, 1 to 65535, and the delimiter behind it. */
static enum ftp_word read_port(const u8 *text, u32 pos, u32 len,
			       enum ftp_word meaning, struct ftp_place *place)
{
	u32 value = 0;

	for (; pos < len && is_digit(text[pos]); pos++) {
		value = 10 * value + text[pos] - '0';
		if (value > 65535)
			return FTP_NOTHING;
	}
	if (pos == len)
		return FTP_MORE;
	if (!value || text[pos] != place->delimiter)
		return FTP_NOTHING;
	place->port = htons(value);
	place->to = pos + 1;
	return meaning;
}

static enum ftp_word read_extended(const u8 *text, u32 pos, u32 len, u16 af,
				   bool may_omit, enum ftp_word meaning,
				   struct ftp_place *place)
{
	u8 family = af == AF_INET6 ? '2' : '1';
	enum ftp_word host;

	if (text[pos] < DELIMITER_MIN || text[pos] > DELIMITER_MAX)
		return FTP_NOTHING;
	place->from = pos;
	place->delimiter = text[pos++];
	if (pos == len)
		return FTP_MORE;
	if (may_omit && text[pos] == place->delimiter) {
		pos++;
		if (pos == len)
			return FTP_MORE;
		if (text[pos++] != place->delimiter)
			return FTP_NOTHING;
		place->host_end = pos;
		return read_port(text, pos, len, meaning, place);
	}
	if (text[pos++] != family)
		return FTP_NOTHING;
	if (pos == len)
		return FTP_MORE;
	if (text[pos++] != place->delimiter)
		return FTP_NOTHING;
	host = read_host(text, &pos, len, af, place);
	if (host != FTP_EPSV)
		return host;
	return read_port(text, pos, len, meaning, place);
}

/* What follows "EPSV": the end of the line, or the service's family. */
static enum ftp_word epsv_argument(const u8 *text, u32 len, u16 af)
{
	u8 family = af == AF_INET6 ? '2' : '1';

	if (!len)
		return FTP_MORE;
	if (text[0] == '\r')
		return FTP_EPSV;
	if (text[0] != ' ')
		return FTP_NOTHING;
	if (len > 1 && text[1] != family)
		return FTP_NOTHING;
	if (len > 2 && text[2] != '\r')
		return FTP_NOTHING;
	return len > 2 ? FTP_EPSV : FTP_MORE;
}

/* PASV and EPSV, wherever they stand: clients write telnet's bytes before,
 * which are no letters.
 */
static enum ftp_word command_passive(const u8 *text, u32 len, u16 af)
{
	enum ftp_word word;
	u32 pos, bare = 0;

	for (pos = 0; pos < len; pos++) {
		if (bare == pos && (text[pos] < ' ' || text[pos] > '~') &&
		    !line_ends(text[pos]))
			bare++;
		if (af == AF_INET) {
			word = text_begins(text + pos, len - pos, "PASV\r\n",
					   FTP_PASV);
			if (word != FTP_NOTHING)
				return word;
		}
		word = text_begins(text + pos, len - pos, "EPSV", FTP_EPSV);
		if (word == FTP_EPSV)
			return epsv_argument(text + pos + 4, len - pos - 4, af);
		if (word == FTP_MORE)
			return word;
	}
	return bare == len ? FTP_MORE : FTP_NOTHING;
}

/**
 * ftp_command() - what a client's line says
 * @text: from the beginning of the line, at most to its end
 * @len: its length
 * @af: family of the service
 * @place: with FTP_PORT: where the client listens
 *
 * Return: FTP_PASV, FTP_EPSV, FTP_PORT, FTP_MORE or FTP_NOTHING.
 */
enum ftp_word ftp_command(const u8 *text, u32 len, u16 af,
			  struct ftp_place *place)
{
	enum ftp_word word = command_passive(text, len, af);
	bool plain = af == AF_INET &&
		     text_begins(text, len, "PORT", FTP_PORT) == FTP_PORT;
	u32 pos;

	memset(place, 0, sizeof(*place));
	if (word == FTP_PASV || word == FTP_EPSV)
		return word;
	if (!plain) {
		enum ftp_word port = af == AF_INET ?
			text_begins(text, len, "PORT", FTP_PORT) : FTP_NOTHING;
		enum ftp_word eprt = text_begins(text, len, "EPRT", FTP_PORT);

		if (port == FTP_MORE || eprt == FTP_MORE)
			return FTP_MORE;
		if (eprt != FTP_PORT)
			return word;
	}
	pos = skip_to_place(text, 4, len, ' ', plain);
	if (pos > len)
		return word;
	if (pos == len)
		return FTP_MORE;
	if (plain)
		return read_plain(text, pos, len, FTP_PORT, place);
	return read_extended(text, pos, len, af, false, FTP_PORT, place);
}

/**
 * ftp_reply() - what a server's line says
 * @text: from the beginning of the line, at most to its end
 * @len: its length
 * @af: family of the service
 * @place: with FTP_PASV and FTP_EPSV: where the server listens; with FTP_MORE:
 *	what of it has been seen
 *
 * Return: FTP_PASV (reply 227), FTP_EPSV (reply 229), FTP_MORE or FTP_NOTHING.
 */
enum ftp_word ftp_reply(const u8 *text, u32 len, u16 af,
			struct ftp_place *place)
{
	enum ftp_word pasv = af == AF_INET ?
		text_begins(text, len, "227 ", FTP_PASV) : FTP_NOTHING;
	enum ftp_word epsv = text_begins(text, len, "229 ", FTP_EPSV);
	u32 pos;

	memset(place, 0, sizeof(*place));
	if (pasv == FTP_MORE || epsv == FTP_MORE)
		return FTP_MORE;
	if (pasv == FTP_NOTHING && epsv == FTP_NOTHING)
		return FTP_NOTHING;
	pos = skip_to_place(text, 4, len, '(', pasv == FTP_PASV);
	if (pos > len)
		return FTP_NOTHING;
	if (pos == len)
		return FTP_MORE;
	if (pasv == FTP_PASV)
		return read_plain(text, pos, len, FTP_PASV, place);
	return read_extended(text, pos, len, af, true, FTP_EPSV, place);
}

static u32 write_number(u8 *text, u32 number)
{
	u8 digits[5];
	u32 n = 0, len = 0;

	do {
		digits[n++] = '0' + number % 10;
		number /= 10;
	} while (number);
	while (n)
		text[len++] = digits[--n];
	return len;
}

/**
 * ftp_write_host() - write an address of the plain form, and the comma behind it
 * @text: room for FTP_PLACE_MAX bytes
 * @addr: the address
 *
 * Return: length.
 */
u32 ftp_write_host(u8 *text, __be32 addr)
{
	const u8 *number = (const u8 *)&addr;
	u32 i, len = 0;

	for (i = 0; i < HOST_NUMBERS; i++) {
		len += write_number(text + len, number[i]);
		text[len++] = ',';
	}
	return len;
}

/**
 * ftp_write_plain() - write a place of the plain form
 * @text: room for FTP_PLACE_MAX bytes
 * @addr: the address
 * @port: the port
 *
 * Return: length.
 */
u32 ftp_write_plain(u8 *text, __be32 addr, __be16 port)
{
	u32 len = ftp_write_host(text, addr);

	len += write_number(text + len, ntohs(port) >> 8);
	text[len++] = ',';
	return len + write_number(text + len, ntohs(port) & 0xff);
}

/**
 * ftp_write_extended() - write a place of the extended form, without an address
 * @text: room for FTP_PLACE_MAX bytes
 * @port: the port
 *
 * Return: length.
 */
u32 ftp_write_extended(u8 *text, __be16 port)
{
	u32 len = 3;

	memset(text, '|', 3);
	len += write_number(text + len, ntohs(port));
	text[len++] = '|';
	return len;
}
