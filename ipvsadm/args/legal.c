// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which options a command takes, and which values go together
 *
 * Everything that can be judged without the kernel and only after the last
 * word is here. The order of the checks decides which error wins.
 */
#include "args/legal.h"

#include "args/parse.h"
#include "model/filter.h"
#include "model/model.h"
#include "model/scheduler.h"
#include "model/util.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define BIT(opt)	(UINT64_C(1) << (opt))

static const char *const option_names[OPT_MAX] = {
	[OPT_NUMERIC] = "numeric",
	[OPT_CONNECTION] = "connection",
	[OPT_SERVICE] = "service-address",
	[OPT_SCHEDULER] = "scheduler",
	[OPT_PERSISTENT] = "persistent",
	[OPT_NETMASK] = "netmask",
	[OPT_SERVER] = "real-server",
	[OPT_FORWARD] = "forwarding-method",
	[OPT_WEIGHT] = "weight",
	[OPT_U_THRESH] = "u-threshold",
	[OPT_L_THRESH] = "l-threshold",
	[OPT_MCAST_IF] = "mcast-interface",
	[OPT_TIMEOUT] = "timeout",
	[OPT_DAEMON] = "daemon",
	[OPT_STATS] = "stats",
	[OPT_RATE] = "rate",
	[OPT_THRESHOLDS] = "thresholds",
	[OPT_PERSIST_CONN] = "persistent-conn",
	[OPT_NOSORT] = "nosort",
	[OPT_SYNCID] = "syncid",
	[OPT_EXACT] = "exact",
	[OPT_OPS] = "ops",
	[OPT_PE] = "pe",
	[OPT_SCHED_FLAGS] = "sched-flags",
	[OPT_MCAST_GROUP] = "mcast-group",
	[OPT_MCAST_PORT] = "mcast-port",
	[OPT_MCAST_TTL] = "mcast-ttl",
	[OPT_SYNC_MAXLEN] = "sync-maxlen",
	[OPT_TUN_INFO] = "tun-info",
	[OPT_TUN_TYPE] = "tun-type",
	[OPT_TUN_PORT] = "tun-port",
	[OPT_TUN_NOCSUM] = "tun-nocsum",
	[OPT_TUN_CSUM] = "tun-csum",
	[OPT_TUN_REMCSUM] = "tun-remcsum",
	[OPT_JSON] = "json",
	[OPT_PRETTY] = "pretty",
	[OPT_FILTER] = "filter",
	[OPT_COUNT] = "count",
	[OPT_DRAIN] = "drain",
	[OPT_SORT_KEY] = "sort",
	[OPT_REPLACE] = "replace",
	[OPT_CHECK] = "check",
	[OPT_DROPS] = "drops",
	[OPT_ALL] = "all",
	[OPT_FORCE] = "force",
	[OPT_NAMES] = "names",
};

/*
 * One row a command, one column an option:
 * '+' needed, 'x' illegal, '.' free, '1' at most one of the row's.
 */
