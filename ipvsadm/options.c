// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words of a command line to one request
 *
 * popt cuts the words, the tables below say what each means. Options are
 * taken from left to right and may look at what came before them: -M reads a
 * prefix length after an IPv6 service, -r without port copies the port of the
 * service named so far. Scripts depend on it.
 */
#include "options.h"

#include "connsort.h"
#include "errors.h"
#include "hints.h"
#include "legal.h"
#include "parse.h"
#include "util.h"

#include <errno.h>
#include <limits.h>
#include <popt.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MAX	(31 * 24 * 60 * 60)
#define PERSIST_DEFAULT	360
#define SYNC_MAXLEN_MAX	(65535 - 20 - 8)

struct rule;

/**
 * struct scan - a command line while it is read
 * @req: the request so far
 * @popt: where the words come from
 */
struct scan {
	struct request *req;
	poptContext popt;
};

/**
 * struct rule - one spelling of one option
 * @opt: the option, or OPT_MAX for words that may be repeated
 * @lname: long name, or NULL
 * @sname: short name, or 0
 * @arg: 0, POPT_ARG_STRING or POPT_ARG_STRING | POPT_ARGFLAG_OPTIONAL
 * @take: reads the value; NULL if being given is all there is to it
 * @value: for @take: the constant that this spelling stands for
 * @min: for take_number(): smallest value
 * @max: for take_number(): largest value
 * @field: for take_number() and take_value(): where in the request
 * @bad: for @take: the message
 */
struct rule {
	enum option opt;
	const char *lname;
	char sname;
	unsigned int arg;
	enum verdict (*take)(struct scan *s, const struct rule *rule,
			     const char *arg);
	uint32_t value;
	uint32_t min;
	uint32_t max;
	size_t field;
	const char *bad;
};

static uint32_t *field(struct scan *s, const struct rule *rule)
{
	return (uint32_t *)((char *)s->req + rule->field);
}

static enum verdict take_number(struct scan *s, const struct rule *rule,
				const char *arg)
{
	if (parse_number(arg, rule->min, rule->max, field(s, rule)))
		return REQ_OK;
	return refuse(s->req, "%s", rule->bad);
}

static enum verdict take_value(struct scan *s, const struct rule *rule,
			       const char *arg)
{
	(void)arg;
	*field(s, rule) = rule->value;
	return REQ_OK;
}

static enum verdict take_svc_flag(struct scan *s, const struct rule *rule,
				  const char *arg)
{
	(void)arg;
	s->req->svc.flags |= rule->value;
	return REQ_OK;
}

static enum verdict take_service(struct scan *s, const struct rule *rule,
				 const char *arg)
{
	struct service *svc = &s->req->svc;

	svc->protocol = rule->value;
	if (!parse_endpoint(arg, svc->protocol, 0, &svc->vip))
		return refuse(s->req, "%s", rule->bad);
	if (svc->vip.af == AF_INET6)
		svc->netmask = 128;
	return REQ_OK;
}

static enum verdict take_fwmark(struct scan *s, const struct rule *rule,
				const char *arg)
{
	struct service *svc = &s->req->svc;

	(void)rule;
	svc->protocol = IPPROTO_TCP;
	if (parse_number(arg, 1, UINT32_MAX, &svc->fwmark))
		return REQ_OK;
	return refuse(s->req, "invalid fwmark value `%s' specified", arg);
}

static enum verdict take_ipv6(struct scan *s, const struct rule *rule,
			      const char *arg)
{
	struct service *svc = &s->req->svc;

	(void)arg;
	if (!svc->fwmark)
		return refuse(s->req, "%s", rule->bad);
	svc->vip.af = AF_INET6;
	svc->netmask = 128;
	return REQ_OK;
}

static enum verdict take_scheduler(struct scan *s, const struct rule *rule,
				   const char *arg)
{
	char *sched = s->req->svc.sched;

	(void)rule;
	strncpy(sched, arg, IP_VS_SCHEDNAME_MAXLEN - 1);
	return REQ_OK;
}

