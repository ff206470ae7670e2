// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one netlink socket of a run
 *
 * Owns the socket, the families' numbers, sequence numbers and the queue of
 * requests not yet sent. Knows nothing of services.
 *
 * Queued requests go out in one system call, and only the last of them asks
 * for an acknowledgment: the kernel processes them in order and reports each that
 * fails, so no report means success.
 */
#include "net/wire.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/ip_vs_ext.h>
#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/family.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* One part of a dump is at most 32 KiB; errors echo only the header. */
#define REPLY_MAX	(64 * 1024)

/*
 * Each refusal takes up to REFUSAL_BYTES of the receive buffer: were there more
 * requests at once than it has room for, answers could be lost.
 */
#define QUEUE_LEN	128
#define QUEUE_BYTES	(2 * WIRE_MESSAGE_BYTES)
#define REQUEST_BYTES	512
#define REFUSAL_BYTES	2048
#define RECEIVE_BYTES	212992	/* what every system allows */
#define EVENT_BYTES	(4 * 1024 * 1024)

/**
 * enum ext - is there the family IPVS_EXT?
 * @EXT_UNKNOWN: nobody asked yet
 * @EXT_ABSENT: no
 * @EXT_PRESENT: yes
 */
enum ext {
	EXT_UNKNOWN,
	EXT_ABSENT,
	EXT_PRESENT
};

/**
 * struct wire - the socket
 * @sock: libnl's socket
 * @family: number of the family IPVS
 * @ext: is there the family IPVS_EXT?
 * @ext_family: its number
 * @seq: last sequence number used
 * @spare: a message of wire_request() that was posted, to be filled again; or NULL
 * @queue: requests not yet sent, back to back
 * @used: bytes in @queue
 * @last: offset of the last request in @queue
 * @len: requests in @queue
 * @limit: how many of them at most
 * @seqs: their sequence numbers
 * @tags: what their poster calls them
 */
struct wire {
	struct nl_sock *sock;
	int family;
	enum ext ext;
	int ext_family;
	uint32_t seq;
	struct nl_msg *spare;
	char queue[QUEUE_BYTES];
	size_t used;
	size_t last;
	size_t len;
	size_t limit;
	uint32_t seqs[QUEUE_LEN];
	unsigned int tags[QUEUE_LEN];
};

/**
 * struct exchange - what the callbacks of one exchange share
 * @wire: the socket
 * @sink: takes replies, or NULL
 * @refused: takes errors of queued requests, or NULL
 * @arg: for @sink or @refused
 * @last: sequence number whose answer ends the exchange
 * @done: it has come
 * @torn: the kernel says the dump changed under way
 * @why: the first failure
 */
struct exchange {
	struct wire *wire;
	wire_sink sink;
	wire_refused refused;
	void *arg;
	uint32_t last;
	bool done;
	bool torn;
	struct refusal why;
};

static size_t queue_limit(int fd)
{
	socklen_t len = sizeof(int);
	int room = 0;

	getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, &len);
	if (room / REFUSAL_BYTES >= QUEUE_LEN)
		return QUEUE_LEN;
	return room / REFUSAL_BYTES + 1;
}

static int wire_setup(struct wire *wire)
{
	int on = 1, fd, err;

	err = genl_connect(wire->sock);
	if (err < 0)
		return err;
	fd = nl_socket_get_fd(wire->sock);
	nl_socket_set_buffer_size(wire->sock, RECEIVE_BYTES, REPLY_MAX);
	wire->limit = queue_limit(fd);
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	nl_socket_disable_msg_peek(wire->sock);
	err = nl_socket_set_msg_buf_size(wire->sock, REPLY_MAX);
	if (err < 0)
		return err;
	wire->family = genl_ctrl_resolve(wire->sock, IPVS_GENL_NAME);
	return wire->family;
}

/* Why there is no family: missing permission, or a kernel without IPVS. */
static int why_no_family(void)
{
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	int err = -errno;

	if (fd < 0)
		return err;
	close(fd);
	return -ENOPROTOOPT;
}

/**
 * wire_open() - connect and find the family; loads the module if it can be
 * @why: set on failure
 *
 * Return: the socket, for wire_close(), or NULL.
 */
struct wire *wire_open(struct refusal *why)
{
	struct wire *wire = calloc(1, sizeof(*wire));

