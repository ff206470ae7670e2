/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the two halves of traffic share.
 */
#ifndef TRAFFIC_H
#define TRAFFIC_H

#include <sys/socket.h>

/* Of a server's name, with its end of line; and how long anybody waits. */
enum { GREETING = 64, PATIENCE_MS = 20000 };

/* Where to, and what socket() wants beside the type. */
extern struct sockaddr_storage target;
extern socklen_t target_size;
extern int transport;

_Noreturn void die(const char *format, ...);
socklen_t parse_address(const char *text, struct sockaddr_storage *out);
int parse_protocol(const char *name);
int read_line(int fd, char *line, size_t size);

int bulk(int argc, char **argv);

#endif
