/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one netlink socket of a run
 *
 * Two ways to use it: wire_ask() sends one request and hands each reply to a
 * sink; wire_post() queues requests that change something, and wire_flush() sends
 * all of them at once and reports those the kernel refused.
 */
#ifndef WIRE_H
#define WIRE_H

#include "model/errors.h"

#include <stdbool.h>
#include <stdint.h>

/* What a request to the family IPVS_EXT has room for. */
#define WIRE_MESSAGE_BYTES (16 * 1024)

struct wire;
struct nl_msg;
struct nlmsghdr;

/**
 * typedef wire_sink - takes one reply
 * @reply: the reply
 * @arg: what was given with the sink
 *
 * Return: 0, or -errno to fail the whole request.
 */
typedef int (*wire_sink)(const struct nlmsghdr *reply, void *arg);

/** typedef wire_refused - told of one refused request and its wire_post() tag */
typedef void (*wire_refused)(unsigned int tag, const struct refusal *why,
			   void *arg);

struct wire *wire_open(struct refusal *why);
void wire_close(struct wire *wire);

bool wire_has_ext(struct wire *wire);

struct nl_msg *wire_request(struct wire *wire, int command);
struct nl_msg *wire_ext_request(struct wire *wire, int command);
int wire_ask(struct wire *wire, struct nl_msg *msg, wire_sink sink, void *arg,
	     struct refusal *why);
int wire_dump(struct wire *wire, struct nl_msg *msg, wire_sink sink, void *arg,
	      struct refusal *why);

bool wire_full(const struct wire *wire);
int wire_post(struct wire *wire, struct nl_msg *msg, unsigned int tag);
int wire_flush(struct wire *wire, wire_refused refused, wire_sink sink,
	       void *arg);

int wire_listen(struct wire *wire, uint32_t events, struct refusal *why);
int wire_fd(const struct wire *wire);
int wire_hear(struct wire *wire, wire_sink sink, void *arg);

#endif