static enum verdict take_pe(struct scan *s, const struct rule *rule,
			    const char *arg)
{
	(void)rule;
	strncpy(s->req->svc.pe, arg, IP_VS_PENAME_MAXLEN);
	return REQ_OK;
}

static enum verdict take_sched_flags(struct scan *s, const struct rule *rule,
				     const char *arg)
{
	(void)rule;
	strncpy(s->req->sched_flags, arg, SCHED_FLAGS_MAX - 1);
	return REQ_OK;
}

static enum verdict take_timeout(struct scan *s, const char *arg,
				 uint32_t min, uint32_t *out)
{
	if (parse_number(arg, min, TIMEOUT_MAX, out))
		return REQ_OK;
	return refuse(s->req, "invalid timeout value `%s' specified", arg);
}

static enum verdict take_persistent(struct scan *s, const struct rule *rule,
				    const char *arg)
{
	struct service *svc = &s->req->svc;

	(void)rule;
	svc->flags |= IP_VS_SVC_F_PERSISTENT;
	svc->timeout = PERSIST_DEFAULT;
	return arg ? take_timeout(s, arg, 1, &svc->timeout) : REQ_OK;
}

static enum verdict take_netmask(struct scan *s, const struct rule *rule,
				 const char *arg)
{
	struct service *svc = &s->req->svc;

	if (svc->vip.af == AF_INET6) {
		if (parse_prefix(arg, &svc->netmask))
			return REQ_OK;
		return refuse(s->req, "illegal ipv6 netmask specified");
	}
	if (parse_mask(arg, &svc->netmask))
		return REQ_OK;
	return refuse(s->req, "%s", rule->bad);
}

static enum verdict take_server(struct scan *s, const struct rule *rule,
				const char *arg)
{
	const struct service *svc = &s->req->svc;

	if (parse_endpoint(arg, svc->protocol, svc->vip.port,
			   &s->req->dst.rip))
		return REQ_OK;
	return refuse(s->req, "%s", rule->bad);
}

static enum verdict take_interface(struct scan *s, const struct rule *rule,
				   const char *arg)
{
	char *ifname = s->req->daemon.ifname;

	(void)rule;
	memset(ifname, 0, IP_VS_IFNAME_MAXLEN);
	strncpy(ifname, arg, IP_VS_IFNAME_MAXLEN - 1);
	if (!ifname[0])
		strcpy(ifname, "eth0");
	return REQ_OK;
}

static enum verdict take_group(struct scan *s, const struct rule *rule,
			       const char *arg)
{
	struct endpoint *group = &s->req->daemon.group;

	(void)rule;
	if (parse_group(arg, group))
		return REQ_OK;
	return refuse(s->req, "invalid %s mcast-group `%s'",
		      group->af == AF_INET6 ? "IPv6" : "IPv4", arg);
}

static enum verdict take_tun_type(struct scan *s, const struct rule *rule,
				  const char *arg)
{
	if (parse_tun_type(arg, &s->req->dst.tun_type))
		return REQ_OK;
	return refuse(s->req, "%s", rule->bad);
}

static enum verdict take_drain(struct scan *s, const struct rule *rule,
			       const char *arg)
{
	(void)rule;
	return arg ? take_timeout(s, arg, 1, &s->req->drain) : REQ_OK;
}

static enum verdict take_filter(struct scan *s, const struct rule *rule,
				const char *arg)
{
	enum verdict v = REQ_OK;
	char *copy = strdup(arg);
	const char *bad;

	(void)rule;
	if (!copy)
		return refuse(s->req, "%s", refusal_text(CMD_MAX, ENOMEM));
	if (!filter_parse(&s->req->filter, copy, &bad))
		v = refuse(s->req, "invalid filter `%s'", bad);
	free(copy);
	return v;
}

#define STR	POPT_ARG_STRING
#define OPTIONAL (POPT_ARG_STRING | POPT_ARGFLAG_OPTIONAL)

