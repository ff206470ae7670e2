/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A control connection's text: lines from segments, and what is replaced.
 */
#ifndef IP_VS_FTP_CONTROL_H
#define IP_VS_FTP_CONTROL_H

#include <linux/types.h>

#include "conn/seq.h"
#include "ftp/text.h"

/* Bytes of an unfinished line that are kept.  Nothing that is looked for is as
 * long.
 */
#define FTP_LINE_MAX	256

/**
 * struct ftp_line - an unfinished line
 * @next: number of the byte after those that have been read
 * @known: @next is valid
 * @skip: the rest of the line is of no interest
 * @editing: a place in this line is being replaced
 * @multi: code of the reply of several lines that has begun, 0: none
 * @len: how much of the line is kept
 * @text: room for FTP_LINE_MAX bytes, NULL: none yet
 */
struct ftp_line {
	u32 next;
	bool known;
	bool skip;
	bool editing;
	u16 multi;
	u16 len;
	u8 *text;
};

/**
 * struct ftp_edit - the last place in the server's text that was replaced
 * @len: length of @text, 0: none was replaced
 * @open: the text to be replaced may go on in the next segment
 * @text: what replaces it
 *
 * Where it stands is in the connection's struct ip_vs_seq.
 */
struct ftp_edit {
	u8 len;
	bool open;
	u8 text[FTP_PLACE_MAX];
};

/* Replies that the client has asked for. */
#define FTP_WANTS_PASV	0x1
#define FTP_WANTS_EPSV	0x2

/**
 * struct ftp_control - state of a control connection
 * @af: family
 * @wants: FTP_WANTS_*
 * @vaddr: virtual address, IPv4
 * @line_alloc: memory for an unfinished line, FTP_LINE_MAX bytes; or NULL
 * @client: the client's unfinished line
 * @server: the server's
 * @edit: what was replaced last
 */
struct ftp_control {
	u16 af;
	u8 wants;
	__be32 vaddr;
	u8 *(*line_alloc)(struct ftp_control *ctl);
	struct ftp_line client;
	struct ftp_line server;
	struct ftp_edit edit;
};

/**
 * struct ftp_segment - one segment of text
 * @seq: number of its first byte
 * @text: its bytes
 * @len: how many
 * @pos: how far it has been read
 * @alone: it has come before, or late: what it says does not continue a line
 * @replaced: the place that was found has been replaced already
 * @place: what was found; its offsets are those of the line
 * @line: offset of the line's beginning, which may be in an earlier segment
 * @cut: the rest from here on is not forwarded, but left to be sent again;
 *	@len: nothing
 */
struct ftp_segment {
	u32 seq;
	const u8 *text;
	u32 len;
	u32 pos;
	bool alone;
	bool replaced;
	struct ftp_place place;
	s32 line;
	u32 cut;
};

/**
 * struct ftp_swap - what to write to a segment
 * @from: first byte to be replaced
 * @to: behind the last one; @from: nothing is replaced
 * @text: what replaces it
 * @len: its length
 */
struct ftp_swap {
	u32 from;
	u32 to;
	const u8 *text;
	u32 len;
};

void ftp_read_begin(struct ftp_line *line, struct ftp_segment *s);
enum ftp_word ftp_read_command(struct ftp_control *ctl, struct ftp_segment *s);
enum ftp_word ftp_read_reply(struct ftp_control *ctl, struct ip_vs_seq *out,
			     struct ftp_segment *s);
void ftp_replace_place(struct ftp_control *ctl, struct ip_vs_seq *out,
		       const struct ftp_segment *s, const u8 *text, u8 len);
void ftp_swap_of(const struct ftp_control *ctl, const struct ip_vs_seq *out,
		 const struct ftp_segment *s, struct ftp_swap *swap);

#endif
