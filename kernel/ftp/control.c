// SPDX-License-Identifier: GPL-2.0-only
/*
 * A control connection's text: lines from segments, and what is replaced.
 *
 * TCP may split a line anywhere and put several into one segment.  The
 * beginning of a line whose end has not come is kept as long as it could still
 * become a line that is looked for, up to FTP_LINE_MAX bytes.
 *
 * Segments are forwarded as they come; none waits for the rest of a line.  That
 * is possible because what replaces an address does not depend on what follows:
 * it is the virtual address, and the port stays what it is.  So a reply whose
 * address is split over segments is replaced piece by piece, each segment
 * taking as many bytes as it had, and the last one the difference:
 *
 *	sent		227 (10,2,  0,1,  5,6)
 *	forwarded	227 (10,9,  0,100,5,6)
 *
 * A retransmission may be split in other places.  Each byte has its place in
 * the text that replaced the last address (struct ftp_edit and the connection's
 * struct ip_vs_seq), so the same bytes are written again.  There is one such
 * record; in a segment that would need two the second reply is cut off, which
 * its sender repeats like any lost one.
 *
 * What is not done: a reply that was overtaken by later text passes unchanged,
 * as that text has been given its numbers already; a command that was split and
 * overtaken is not understood; a segment of a few bytes inside an address may
 * have nothing left, and is acknowledged with the text behind it only.
 *
 * No state but the caller's: the same file runs in user space under sanitizers
 * and a fuzzer.
 */
#include <linux/kernel.h>
#include <linux/socket.h>
#include <linux/string.h>

#include "ftp/control.h"

/* Text older than this is no retransmission: the numbers have been lost. */
#define OLD_MAX		65536

/* No reply is known by a shorter beginning: code and a space. */
#define CODE_LEN	4

static bool word_found(enum ftp_word word)
{
	return word != FTP_NOTHING && word != FTP_MORE;
}

static void line_forget(struct ftp_line *line)
{
	line->known = false;
	line->skip = false;
	line->editing = false;
	line->multi = 0;
	line->len = 0;
}

/**
 * ftp_read_begin() - where a segment is to be read from
 * @line: of its direction
 * @s: segment of at least one byte; @s->pos and @s->cut are set
 *
 * Context: any; the caller serialises.
 */
void ftp_read_begin(struct ftp_line *line, struct ftp_segment *s)
{
	u32 old = line->next - s->seq;

	s->pos = 0;
	s->cut = s->len;
	s->alone = false;
	s->replaced = false;
	if (!line->known || !old)
		return;
	if (old < s->len)
		s->pos = old;
	else if (old <= OLD_MAX)
		s->alone = true;
	else
		line_forget(line);
}

/* Offset behind the line that begins, or goes on, at s->pos. */
static u32 line_end(const struct ftp_segment *s)
{
	const u8 *text = s->text + s->pos;
	const u8 *end = memchr(text, '\n', s->len - s->pos);

	return end ? end + 1 - s->text : s->len;
}

/**
 * struct piece - a line as far as it is known
 * @text: from its beginning
 * @len: bytes of it
 * @whole: its end is among them
 */
struct piece {
	const u8 *text;
	u32 len;
	bool whole;
};

/* The next line of a segment, with what was kept of it. */
static void line_next(struct ftp_line *line, struct ftp_segment *s,
		      struct piece *p)
{
	u32 end = line_end(s), len = end - s->pos, kept = line->len;

	p->text = s->text + s->pos;
	p->len = len;
	p->whole = s->text[end - 1] == '\n';
	s->line = s->pos;
	if (!s->alone && kept) {
		s->line -= kept;
		len = min_t(u32, len, FTP_LINE_MAX - kept);
		memcpy(line->text + kept, p->text, len);
		p->text = line->text;
		p->len = kept + len;
	}
	s->pos = end;
}

/* Keep what was read of a line, or forget it. */
static void line_keep(struct ftp_control *ctl, struct ftp_line *line,
		      const struct ftp_segment *s, const struct piece *p,
		      enum ftp_word word)
{
	if (s->alone)
		return;
	line->known = true;
	line->next = s->seq + s->pos;
	if (p->whole) {
		line->len = 0;
		line->skip = false;
		return;
	}
	if (word == FTP_MORE && p->len < FTP_LINE_MAX && !line->text)
		line->text = ctl->line_alloc(ctl);
	if (word != FTP_MORE || p->len >= FTP_LINE_MAX || !line->text) {
		line->len = 0;
		line->skip = true;
		return;
	}
	if (p->text != line->text)
		memcpy(line->text, p->text, p->len);
	line->len = p->len;
}