#define FLAG(o, l, s)	{ .opt = (o), .lname = (l), .sname = (s) }
#define WORD(o, l, s, t, b) \
	{ .opt = (o), .lname = (l), .sname = (s), .arg = STR, .take = (t), \
	  .bad = (b) }
#define NUMBER(o, l, s, lo, hi, f, b) \
	{ .opt = (o), .lname = (l), .sname = (s), .arg = STR, \
	  .take = take_number, .min = (lo), .max = (hi), \
	  .field = offsetof(struct request, f), .bad = (b) }
#define VALUE(o, l, s, f, v) \
	{ .opt = (o), .lname = (l), .sname = (s), .take = take_value, \
	  .field = offsetof(struct request, f), .value = (v) }
#define SERVICE(l, s, p) \
	{ .opt = OPT_SERVICE, .lname = (l), .sname = (s), .arg = STR, \
	  .take = take_service, .value = (p), \
	  .bad = "illegal virtual server address[:port] specified" }

static const struct rule rules[] = {
	FLAG(OPT_NUMERIC, "numeric", 'n'),
	FLAG(OPT_CONNECTION, "connection", 'c'),
	SERVICE("tcp-service", 't', IPPROTO_TCP),
	SERVICE("udp-service", 'u', IPPROTO_UDP),
	SERVICE("sctp-service", 0, IPPROTO_SCTP),
	WORD(OPT_SERVICE, "fwmark-service", 'f', take_fwmark, NULL),
	{ .opt = OPT_MAX, .lname = "ipv6", .sname = '6', .take = take_ipv6,
	  .bad = "-6 used before -f\n" },
	WORD(OPT_SCHEDULER, "scheduler", 's', take_scheduler, NULL),
	{ .opt = OPT_PERSISTENT, .lname = "persistent", .sname = 'p',
	  .arg = OPTIONAL, .take = take_persistent },
	WORD(OPT_NETMASK, "netmask", 'M', take_netmask,
	     "illegal virtual server persistent mask specified"),
	WORD(OPT_SERVER, "real-server", 'r', take_server,
	     "illegal real server address[:port] specified"),
	VALUE(OPT_FORWARD, "masquerading", 'm', dst.fwd, IP_VS_CONN_F_MASQ),
	VALUE(OPT_FORWARD, "ipip", 'i', dst.fwd, IP_VS_CONN_F_TUNNEL),
	VALUE(OPT_FORWARD, "gatewaying", 'g', dst.fwd, IP_VS_CONN_F_DROUTE),
	NUMBER(OPT_WEIGHT, "weight", 'w', 0, INT32_MAX, dst.weight,
	       "illegal weight specified"),
	NUMBER(OPT_U_THRESH, "u-threshold", 'x', 0, INT32_MAX, dst.u_thresh,
	       "illegal u_threshold specified"),
	NUMBER(OPT_L_THRESH, "l-threshold", 'y', 0, INT32_MAX, dst.l_thresh,
	       "illegal l_threshold specified"),
	WORD(OPT_MCAST_IF, "mcast-interface", 0, take_interface, NULL),
	FLAG(OPT_TIMEOUT, "timeout", 0),
	FLAG(OPT_DAEMON, "daemon", 0),
	FLAG(OPT_STATS, "stats", 0),
	FLAG(OPT_RATE, "rate", 0),
	FLAG(OPT_THRESHOLDS, "thresholds", 0),
	FLAG(OPT_PERSIST_CONN, "persistent-conn", 0),
	FLAG(OPT_NOSORT, "nosort", 0),
	FLAG(OPT_MAX, "sort", 0),
	NUMBER(OPT_SYNCID, "syncid", 0, 0, 255, daemon.syncid,
	       "illegal syncid specified"),
	FLAG(OPT_EXACT, "exact", 'X'),
	{ .opt = OPT_OPS, .lname = "ops", .sname = 'o',
	  .take = take_svc_flag, .value = IP_VS_SVC_F_ONEPACKET },
	WORD(OPT_PE, "pe", 0, take_pe, NULL),
	WORD(OPT_SCHED_FLAGS, "sched-flags", 'b', take_sched_flags, NULL),
	WORD(OPT_MCAST_GROUP, "mcast-group", 0, take_group, NULL),
	NUMBER(OPT_MCAST_PORT, "mcast-port", 0, 1, 65535, daemon.port,
	       "illegal mcast-port specified"),
	NUMBER(OPT_MCAST_TTL, "mcast-ttl", 0, 1, 255, daemon.ttl,
	       "illegal mcast-ttl specified"),
	NUMBER(OPT_SYNC_MAXLEN, "sync-maxlen", 0, 1, SYNC_MAXLEN_MAX,
	       daemon.maxlen, "illegal sync-maxlen specified"),
	FLAG(OPT_TUN_INFO, "tun-info", 0),
	WORD(OPT_TUN_TYPE, "tun-type", 0, take_tun_type,
	     "illegal tunnel type specified"),
	NUMBER(OPT_TUN_PORT, "tun-port", 0, 1, 65535, dst.tun_port,
	       "illegal tunnel port specified"),
	VALUE(OPT_TUN_NOCSUM, "tun-nocsum", 0, dst.tun_flags,
	      IP_VS_TUNNEL_ENCAP_FLAG_NOCSUM),
	VALUE(OPT_TUN_CSUM, "tun-csum", 0, dst.tun_flags,
	      IP_VS_TUNNEL_ENCAP_FLAG_CSUM),
	VALUE(OPT_TUN_REMCSUM, "tun-remcsum", 0, dst.tun_flags,
	      IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM),
	FLAG(OPT_JSON, "json", 'j'),
	FLAG(OPT_PRETTY, "pretty", 0),
	WORD(OPT_FILTER, "filter", 0, take_filter, NULL),
	FLAG(OPT_COUNT, "count", 0),
	{ .opt = OPT_DRAIN, .lname = "drain", .arg = OPTIONAL,
	  .take = take_drain },
};

