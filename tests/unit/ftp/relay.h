/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A director in a few lines, for tests and the fuzzer: what the module does with
 * the text of a control connection, without packets.  It checks that the client
 * is sent one text, however the server splits and repeats its own.
 */
#ifndef RELAY_H
#define RELAY_H

#include "ftp/control.h"

#define RELAY_ROOM	8192
#define RELAY_VIP	0x0a090064	/* 10.9.0.100 */

struct relay {
	struct ftp_control ctl;
	struct ip_vs_seq out;
	u32 isn;		/* first number of the server */
	u32 safe;		/* text up to here is not sent again */
	u8 got[RELAY_ROOM];	/* what the client was sent, by its numbers */
	bool there[RELAY_ROOM];
	char found[512];	/* "pasv 10.2.0.2:57423 " ... */
	bool torn;		/* the client was sent two texts */
};

void relay_begin(struct relay *r, u16 af, u32 isn);
void relay_end(struct relay *r);
/* A command of the client. */
void relay_client(struct relay *r, u32 seq, const void *text, u32 len);
/* A segment of the server.  Return: how many of its bytes went on. */
u32 relay_server(struct relay *r, u32 seq, const void *text, u32 len);

#endif