/**
 * ftp_read_command() - read on in a client's segment
 * @ctl: control connection
 * @s: segment
 *
 * Context: any; the caller serialises.
 *
 * Return: FTP_PASV or FTP_EPSV, noted in @ctl; FTP_PORT, with @s->place; or
 * FTP_NOTHING: all has been read.
 */
enum ftp_word ftp_read_command(struct ftp_control *ctl, struct ftp_segment *s)
{
	struct ftp_line *line = &ctl->client;
	enum ftp_word word;
	struct piece p;

	while (s->pos < s->len) {
		line_next(line, s, &p);
		word = FTP_NOTHING;
		if (s->alone || !line->skip)
			word = ftp_command(p.text, p.len, ctl->af, &s->place);
		line_keep(ctl, line, s, &p, word);
		if (word == FTP_PASV)
			ctl->wants |= FTP_WANTS_PASV;
		else if (word == FTP_EPSV)
			ctl->wants |= FTP_WANTS_EPSV;
		if (word_found(word))
			return word;
	}
	return FTP_NOTHING;
}

/* The code that a reply's line begins with; 0: none. */
static u16 reply_code(const struct piece *p)
{
	u16 code = 0;
	u32 i;

	for (i = 0; i < CODE_LEN - 1; i++) {
		if (i == p->len || p->text[i] < '0' || p->text[i] > '9')
			return 0;
		code = 10 * code + p->text[i] - '0';
	}
	return code;
}

/* Is the line a reply by itself, or the last of several?  What stands between
 * the first and the last line of a reply is text, even if it looks like one;
 * but a segment that begins with such a line is taken at its word.
 */
static bool reply_counts(struct ftp_line *line, const struct piece *p,
			 bool first)
{
	u16 code = reply_code(p);

	if (!code)
		return false;
	if (p->text[CODE_LEN - 1] == '-') {
		if (!line->multi)
			line->multi = code;
		return false;
	}
	if (line->multi && line->multi != code && !first)
		return false;
	line->multi = 0;
	return true;
}

static bool reply_wanted(const struct ftp_control *ctl, const struct piece *p)
{
	switch (p->text[2]) {
	case '7':
		return ctl->wants & FTP_WANTS_PASV;
	case '9':
		return ctl->wants & FTP_WANTS_EPSV;
	}
	return false;
}

static enum ftp_word reply_word(struct ftp_control *ctl, const struct piece *p,
				bool first, struct ftp_place *place)
{
	enum ftp_word word;

	memset(place, 0, sizeof(*place));
	if (p->len < CODE_LEN)
		return p->whole ? FTP_NOTHING : FTP_MORE;
	if (!reply_counts(&ctl->server, p, first))
		return FTP_NOTHING;
	word = ftp_reply(p->text, p->len, ctl->af, place);
	return word == FTP_NOTHING || reply_wanted(ctl, p) ? word : FTP_NOTHING;
}

/* The line being replaced is no such reply after all: the text that has been
 * replaced stays so.
 */
static void edit_abandon(struct ftp_control *ctl, struct ip_vs_seq *out)
{
	if (ctl->edit.open)
		ctl->edit.len = out->new_len;
	ctl->edit.open = false;
	ctl->server.editing = false;
}

/* The address of an unfinished line, and what replaces it.  Returns its offset
 * in the line; 0: it has not begun.
 */
static u32 host_begins(struct ftp_control *ctl, const struct piece *p,
		       const struct ftp_place *place, struct ftp_edit *edit)
{
	if (!place->from)
		return 0;
	if (!place->delimiter) {
		edit->len = ftp_write_host(edit->text, ctl->vaddr);
		return place->from;
	}
	/* The delimiter, then the family or another delimiter. */
	if (p->len < place->from + 2 ||
	    p->text[place->from + 1] == place->delimiter)
		return 0;
	edit->text[0] = place->delimiter;
	edit->text[1] = place->delimiter;
	edit->len = 2;
	return place->from + 1;
}

/* Has this segment text in it that has been replaced before? */
static bool segment_edited(const struct ftp_control *ctl,
			   const struct ip_vs_seq *out,
			   const struct ftp_segment *s)
{
	struct ftp_swap swap;

	ftp_swap_of(ctl, out, s, &swap);
	return swap.to > swap.from;
}

/* Replace as much of the address in an unfinished line as there is.  Returns
 * false if the segment has to be cut before it.
 */
static bool edit_unfinished(struct ftp_control *ctl, struct ip_vs_seq *out,
			    struct ftp_segment *s, const struct piece *p)
{
	const struct ftp_place *place = &s->place;
	struct ftp_edit edit = {};
	u32 begin, old_len;