static const struct {
	enum command cmd;
	const char *lname;
	char sname;
	unsigned int arg;
} commands[] = {
	{ CMD_ADD_SERVICE, "add-service", 'A', 0 },
	{ CMD_EDIT_SERVICE, "edit-service", 'E', 0 },
	{ CMD_DEL_SERVICE, "delete-service", 'D', 0 },
	{ CMD_FLUSH, "clear", 'C', 0 },
	{ CMD_LIST, "list", 'L', 0 },
	{ CMD_LIST, NULL, 'l', 0 },
	{ CMD_ADD_DEST, "add-server", 'a', 0 },
	{ CMD_DEL_DEST, "delete-server", 'd', 0 },
	{ CMD_EDIT_DEST, "edit-server", 'e', 0 },
	{ CMD_SET, "set", 0, 0 },
	{ CMD_START_DAEMON, "start-daemon", 0, STR },
	{ CMD_STOP_DAEMON, "stop-daemon", 0, STR },
	{ CMD_RESTORE, "restore", 'R', 0 },
	{ CMD_SAVE, "save", 'S', 0 },
	{ CMD_ZERO, "zero", 'Z', 0 },
	{ CMD_HELP, "help", 'h', 0 },
	{ CMD_VERSION, "version", 'v', 0 },
};

#define N_COMMANDS	((int)ARRAY_SIZE(commands))
#define N_RULES		((int)ARRAY_SIZE(rules))

/* popt returns 1 + index: commands first, then rules */
static const struct poptOption *popt_table(void)
{
	static struct poptOption table[N_COMMANDS + N_RULES + 1];
	int n = 0;

	if (table[0].val)
		return table;
	for (int i = 0; i < N_COMMANDS; i++, n++)
		table[n] = (struct poptOption){
			.longName = commands[i].lname,
			.shortName = commands[i].sname,
			.argInfo = commands[i].arg,
			.val = n + 1,
		};
	for (int i = 0; i < N_RULES; i++, n++)
		table[n] = (struct poptOption){
			.longName = rules[i].lname,
			.shortName = rules[i].sname,
			.argInfo = rules[i].arg,
			.val = n + 1,
		};
	return table;
}

