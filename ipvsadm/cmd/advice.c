// SPDX-License-Identifier: GPL-2.0-only
/*
 * What people at a terminal should know about a command that did something else
 * than they may think
 *
 * An edit puts back to its default whatever is not given; a port that the method
 * cannot change is not used; two names may be one address. All of that is what
 * scripts rely on, so the commands do it, and people are told.
 */
#include "cmd/advice.h"

#include "net/query.h"
#include "args/hints.h"
#include "print/names.h"
#include "model/table.h"

#include <errno.h>
#include <string.h>

static void look_at_service(struct wire *wire, const struct request *req,
			    struct before *before)
{
	struct list services = { 0 };
	struct refusal why;

	if (!query_service(wire, &req->svc, &services, &why) && services.len) {
		before->svc = *(struct service *)services.item[0];
		before->known = true;
	}
	list_free(&services);
}

static void look_at_server(struct wire *wire, const struct request *req,
			   struct before *before)
{
	struct list dests = { 0 };
	struct refusal why;
	int err = query_dests(wire, &req->svc, &dests, &why);

	for (size_t i = 0; i < dests.len && !err; i++) {
		const struct dest *dst = dests.item[i];

		if (!dest_is(dst, &req->dst))
			continue;
		before->dst = *dst;
		before->known = true;
	}
	list_free(&dests);
}

/**
 * advice_look() - see what is there before it is edited
 * @wire: the socket
 * @req: the command; nothing is asked but for an edit
 * @before: the answer; not known unless there is a person to tell
 */
void advice_look(struct wire *wire, const struct request *req,
		 struct before *before)
{
	before->known = false;
	if (req->cmd == CMD_EDIT_SERVICE && hints_wanted())
		look_at_service(wire, req, before);
	else if (req->cmd == CMD_EDIT_DEST && hints_wanted())
		look_at_server(wire, req, before);
}

/* Did the edit reset this property because its option was not given? */
static bool option_reset(const struct request *req, enum option opt, bool was_other)
{
	return was_other && !has(req, opt);
}

static void service_edited(const struct request *req, const struct service *was)
{
	const uint32_t flags = was->flags;
	bool persistent = flags & IP_VS_SVC_F_PERSISTENT;

	if (option_reset(req, OPT_SCHEDULER, strcmp(was->sched, req->svc.sched)))
		complain("ipvsadm: the scheduler was %s and is %s now: -s was not given",
			 was->sched, req->svc.sched);
	if (option_reset(req, OPT_PERSISTENT, persistent))
		complain("ipvsadm: persistence was %u seconds and is off now: -p was not given",
			 was->timeout);
	else if (option_reset(req, OPT_NETMASK, persistent && names_mask(was)))
		complain("ipvsadm: the mask was %s and is the full one now: -M was not given",
			 names_mask(was));
	if (option_reset(req, OPT_PE, was->pe[0]))
		complain("ipvsadm: the engine was %s and is none now: --pe was not given",
			 was->pe);
	if (option_reset(req, OPT_OPS, flags & IP_VS_SVC_F_ONEPACKET))
		complain("ipvsadm: one-packet scheduling is off now: -o was not given");
	if (option_reset(req, OPT_SCHED_FLAGS, flags & SVC_SCHED_FLAGS))
		complain("ipvsadm: the scheduler flags were %s and are none now: -b was not given",
			 names_sched_flags(was));
}

static uint32_t method_of(const struct dest *dst)
{
	return dst->fwd & IP_VS_CONN_F_FWD_MASK;
}

static void server_edited(const struct request *req, const struct dest *was)
{
	uint32_t method = method_of(was);
	bool other = method == IP_VS_CONN_F_MASQ ||
		     method == IP_VS_CONN_F_TUNNEL;
	bool tunnel = method == IP_VS_CONN_F_TUNNEL &&
		      method_of(&req->dst) == method;

	if (option_reset(req, OPT_FORWARD, other))
		complain("ipvsadm: the method was %s and is -g now: no method was given",
			 method == IP_VS_CONN_F_MASQ ? "-m" : "-i");
	tunnel = tunnel && was->tun_type != req->dst.tun_type;
	if (option_reset(req, OPT_TUN_TYPE, tunnel))
		complain("ipvsadm: the tunnel is of type ipip now: --tun-type was not given");
	if (option_reset(req, OPT_WEIGHT, was->weight != req->dst.weight))
		complain("ipvsadm: the weight was %u and is %u now: -w was not given",
			 was->weight, req->dst.weight);
	if (option_reset(req, OPT_U_THRESH, was->u_thresh))
		complain("ipvsadm: the upper threshold was %u and is none now: -x was not given",
			 was->u_thresh);
	if (option_reset(req, OPT_L_THRESH, was->l_thresh))
		complain("ipvsadm: the lower threshold was %u and is none now: -y was not given",
			 was->l_thresh);
}

/**
 * advice_edited() - tell what an edit has put back to its default
 * @req: the command; the kernel has done it
 * @before: from advice_look()
 */
void advice_edited(const struct request *req, const struct before *before)
{
	if (!before->known)
		return;
	if (req->cmd == CMD_EDIT_SERVICE)
		service_edited(req, &before->svc);
	else
		server_edited(req, &before->dst);
}

/**
 * advice_port() - tell that a server's port was not used
 * @req: the command
 * @line: of a file, or 0
 */
void advice_port(const struct request *req, unsigned int line)
{
	struct line text;

	if (!req->port_unused || !hints_wanted())
		return;
	line_begin(&text);
	names_endpoint(&text, &req->dst.rip, 0, NAME_NONE);
	complain("ipvsadm: port %u is not used, the server is %s: other ports need -m",
		 req->port_unused, line_string(&text));
	if (line)
		complain("ipvsadm: in line %u of the input", line);
}

/**
 * advice_meaning() - which address was meant by a name
 * @req: the command
 * @text: the answer is put together there
 *
 * Return: "NAME means ADDRESS", or NULL if addresses were written as such.
 */
const char *advice_meaning(const struct request *req, struct line *text)
{
	bool server = has(req, OPT_SERVER);
	const char *name = server ? req->server_name : req->service_name;

	if (!name[0])
		return NULL;
	line_begin(text);
	line_pair(text, name, " means ");
	names_endpoint(text, server ? &req->dst.rip : &req->svc.vip, 0,
		       NAME_NONE);
	return line_string(text);
}

/**
 * advice_refused() - help with what the kernel refused
 * @req: the command
 * @why: the refusal
 */
void advice_refused(const struct request *req, const struct refusal *why)
{
	const char *meant = NULL;
	struct line text;

	if (!hints_wanted())
		return;
	if (why->error == ENOENT &&
	    (req->cmd == CMD_ADD_SERVICE || req->cmd == CMD_EDIT_SERVICE))
		meant = hints_scheduler(req->svc.sched);
	if (meant)
		complain("ipvsadm: did you mean -s %s?", meant);
	if (why->error != EEXIST)
		return;
	meant = advice_meaning(req, &text);
	if (meant)
		complain("ipvsadm: %s", meant);
}