	if (!ctl->server.editing) {
		begin = host_begins(ctl, p, place, &edit);
		if (!begin)
			return true;
		if (segment_edited(ctl, out, s))
			return false;
		ctl->edit = edit;
		ctl->edit.open = true;
		ctl->server.editing = true;
		ip_vs_seq_start(out, s->seq + s->line + begin);
	}
	if (!ctl->edit.open)
		return true;
	begin = out->init_seq - s->seq - s->line;
	ctl->edit.open = !place->host_end;
	old_len = (place->host_end ?: p->len) - begin;
	ip_vs_seq_extend(out, old_len, ctl->edit.open ?
			 min_t(u32, old_len, ctl->edit.len) : ctl->edit.len);
	return true;
}

/* The rest of the segment, from the line on, is left to be sent again. */
static void segment_cut(struct ftp_line *line, struct ftp_segment *s, u32 start,
			u16 kept)
{
	s->cut = start;
	s->pos = s->len;
	line->len = kept;
	line->next = s->seq + start;
	line->known = true;
}

/**
 * ftp_read_reply() - read on in a server's segment
 * @ctl: control connection
 * @out: how the numbers of the server's text change
 * @s: segment; @s->replaced is set if the place that was found needs no more
 *	to be replaced
 *
 * Context: any; the caller serialises.
 *
 * Return: FTP_PASV or FTP_EPSV, with @s->place; or FTP_NOTHING: all has been
 * read.
 */
enum ftp_word ftp_read_reply(struct ftp_control *ctl, struct ip_vs_seq *out,
			     struct ftp_segment *s)
{
	struct ftp_line *line = &ctl->server;
	enum ftp_word word;
	struct piece p;
	bool first;
	u32 start;
	u16 kept;

	while (!s->alone && s->pos < s->len) {
		start = s->pos;
		kept = line->len;
		first = !start && !kept;
		line_next(line, s, &p);
		word = line->skip ? FTP_NOTHING :
				    reply_word(ctl, &p, first, &s->place);
		if (word == FTP_MORE && p.len < FTP_LINE_MAX && !p.whole) {
			if (!edit_unfinished(ctl, out, s, &p)) {
				segment_cut(line, s, start, kept);
				return FTP_NOTHING;
			}
		} else if (word_found(word) && (line->editing ||
					   s->place.from < kept)) {
			/* What began in another segment ends here. */
			edit_unfinished(ctl, out, s, &p);
			line->editing = false;
			s->replaced = true;
		} else if (line->editing) {
			edit_abandon(ctl, out);
		} else if (word_found(word) && segment_edited(ctl, out, s)) {
			segment_cut(line, s, start, kept);
			return FTP_NOTHING;
		}
		line_keep(ctl, line, s, &p, word);
		if (line->editing && line->skip)
			edit_abandon(ctl, out);
		if (word == FTP_PASV)
			ctl->wants &= ~FTP_WANTS_PASV;
		else if (word == FTP_EPSV)
			ctl->wants &= ~FTP_WANTS_EPSV;
		if (word_found(word))
			return word;
	}
	return FTP_NOTHING;
}

/**
 * ftp_replace_place() - replace the place that was found
 * @ctl: control connection
 * @out: how the numbers of the server's text change
 * @s: segment, with a whole place that no segment before has a part of
 * @text: what replaces it
 * @len: its length, at most FTP_PLACE_MAX
 *
 * Context: any; the caller serialises.
 */
void ftp_replace_place(struct ftp_control *ctl, struct ip_vs_seq *out,
		       const struct ftp_segment *s, const u8 *text, u8 len)
{
	const struct ftp_place *place = &s->place;

	ctl->edit.len = len;
	ctl->edit.open = false;
	memcpy(ctl->edit.text, text, len);
	ip_vs_seq_start(out, s->seq + s->line + place->from);
	ip_vs_seq_extend(out, place->to - place->from, len);
}

/**
 * ftp_swap_of() - which bytes of a segment are replaced, by what
 * @ctl: control connection
 * @out: how the numbers of the server's text change
 * @s: segment of the server
 * @swap: result
 *
 * Context: any; the caller serialises.
 */
void ftp_swap_of(const struct ftp_control *ctl, const struct ip_vs_seq *out,
		 const struct ftp_segment *s, struct ftp_swap *swap)
{
	s32 before = out->init_seq - s->seq;
	u32 skipped = before < 0 ? -before : 0;
	u32 from = before < 0 ? 0 : before;
	u32 end;

	memset(swap, 0, sizeof(*swap));
	if (!ctl->edit.len || skipped >= out->old_len || from >= s->cut)
		return;
	end = min_t(u32, out->old_len, skipped + s->cut - from);
	swap->from = from;
	swap->to = from + end - skipped;
	skipped = min_t(u32, skipped, out->new_len);
	swap->text = ctl->edit.text + skipped;
	swap->len = (end == out->old_len ? out->new_len :
		     min_t(u32, end, out->new_len)) - skipped;
}
