// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Call-ID of a SIP message (RFC 3261), as the in-tree module reads it:
 *
 *	line end	CR, LF or CR LF
 *	header		"Call-ID" in any case, or "i" before what is no letter, at
 *			the start of a line other than the first
 *	colon		behind white space, which may go on in one more line
 *	Call-ID		behind white space likewise: a word, or word "@" word, of
 *			at most 255 bytes, and a line end
 *
 * A line that begins with white space continues the one before.  A header
 * without a colon ends the search, as does a Call-ID that is too long or has
 * anything but a line end behind it; one that is empty does not.
 *
 * The search does not end with the headers: a message without a Call-ID has that
 * of a message that it carries.
 */
#include <linux/string.h>
#include <linux/types.h>

#include "content/reader.h"

#define CALL_ID_MAX	255

static const char name_full[] = "call-id";
#define NAME_FULL_LEN	(sizeof(name_full) - 1)

/**
 * struct sip_cursor - a position in a text
 * @text: the text
 * @len: its length
 * @at: offset of what is read next, at most @len
 */
struct sip_cursor {
	const u8 *text;
	u32 len;
	u32 at;
};

static bool at_end(const struct sip_cursor *cur)
{
	return cur->at >= cur->len;
}

static u8 next_byte(const struct sip_cursor *cur)
{
	return cur->text[cur->at];
}

static bool is_blank(u8 c)
{
	return c == ' ' || c == '\t';
}

static bool is_line_end(u8 c)
{
	return c == '\r' || c == '\n';
}

/* Letters are those of Latin-1. */
static bool is_letter(u8 c)
{
	if (c >= 0xc0)
		return c != 0xd7 && c != 0xf7;
	c |= 0x20;
	return c >= 'a' && c <= 'z';
}

static bool is_word_char(u8 c)
{
	if (is_letter(c) || (c >= '0' && c <= '9'))
		return true;
	return c && strchr("!\"%'()*+-./:<>?[\\]_`{}~", c);
}

static void skip_blanks(struct sip_cursor *cur)
{
	while (!at_end(cur) && is_blank(next_byte(cur)))
		cur->at++;
}

/* Steps over the line end that is next. */
static void skip_line_end(struct sip_cursor *cur)
{
	u8 first = next_byte(cur);

	cur->at++;
	if (first == '\r' && !at_end(cur) && next_byte(cur) == '\n')
		cur->at++;
}

/* Steps over white space, of this line and, if that ends with it, of one line
 * that continues it.  Returns DONE: something else is next.
 */
static enum ip_vs_read skip_space(struct sip_cursor *cur)
{
	skip_blanks(cur);
	if (!at_end(cur) && is_line_end(next_byte(cur))) {
		skip_line_end(cur);
		if (!at_end(cur) && !is_blank(next_byte(cur)))
			return IP_VS_READ_ALIEN;
		skip_blanks(cur);
	}
	return at_end(cur) ? IP_VS_READ_MORE : IP_VS_READ_DONE;
}

/* Steps to the start of the next line that continues no other.  The first byte
 * of a line does not end it: an empty line that ends with LF alone hides the
 * line behind it.
 */
static bool skip_to_line(struct sip_cursor *cur)
{
	while (!at_end(cur)) {
		if (!is_line_end(next_byte(cur))) {
			cur->at++;
			continue;
		}
		skip_line_end(cur);
		if (at_end(cur))
			return false;
		if (!is_blank(next_byte(cur)))
			return true;
		cur->at++;
	}
	return false;
}

/* Steps over the name of the header, if it is next. */
static bool skip_name(struct sip_cursor *cur)
{
	const u8 *text = cur->text + cur->at;
	u32 left = cur->len - cur->at;

	if (left >= NAME_FULL_LEN &&
	    !strncasecmp((const char *)text, name_full, NAME_FULL_LEN)) {
		cur->at += NAME_FULL_LEN;
		return true;
	}
	if (left < 2 || (text[0] != 'i' && text[0] != 'I') ||
	    is_letter(text[1]))
		return false;
	cur->at++;
	return true;
}

static u32 skip_word(struct sip_cursor *cur)
{
	u32 start = cur->at;

	while (!at_end(cur) && is_word_char(next_byte(cur)))
		cur->at++;
	return cur->at - start;
}

/* Steps over a Call-ID; false: there is none. */
static bool skip_call_id(struct sip_cursor *cur)
{
	if (!skip_word(cur))
		return false;
	if (at_end(cur) || next_byte(cur) != '@')
		return true;
	cur->at++;
	return skip_word(cur);
}

/* Reads what is behind the name of the header. */
static enum ip_vs_read read_header(struct sip_cursor *cur,
				   struct ip_vs_span *call_id)
{
	enum ip_vs_read found = skip_space(cur);

	if (found != IP_VS_READ_DONE)
		return found;
	if (next_byte(cur) != ':')
		return IP_VS_READ_ALIEN;
	cur->at++;
	found = skip_space(cur);
	if (found != IP_VS_READ_DONE)
		return found;
	call_id->at = cur->at;
	if (!skip_call_id(cur)) {
		call_id->len = 0;
		return at_end(cur) ? IP_VS_READ_MORE : IP_VS_READ_DONE;
	}
	if (at_end(cur))
		return IP_VS_READ_MORE;
	call_id->len = cur->at - call_id->at;
	return call_id->len <= CALL_ID_MAX && is_line_end(next_byte(cur)) ?
	       IP_VS_READ_DONE : IP_VS_READ_ALIEN;
}

/**
 * ip_vs_read_sip() - find the Call-ID of a SIP message
 * @text: what a datagram carries, or its first part
 * @len: its length
 * @call_id: set if it is found: 1 to 255 bytes of @text
 *
 * Context: any.
 *
 * Return: enum ip_vs_read.  IP_VS_READ_MORE of a whole datagram means that it
 * has none.
 */
enum ip_vs_read ip_vs_read_sip(const u8 *text, u32 len,
			       struct ip_vs_span *call_id)
{
	struct sip_cursor cur = { .text = text, .len = len };
	enum ip_vs_read found;

	while (skip_to_line(&cur)) {
		if (!skip_name(&cur)) {
			cur.at++;
			continue;
		}
		found = read_header(&cur, call_id);
		if (found != IP_VS_READ_DONE || call_id->len)
			return found;
	}
	return IP_VS_READ_MORE;
}

/**
 * ip_vs_sip_call_id_valid() - can this be a Call-ID that was read?
 * @call_id: bytes that another director calls one
 * @len: how many
 *
 * Context: any.
 *
 * Return: true or false.
 */
bool ip_vs_sip_call_id_valid(const u8 *call_id, u32 len)
{
	struct sip_cursor cur = { .text = call_id, .len = len };

	return len <= CALL_ID_MAX && skip_call_id(&cur) && at_end(&cur);
}
