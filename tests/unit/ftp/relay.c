// SPDX-License-Identifier: GPL-2.0-only
/*
 * A director in a few lines: see relay.h.
 */
#include "relay.h"

static u8 *line_alloc(struct ftp_control *ctl)
{
	return malloc(FTP_LINE_MAX);
}

void relay_begin(struct relay *r, u16 af, u32 isn)
{
	memset(r, 0, sizeof(*r));
	r->ctl.af = af;
	r->ctl.line_alloc = line_alloc;
	r->ctl.vaddr = htonl(RELAY_VIP);
	r->isn = isn;
	r->safe = isn;
}

void relay_end(struct relay *r)
{
	free(r->ctl.client.text);
	free(r->ctl.server.text);
}

static void note(struct relay *r, const char *what, const struct ftp_place *place)
{
	size_t at = strlen(r->found);
	char addr[64] = "-";

	if (place->has_addr)
		inet_ntop(r->ctl.af, &place->addr, addr, sizeof(addr));
	snprintf(r->found + at, sizeof(r->found) - at, "%s %s:%u ", what, addr,
		 ntohs(place->port));
}

void relay_client(struct relay *r, u32 seq, const void *text, u32 len)
{
	struct ftp_segment s = { .seq = seq, .text = text, .len = len };
	enum ftp_word word;

	ftp_read_begin(&r->ctl.client, &s);
	while ((word = ftp_read_command(&r->ctl, &s)) != FTP_NOTHING)
		if (word == FTP_PORT)
			note(r, "port", &s.place);
}

/* The client's byte at a number: whatever comes there has to be the same. */
static void put(struct relay *r, u32 seq, u8 byte)
{
	u32 at = seq - r->isn;

	if (at >= RELAY_ROOM)
		return;
	if (r->there[at] && r->got[at] != byte)
		r->torn = true;
	r->got[at] = byte;
	r->there[at] = true;
}

static void forward(struct relay *r, const struct ftp_segment *s)
{
	u32 i, seq = ip_vs_seq_there(&r->out, s->seq);
	u32 seen = r->out.init_seq + r->out.old_len;
	u32 ack, end = s->seq + s->cut;
	struct ftp_swap swap;

	ftp_swap_of(&r->ctl, &r->out, s, &swap);
	if (swap.from > swap.to || swap.to > s->cut)
		abort();
	for (i = 0; i < swap.from; i++)
		put(r, seq++, s->text[i]);
	for (i = 0; i < swap.len; i++)
		put(r, seq++, swap.text[i]);
	for (i = swap.to; i < s->cut; i++)
		put(r, seq++, s->text[i]);
	/* No byte is acknowledged that has not been seen. */
	ack = ip_vs_seq_back(&r->out, seq);
	if (ip_vs_seq_after(ack, end) && ip_vs_seq_after(ack, seen))
		abort();
}

static void replace(struct relay *r, const struct ftp_segment *s,
		    enum ftp_word word)
{
	u8 text[FTP_PLACE_MAX];
	u32 len;

	len = word == FTP_PASV ?
	      ftp_write_plain(text, r->ctl.vaddr, s->place.port) :
	      ftp_write_extended(text, s->place.port);
	if (len == s->place.to - s->place.from &&
	    !memcmp(text, s->text + s->line + s->place.from, len))
		return;
	ftp_replace_place(&r->ctl, &r->out, s, text, len);
}

u32 relay_server(struct relay *r, u32 seq, const void *text, u32 len)
{
	struct ftp_segment s = { .seq = seq, .text = text, .len = len };
	struct ip_vs_seq before = r->out;
	enum ftp_word word;

	ftp_read_begin(&r->ctl.server, &s);
	while ((word = ftp_read_reply(&r->ctl, &r->out, &s)) != FTP_NOTHING) {
		if (s.place.port)
			note(r, word == FTP_PASV ? "pasv" : "epsv", &s.place);
		if (!s.replaced)
			replace(r, &s, word);
	}
	if (r->out.init_seq != before.init_seq && before.old_len)
		r->safe = before.init_seq + before.old_len;
	forward(r, &s);
	return s.cut;
}