static const struct {
	const char *name;
	char rule[OPT_MAX + 1];
} matrix[CMD_LEGAL_MAX] = {
	/*			  0         1         2         3         4      */
	/*			  0123456789012345678901234567890123456789012345 */
	[CMD_ADD_SERVICE]  = { "add-service",
				 "xx+...xxxxxxxxxxxxxxx...xxxxxxxxxxxxxxxxxxxxxx" },
	[CMD_EDIT_SERVICE] = { "edit-service",
				 "xx+...xxxxxxxxxxxxxxx...xxxxxxxxxxxxxxxxxxxxxx" },
	[CMD_DEL_SERVICE]  = { "delete-service",
				 "xx+xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" },
	[CMD_FLUSH]	   = { "flush",
				 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" },
	[CMD_LIST]	   = { "list",
				 ".11xxxxxxxxx11.......xxxxxxx.xxxxx....x.xx1xxx" },
	[CMD_ADD_DEST]	   = { "add-server",
				 "xx+xxx+....xxxxxxxxxxxxxxxxxx.....xxxxxxxxxxxx" },
	[CMD_DEL_DEST]	   = { "delete-server",
				 "xx+xxx+xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" },
	[CMD_EDIT_DEST]	   = { "edit-server",
				 "xx+xxx+....xxxxxxxxxxxxxxxxxx.....xxxx.xxxxx.x" },
	[CMD_SET]	   = { "set",
				 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" },
	[CMD_START_DAEMON] = { "start-daemon",
				 "xxxxxxxxxxx.xxxxxxx.xxxx....xxxxxxxxxxxxxxxxxx" },
	[CMD_STOP_DAEMON]  = { "stop-daemon",
				 "xxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxx" },
	[CMD_RESTORE]	   = { "restore",
				 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..xxxx" },
	[CMD_SAVE]	   = { "save",
				 ".xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" },
	[CMD_ZERO]	   = { "zero",
				 "xx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" },
	[CMD_KILL]	   = { "kill",
				 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..1xxxxxx1xx" },
	[CMD_MONITOR]	   = { "monitor",
				 "1.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxx1" },
	[CMD_WATCH]	   = { "watch",
				 "1x.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx1" },
};

/* The same for tunnel types; the columns are the options in tun_columns. */
static const char *const tun_matrix[IP_VS_CONN_F_TUNNEL_TYPE_MAX] = {
	[IP_VS_CONN_F_TUNNEL_TYPE_IPIP] = "xxxx",
	[IP_VS_CONN_F_TUNNEL_TYPE_GUE]	= "+111",
	[IP_VS_CONN_F_TUNNEL_TYPE_GRE]	= "x11x",
};

static const enum option tun_columns[] = {
	OPT_TUN_PORT, OPT_TUN_NOCSUM, OPT_TUN_CSUM, OPT_TUN_REMCSUM
};

static_assert(OPT_MAX <= 64, "request.given has one bit an option");

/**
 * option_name() - the word messages use for an option
 * @opt: the option
 *
 * Return: a constant.
 */
const char *option_name(enum option opt)
{
	return option_names[opt];
}

/**
 * command_name() - the word messages use for a command
 * @cmd: the command, below CMD_LEGAL_MAX
 *
 * Return: a constant.
 */
const char *command_name(enum command cmd)
{
	return matrix[cmd].name;
}

/**
 * struct row - one row of either matrix while it is checked
 * @req: the request
 * @what: its name
 * @kind: "command" or "tunnel type"
 * @first: the first of the exclusive options seen, or OPT_MAX
 */
struct row {
	struct request *req;
	const char *what;
	const char *kind;
	enum option first;
};

static enum verdict check_cell(struct row *row, enum option opt, char rule)
{
	bool given = has(row->req, opt);
	const char *name;

	if (!given && rule != '+')
		return REQ_OK;
	name = option_name(opt);
	if (!given)
		return refuse(row->req,
			      "You need to supply the '%s' option for the '%s' %s",
			      name, row->what, row->kind);
	if (rule == 'x')
		return refuse(row->req,
			      "Illegal '%s' option with the '%s' %s",
			      name, row->what, row->kind);
	if (rule != '1')
		return REQ_OK;
	if (row->first != OPT_MAX)
		return refuse(row->req,
			      "The option '%s' conflicts with the '%s' option in the '%s' %s",
			      name, option_name(row->first), row->what,
			      row->kind);
	row->first = opt;
	return REQ_OK;
}

static uint64_t options_needed(const char *rule)
{
	uint64_t options = 0;

	for (const char *at = rule; (at = strchr(at, '+')); at++)
		options |= BIT(at - rule);
	return options;
}

/* Options that are neither given nor required need no check. */
static enum verdict check_matrix(struct request *req)
{
	struct row row = { req, command_name(req->cmd), "command", OPT_MAX };
	const char *rule = matrix[req->cmd].rule;
	uint64_t left = req->given | options_needed(rule);
	enum verdict v = REQ_OK;

	for (; left && !v; left &= left - 1) {
		enum option opt = __builtin_ctzll(left);

		v = check_cell(&row, opt, rule[opt]);
	}
	return v;
}

static enum verdict check_tunnel(struct request *req)
{
	uint32_t type = req->dst.tun_type;
	struct row row = { req, tunnel_name(type), "tunnel type", OPT_MAX };
	size_t columns = ARRAY_SIZE(tun_columns);
	enum verdict v = REQ_OK;

	for (size_t i = 0; i < columns && !v; i++)
		v = check_cell(&row, tun_columns[i], tun_matrix[type][i]);
	return v;
}

static enum verdict check_sched_flags(struct request *req)
{
	const char *sched = req->svc.sched[0] ? req->svc.sched :
						  SCHEDULER_DEFAULT;
	const char *bad;

	switch (parse_sched_flags(req->sched_flags, sched, &req->svc.flags,
				  &bad)) {
	case FLAG_OK:
		return REQ_OK;
	case FLAG_FOREIGN:
		return refuse(req, "incompatible scheduler flag `%s'", bad);
	case FLAG_UNKNOWN:
		break;
	}
	return refuse(req, "invalid scheduler flag `%s'", bad);
}

static enum verdict check_service(struct request *req)
{
	struct service *svc = &req->svc;
	bool persistent = svc->flags & IP_VS_SVC_F_PERSISTENT;
	bool ops = svc->flags & IP_VS_SVC_F_ONEPACKET;

	if (!svc->fwmark && !svc->vip.port && !persistent)
		return refuse(req,
			      "Zero port specified for non-persistent service");
	if (!svc->fwmark && ops && svc->protocol != IPPROTO_UDP)
		return refuse(req,
			      "One-Packet Scheduling is only for UDP virtual services");
	if (!svc->sched[0])
		strcpy(svc->sched, SCHEDULER_DEFAULT);
	return REQ_OK;
}

/* Drain changes the weight only: no other property can be given. */
static enum verdict check_drain(struct request *req)
{
	static const enum option others[] = {
		OPT_FORWARD, OPT_WEIGHT, OPT_U_THRESH, OPT_L_THRESH,
		OPT_TUN_TYPE, OPT_TUN_PORT, OPT_TUN_NOCSUM, OPT_TUN_CSUM,
		OPT_TUN_REMCSUM
	};

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (has(req, others[i]))
			return refuse(req,
				      "The option '%s' conflicts with the 'drain' option",
				      option_name(others[i]));
	return REQ_OK;
}

static enum verdict check_server(struct request *req)
{
	const uint64_t tunnel = BIT(OPT_TUN_TYPE) | BIT(OPT_TUN_PORT) |
				BIT(OPT_TUN_NOCSUM) | BIT(OPT_TUN_CSUM) |
				BIT(OPT_TUN_REMCSUM);
	struct service *svc = &req->svc;
	struct dest *dst = &req->dst;

	if (has(req, OPT_DRAIN))
		return check_drain(req);
	if (has(req, OPT_FORCE))
		return refuse(req,
			      "The 'force' option needs the 'drain' option");
	/* Only masquerading (NAT) can change a port. */
	if (!svc->fwmark && dst->fwd != IP_VS_CONN_F_MASQ) {
		if (dst->rip.port != svc->vip.port)
			req->port_unused = dst->rip.port;
		dst->rip.port = svc->vip.port;
	}
	if (svc->vip.af != dst->rip.af && dst->fwd != IP_VS_CONN_F_TUNNEL)
		return refuse(req,
			      "Different address family is allowed only for tunneling servers");
	if (!(req->given & tunnel))
		return REQ_OK;
	if (dst->fwd != IP_VS_CONN_F_TUNNEL)
		return refuse(req,
			      "Tunnel options conflict with forward method");
	return check_tunnel(req);
}

/**
 * struct need - an option that says nothing without another
 * @opt: the option
 * @other: what it needs
 */
struct need {
	enum option opt;
	enum option other;
};

static enum verdict check_needs(struct request *req, const struct need *needs,
				size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (has(req, needs[i].opt) && !has(req, needs[i].other))
			return refuse(req,
				      "The '%s' option needs the '%s' option",
				      option_name(needs[i].opt),
				      option_name(needs[i].other));
	return REQ_OK;
}

static enum verdict check_list(struct request *req)
{
	static const struct need needs[] = {
		{ OPT_PRETTY, OPT_JSON },
		{ OPT_FILTER, OPT_CONNECTION },
		{ OPT_COUNT, OPT_CONNECTION },
		{ OPT_SORT_KEY, OPT_CONNECTION },
	};
	const uint64_t other = BIT(OPT_CONNECTION) | BIT(OPT_TIMEOUT) |
			       BIT(OPT_DAEMON) | BIT(OPT_DROPS);
	const uint64_t columns = BIT(OPT_STATS) | BIT(OPT_RATE) |
				 BIT(OPT_THRESHOLDS);
	uint64_t given = req->given;
	enum verdict v = check_needs(req, needs, ARRAY_SIZE(needs));

	if (v)
		return v;
	if (has(req, OPT_COUNT) && has(req, OPT_SORT_KEY))
		return refuse(req,
			      "The option 'sort' conflicts with the 'count' option");
	if (!(given & other && given & columns) &&
	    !(given & (BIT(OPT_TIMEOUT) | BIT(OPT_DAEMON) | BIT(OPT_DROPS)) &&
	      given & BIT(OPT_PERSIST_CONN)))
		return REQ_OK;
	return refuse(req, "options conflicts in the list command");
}

/* Ending every connection needs an explicit --all. */
static enum verdict check_kill(struct request *req)
{
	static const struct need needs[] = { { OPT_PRETTY, OPT_JSON } };

	if (!has(req, OPT_FILTER) && !has(req, OPT_ALL))
		return refuse(req,
			      "Which connections? You need to supply the 'filter' option for the 'kill' command, or 'all'");
	if (has(req, OPT_FILTER) && filter_is_empty(&req->filter))
		return refuse(req,
			      "The filter is empty. To end every connection supply the 'all' option");
	return check_needs(req, needs, ARRAY_SIZE(needs));
}

/*
 * A live view must not wait for a name server: addresses are numeric by
 * default.
 */
static void default_to_numbers(struct request *req)
{
	if (!has(req, OPT_NAMES))
		req->given |= BIT(OPT_NUMERIC);
}

/**
 * legal_check() - judge a request as a whole and complete its defaults
 * @req: as scanned from the words
 *
 * Return: REQ_OK, or REQ_REFUSED with the message set.
 */
enum verdict legal_check(struct request *req)
{
	enum verdict v = check_sched_flags(req);

	if (!v)
		v = check_matrix(req);
	if (v)
		return v;
	switch (req->cmd) {
	case CMD_ADD_SERVICE:
	case CMD_EDIT_SERVICE:
		return check_service(req);
	case CMD_ADD_DEST:
	case CMD_EDIT_DEST:
		return check_server(req);
	case CMD_LIST:
		return check_list(req);
	case CMD_KILL:
		return check_kill(req);
	case CMD_MONITOR:
	case CMD_WATCH:
		default_to_numbers(req);
		return REQ_OK;
	default:
		return REQ_OK;
	}
}