/**
 * options_hint() - refuse a request with no more than where to get help
 * @req: the request
 *
 * Return: REQ_TRY.
 */
enum verdict options_hint(struct request *req)
{
	refuse(req, "Try `%s -h' or '%s --help' for more information.",
	       req->prog, req->prog);
	return REQ_TRY;
}

/* Appends to the message; only people at a terminal get to see it. */
static void advise(struct request *req, const char *before, const char *word,
		   const char *after)
{
	char *first = req->message;

	if (!first)
		return;
	if (asprintf(&req->message, "%s\nipvsadm: %s%s%s", first, before, word,
		     after) < 0)
		req->message = first;
	else
		free(first);
}

static void consider(struct hint *hint, const char *lname)
{
	if (lname)
		hints_consider(hint, lname);
}

static void advise_option(struct request *req, const char *word,
			  bool want_command)
{
	struct hint hint;

	if (!hints_wanted() || !word)
		return;
	hints_begin(&hint, word + strspn(word, "-"));
	for (int i = 0; i < N_COMMANDS; i++)
		consider(&hint, commands[i].lname);
	for (int i = 0; i < N_RULES && !want_command; i++)
		consider(&hint, rules[i].lname);
	if (*hint.word && hint.word[1] && hint.best)
		advise(req, "did you mean --", hint.best, "?");
	else if (want_command)
		advise(req, "the first option must be a command, such as ",
		       "-L, -A or -a", "");
}

static enum verdict scan_daemon(struct scan *s, const char *state)
{
	bool start = s->req->cmd == CMD_START_DAEMON;
	uint32_t *out = &s->req->daemon.state;

	if (!strcmp(state, "master")) {
		*out = IP_VS_STATE_MASTER;
	} else if (!strcmp(state, "backup")) {
		*out = IP_VS_STATE_BACKUP;
	} else {
		return refuse(s->req, "illegal %s specified",
			      start ? "start-daemon parameter" : "start_daemon");
	}
	strcpy(s->req->daemon.ifname, start ? "eth0" : "");
	return REQ_OK;
}

static enum verdict scan_command(struct scan *s)
{
	int c = poptGetNextOpt(s->popt);
	enum verdict v = REQ_OK;
	char *arg;

	if (c < 1 || c > N_COMMANDS) {
		options_hint(s->req);
		advise_option(s->req, c == -1 ? "" : poptBadOption(s->popt, 0),
			      true);
		return REQ_TRY;
	}
	s->req->cmd = commands[c - 1].cmd;
	arg = poptGetOptArg(s->popt);
	if (commands[c - 1].arg)
		v = scan_daemon(s, arg ? arg : "");
	free(arg);
	return v;
}

static enum verdict scan_option(struct scan *s, const struct rule *rule)
{
	enum verdict v = REQ_OK;
	char *arg;

	if (rule->opt != OPT_MAX) {
		if (has(s->req, rule->opt))
			return refuse(s->req, "multiple '%s' options specified",
				      option_name(rule->opt));
		s->req->given |= UINT64_C(1) << rule->opt;
	}
	arg = poptGetOptArg(s->popt);
	if (rule->take)
		v = rule->take(s, rule, arg);
	free(arg);
	return v;
}

#define SORT		"--sort="
#define SORT_KEY	INT_MAX

/*
 * --sort has no value, --sort=KEY has one: to popt the latter is an error, as
 * it is for the tool of old.
 */
static int next_option(poptContext popt)
{
	int c = poptGetNextOpt(popt);

	if (c == POPT_ERROR_UNWANTEDARG &&
	    !strncmp(poptBadOption(popt, 0), SORT, strlen(SORT)))
		return SORT_KEY;
	return c;
}