	memset(why, 0, sizeof(*why));
	why->error = ENOMEM;
	if (!wire)
		return NULL;
	wire->sock = nl_socket_alloc();
	if (wire->sock && wire_setup(wire) >= 0)
		return wire;
	if (wire->sock)
		why->error = -why_no_family();
	wire_close(wire);
	return NULL;
}

/**
 * wire_close() - the opposite of wire_open()
 * @wire: may be NULL
 */
void wire_close(struct wire *wire)
{
	if (!wire)
		return;
	nlmsg_free(wire->spare);
	nl_socket_free(wire->sock);
	free(wire);
}

static void wire_find_ext(struct wire *wire)
{
	struct genl_family *ext;
	struct nl_cache *all;

	wire->ext = EXT_ABSENT;
	if (genl_ctrl_alloc_cache(wire->sock, &all) < 0)
		return;
	ext = genl_ctrl_search_by_name(all, IPVS_EXT_GENL_NAME);
	if (ext) {
		wire->ext = EXT_PRESENT;
		wire->ext_family = genl_family_get_id(ext);
		genl_family_put(ext);
	}
	nl_cache_free(all);
}

/**
 * wire_has_ext() - is this kernel's ip_vs ours, with the family IPVS_EXT?
 * @wire: the socket
 *
 * All families are asked for: the name of one that is missing would make the
 * kernel look for a module, each time.
 *
 * Return: true if it is.
 */
bool wire_has_ext(struct wire *wire)
{
	if (wire->ext == EXT_UNKNOWN)
		wire_find_ext(wire);
	return wire->ext == EXT_PRESENT;
}

/* The message is reused: a restore needs one for all its lines. */
static struct nl_msg *wire_take_spare(struct wire *wire)
{
	struct nl_msg *msg = wire->spare;

	if (!msg)
		return nlmsg_alloc_size(REQUEST_BYTES);
	wire->spare = NULL;
	nlmsg_hdr(msg)->nlmsg_len = NLMSG_HDRLEN;
	return msg;
}

static void wire_keep_spare(struct wire *wire, struct nl_msg *msg)
{
	if (wire->spare || nlmsg_get_max_size(msg) != REQUEST_BYTES)
		nlmsg_free(msg);
	else
		wire->spare = msg;
}

