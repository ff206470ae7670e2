/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * FTP commands and replies that name a data connection.
 *
 * Pure functions over bytes that a stranger has written.  A text may end before
 * its line does: then the answer is FTP_MORE, as long as more bytes could still
 * make it what is looked for.
 */
#ifndef IP_VS_FTP_TEXT_H
#define IP_VS_FTP_TEXT_H

#include <linux/netfilter.h>
#include <linux/types.h>

/* What a text says. */
enum ftp_word {
	FTP_NOTHING,	/* nothing that is looked for */
	FTP_MORE,	/* more bytes decide */
	FTP_PASV,	/* the command PASV, or its reply */
	FTP_EPSV,	/* the command EPSV, or its reply */
	FTP_PORT,	/* the command PORT or EPRT */
};

/**
 * struct ftp_place - an address and a port, and where they stand in a text
 * @addr: address, zero-padded; undefined unless @has_addr
 * @port: port
 * @has_addr: the text names an address
 * @delimiter: of the extended form, 0: plain form
 * @from: offset of the first byte of the place; 0: not seen yet
 * @host_end: offset behind the address and the delimiter that ends it; 0: not
 *	seen yet
 * @to: offset behind the port
 *
 * With FTP_MORE what has been seen so far; with FTP_NOTHING undefined.
 */
struct ftp_place {
	union nf_inet_addr addr;
	__be16 port;
	bool has_addr;
	u8 delimiter;
	u32 from;
	u32 host_end;
	u32 to;
};

/* The longest text that replaces a place: six numbers of three digits. */
#define FTP_PLACE_MAX	24

enum ftp_word ftp_command(const u8 *text, u32 len, u16 af,
			  struct ftp_place *place);
enum ftp_word ftp_reply(const u8 *text, u32 len, u16 af,
			struct ftp_place *place);
u32 ftp_write_plain(u8 *text, __be32 addr, __be16 port);
u32 ftp_write_extended(u8 *text, __be16 port);
u32 ftp_write_host(u8 *text, __be32 addr);

#endif