static enum verdict scan_sort_key(struct scan *s)
{
	const char *key = poptBadOption(s->popt, 0) + strlen(SORT);

	s->req->given |= UINT64_C(1) << OPT_SORT_KEY;
	if (connsort_key(key, &s->req->order))
		return REQ_OK;
	return refuse(s->req, "invalid sort key `%s'", key);
}

static enum verdict scan_word(struct scan *s, int c)
{
	if (c == SORT_KEY)
		return scan_sort_key(s);
	if (c > N_COMMANDS)
		return scan_option(s, &rules[c - N_COMMANDS - 1]);
	return refuse(s->req, "invalid option `%s'",
		      poptBadOption(s->popt, 0));
}

static enum verdict scan_options(struct scan *s)
{
	enum verdict v = REQ_OK;
	int c;

	while (!v && (c = next_option(s->popt)) >= 0)
		v = scan_word(s, c);
	if (v || c == -1)
		return v;
	refuse(s->req, "%s: %s",
	       poptBadOption(s->popt, POPT_BADOPTION_NOALIAS),
	       poptStrerror(c));
	if (c == POPT_ERROR_BADOPT)
		advise_option(s->req,
			      poptBadOption(s->popt, POPT_BADOPTION_NOALIAS),
			      false);
	return REQ_SCAN;
}

static enum verdict scan_timeouts(struct scan *s)
{
	uint32_t *const out[] = {
		&s->req->timeouts.tcp,
		&s->req->timeouts.tcp_fin,
		&s->req->timeouts.udp
	};
	enum verdict v = REQ_OK;
	const char *word[3];

	for (int i = 0; i < 3; i++) {
		word[i] = poptGetArg(s->popt);
		if (!word[i])
			return refuse(s->req,
				      "--set option requires 3 timeout values");
	}
	for (int i = 0; i < 3 && !v; i++)
		v = take_timeout(s, word[i], 0, out[i]);
	return v;
}

static enum verdict scan(struct scan *s)
{
	enum verdict v = scan_command(s);
	const char *rest;

	if (v || s->req->cmd >= CMD_LEGAL_MAX)
		return v;
	v = scan_options(s);
	if (!v && s->req->cmd == CMD_SET)
		v = scan_timeouts(s);
	if (v)
		return v;
	rest = poptGetArg(s->popt);
	if (rest)
		return refuse(s->req, "unexpected argument %s", rest);
	return legal_check(s->req);
}

static void request_init(struct request *req, const char *prog)
{
	memset(req, 0, sizeof(*req));
	req->prog = prog;
	service_init(&req->svc);
	dest_init(&req->dst);
}

/**
 * options_parse() - read a command line
 * @argc: number of words, program name included
 * @argv: the words
 * @req: what they ask for; request_done() when finished with it
 *
 * Return: REQ_OK, or what became of it, with @req->message set.
 */
enum verdict options_parse(int argc, const char **argv, struct request *req)
{
	struct scan s = { .req = req };
	enum verdict v;

	request_init(req, argv[0]);
	s.popt = poptGetContext("ipvsadm", argc, argv, popt_table(), 0);
	if (!s.popt)
		return refuse(req, "%s", refusal_text(CMD_MAX, ENOMEM));
	v = scan(&s);
	poptFreeContext(s.popt);
	return v;
}

/**
 * options_command() - look ahead for the command, quietly
 * @argc: number of words, program name included
 * @argv: the words
 *
 * Return: the command, or CMD_MAX if the first option is none.
 */
enum command options_command(int argc, const char **argv)
{
	poptContext popt = poptGetContext("ipvsadm", argc, argv, popt_table(),
					  0);
	int c;

	if (!popt)
		return CMD_MAX;
	c = poptGetNextOpt(popt);
	free(poptGetOptArg(popt));
	poptFreeContext(popt);
	return c < 1 || c > N_COMMANDS ? CMD_MAX : commands[c - 1].cmd;
}