static struct nl_msg *message_begin(struct wire *wire, struct nl_msg *msg, int family,
				    int command, int version)
{
	if (!msg)
		return NULL;
	if (!genlmsg_put(msg, nl_socket_get_local_port(wire->sock), ++wire->seq,
			 family, 0, 0, command, version)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

/**
 * wire_request() - begin a request
 * @wire: the socket
 * @command: IPVS_CMD_*
 *
 * Return: a message for wire_ask(), wire_dump() or wire_post(), which free it, or
 * NULL without memory.
 */
struct nl_msg *wire_request(struct wire *wire, int command)
{
	return message_begin(wire, wire_take_spare(wire), wire->family, command,
		     IPVS_GENL_VERSION);
}

/**
 * wire_ext_request() - begin a request to the family IPVS_EXT
 * @wire: the socket; wire_has_ext() has said yes
 * @command: IPVS_EXT_CMD_*
 *
 * Return: as wire_request().
 */
struct nl_msg *wire_ext_request(struct wire *wire, int command)
{
	return message_begin(wire, nlmsg_alloc_size(WIRE_MESSAGE_BYTES),
		     wire->ext_family, command, IPVS_EXT_GENL_VERSION);
}

/*
 * libnl does not pass on the extended ack text: it follows the error message.
 */
static void read_text(const struct nlmsghdr *nlh, const struct nlmsgerr *err,
		      struct refusal *why)
{
	size_t skip = NLMSG_HDRLEN + sizeof(*err);
	struct nlattr *attr;
	int len;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += err->msg.nlmsg_len - NLMSG_HDRLEN;
	len = (int)nlh->nlmsg_len - (int)NLMSG_ALIGN(skip);
	if (len <= 0)
		return;
	attr = nla_find((struct nlattr *)((char *)nlh + NLMSG_ALIGN(skip)),
			len, NLMSGERR_ATTR_MSG);
	if (attr)
		nla_strlcpy(why->text, attr, sizeof(why->text));
}

static void exchange_refused(struct exchange *x, uint32_t seq,
			     const struct refusal *why)
{
	const struct wire *wire = x->wire;

	if (!x->refused) {
		if (seq == x->last)
			x->why = *why;
		return;
	}
	for (size_t i = 0; i < wire->len; i++)
		if (wire->seqs[i] == seq)
			x->refused(wire->tags[i], why, x->arg);
}

/* An acknowledgment is an error message without error. */
static void exchange_error(struct exchange *x, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = nlmsg_data(nlh);
	struct refusal why = { 0 };

	if (nlmsg_datalen(nlh) < (int)sizeof(*err)) {
		why.error = EINVAL;
	} else if (err->error) {
		why.error = -err->error;
		read_text(nlh, err, &why);
	}
	if (why.error)
		exchange_refused(x, nlh->nlmsg_seq, &why);
	x->done = nlh->nlmsg_seq == x->last;
}

/* NLMSG_DONE may carry an error as well. */
static void exchange_done(struct exchange *x, const struct nlmsghdr *nlh)
{
	int error = 0;

	if (nlmsg_datalen(nlh) >= (int)sizeof(error))
		memcpy(&error, nlmsg_data(nlh), sizeof(error));
	if (error < 0 && !x->why.error)
		x->why.error = -error;
	x->done = true;
}

static void exchange_reply(struct exchange *x, const struct nlmsghdr *nlh)
{
	int err;

	if (!x->sink || x->why.error)
		return;
	err = x->sink(nlh, x->arg);
	if (err)
		x->why.error = -err;
}

static void exchange_take(struct exchange *x, const struct nlmsghdr *nlh)
{
	if (nlh->nlmsg_type == NLMSG_ERROR) {
		exchange_error(x, nlh);
		return;
	}
	/* Any of the queued requests may have a reply. */
	if (nlh->nlmsg_seq != x->last && !x->refused)
		return;
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		x->torn = true;
	if (nlh->nlmsg_type == NLMSG_DONE)
		exchange_done(x, nlh);
	else if (nlh->nlmsg_type >= NLMSG_MIN_TYPE)
		exchange_reply(x, nlh);
}

/* A failed receive is reported as EINVAL, as a bad request is. */
static int exchange_receive(struct exchange *x)
{
	struct sockaddr_nl from;
	struct nlmsghdr *nlh;
	unsigned char *data;
	int left;

	while (!x->done) {
		left = nl_recv(x->wire->sock, &from, &data, NULL);
		if (left <= 0)
			return -EINVAL;
		nlh = (struct nlmsghdr *)data;
		for (; nlmsg_ok(nlh, left); nlh = nlmsg_next(nlh, &left))
			exchange_take(x, nlh);
		free(data);
	}
	return 0;
}

static int wire_send(struct wire *wire, struct nl_msg *msg, unsigned int flags)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	int err;

	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	err = nl_sendto(wire->sock, nlh, nlh->nlmsg_len);
	return err < 0 ? -EINVAL : 0;
}

static int wire_converse(struct wire *wire, struct nl_msg *msg, unsigned int flags,
			 wire_sink sink, void *arg, struct refusal *why)
{
	struct exchange x = { .wire = wire, .sink = sink, .arg = arg };
	int err;

	memset(why, 0, sizeof(*why));
	if (!msg) {
		why->error = ENOMEM;
		return -ENOMEM;
	}
	x.last = nlmsg_hdr(msg)->nlmsg_seq;
	err = wire_send(wire, msg, flags);
	nlmsg_free(msg);
	if (!err)
		err = exchange_receive(&x);
	if (err)
		why->error = -err;
	else
		*why = x.why;
	if (!why->error && x.torn)
		return -EAGAIN;
	return -why->error;
}

/**
 * wire_ask() - send one request and wait for its acknowledgment
 * @wire: the socket
 * @msg: from wire_request(); freed; NULL fails with -ENOMEM
 * @sink: takes replies, or NULL
 * @arg: for @sink
 * @why: set on failure
 *
 * Return: 0 or -errno.
 */
int wire_ask(struct wire *wire, struct nl_msg *msg, wire_sink sink, void *arg,
	     struct refusal *why)
{
	return wire_converse(wire, msg, NLM_F_ACK, sink, arg, why);
}

/**
 * wire_dump() - send one request for a list
 * @wire: the socket
 * @msg: from wire_request(); freed; NULL fails with -ENOMEM
 * @sink: takes replies
 * @arg: for @sink
 * @why: set on failure
 *
 * Return: 0, -errno, or -EAGAIN when the list changed while it was read.
 */
int wire_dump(struct wire *wire, struct nl_msg *msg, wire_sink sink, void *arg,
	      struct refusal *why)
{
	return wire_converse(wire, msg, NLM_F_DUMP, sink, arg, why);
}

/**
 * wire_full() - must the queue be flushed before the next request?
 * @wire: the socket
 *
 * Return: true when wire_post() would fail.
 */
bool wire_full(const struct wire *wire)
{
	return wire->len >= wire->limit || wire->used > QUEUE_BYTES / 2;
}

/**
 * wire_post() - queue a request that changes something
 * @wire: the socket
 * @msg: from wire_request(), in their order; freed; NULL fails with -ENOMEM
 * @tag: told to the callback of wire_flush() if the kernel refuses
 *
 * Return: 0 or -ENOMEM.
 */
int wire_post(struct wire *wire, struct nl_msg *msg, unsigned int tag)
{
	struct nlmsghdr *nlh = msg ? nlmsg_hdr(msg) : NULL;
	size_t size = nlh ? NLMSG_ALIGN(nlh->nlmsg_len) : 0;

	if (!size || wire->len >= wire->limit || wire->used + size > QUEUE_BYTES) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	nlh->nlmsg_flags = NLM_F_REQUEST;
	wire->last = wire->used;
	memcpy(wire->queue + wire->last, nlh, nlh->nlmsg_len);
	wire->used += size;
	wire->seqs[wire->len] = nlh->nlmsg_seq;
	wire->tags[wire->len++] = tag;
	wire_keep_spare(wire, msg);
	return 0;
}

/**
 * wire_flush() - send what is queued and wait until all is done
 * @wire: the socket
 * @refused: called in order for each request the kernel refused
 * @sink: takes replies, in order with @refused; or NULL
 * @arg: for both
 *
 * Return: 0, or -errno when it is not known what was done.
 */
int wire_flush(struct wire *wire, wire_refused refused, wire_sink sink,
	       void *arg)
{
	struct exchange x = {
		.wire = wire, .refused = refused, .sink = sink, .arg = arg
	};
	struct nlmsghdr *last = (struct nlmsghdr *)(wire->queue + wire->last);
	int err;

	if (!wire->len)
		return 0;
	last->nlmsg_flags |= NLM_F_ACK;
	x.last = last->nlmsg_seq;
	err = nl_sendto(wire->sock, wire->queue, wire->used);
	err = err < 0 ? -EINVAL : exchange_receive(&x);
	wire->used = 0;
	wire->len = 0;
	return err;
}

/**
 * wire_fd() - the socket, to wait for it with poll()
 * @wire: the socket
 *
 * Return: its file descriptor.
 */
int wire_fd(const struct wire *wire)
{
	return nl_socket_get_fd(wire->sock);
}

/**
 * wire_listen() - hear of what happens from now on
 * @wire: the socket; wire_has_ext() has said yes
 * @events: of what; IPVS_EXT_EVENTS_*
 * @why: set on failure
 *
 * Return: 0 or -errno.
 */
int wire_listen(struct wire *wire, uint32_t events, struct refusal *why)
{
	const int room = EVENT_BYTES;
	struct nl_msg *msg;

	/* Needs CAP_NET_ADMIN; a smaller buffer is no reason to fail. */
	setsockopt(wire_fd(wire), SOL_SOCKET, SO_RCVBUFFORCE, &room,
		   sizeof(room));
	msg = wire_ext_request(wire, IPVS_EXT_CMD_LISTEN);
	if (msg && nla_put_u32(msg, IPVS_EXT_ATTR_EVENTS, events)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	return wire_ask(wire, msg, NULL, NULL, why);
}

/**
 * wire_hear() - take what the socket has heard
 * @wire: the socket; poll() says there is something
 * @sink: takes each message
 * @arg: for @sink
 *
 * Return: 0, what @sink said, or -errno; -ENOBUFS when there was more than it
 * could keep.
 */
int wire_hear(struct wire *wire, wire_sink sink, void *arg)
{
	static union {
		struct nlmsghdr nlh;
		char bytes[REPLY_MAX];
	} buffer;
	struct nlmsghdr *nlh = &buffer.nlh;
	ssize_t got = recv(wire_fd(wire), &buffer, sizeof(buffer),
			   MSG_DONTWAIT);
	int left = got, err = 0;

	if (got < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	for (; nlmsg_ok(nlh, left) && !err; nlh = nlmsg_next(nlh, &left))
		if (nlh->nlmsg_type == wire->ext_family)
			err = sink(nlh, arg);
	return err;
}
