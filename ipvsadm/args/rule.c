// SPDX-License-Identifier: GPL-2.0-only
/*
 * The options: their spellings, and what each makes of its value
 *
 * Options are taken from left to right and may look at what came before them:
 * -M reads a prefix length after an IPv6 service, -r without port copies the
 * port of the service named so far. Scripts depend on it.
 */
#include "args/rule.h"

#include "args/parse.h"
#include "args/parse_filter.h"
#include "model/errors.h"
#include "model/model.h"
#include "model/util.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MAX	(31 * 24 * 60 * 60)
#define PERSIST_DEFAULT	360
#define SYNC_MAXLEN_MAX	(65535 - 20 - 8)

static uint32_t *rule_field(struct request *req, const struct rule *rule)
{
	return (uint32_t *)((char *)req + rule->field);
}

static enum verdict take_number(struct request *req, const struct rule *rule,
				const char *arg)
{
	if (parse_number(arg, rule->min, rule->max, rule_field(req, rule)))
		return REQ_OK;
	return refuse(req, "%s", rule->bad);
}

static enum verdict take_value(struct request *req, const struct rule *rule,
			       const char *arg)
{
	(void)arg;
	*rule_field(req, rule) = rule->value;
	return REQ_OK;
}

static enum verdict take_svc_flag(struct request *req, const struct rule *rule,
				  const char *arg)
{
	(void)arg;
	req->svc.flags |= rule->value;
	return REQ_OK;
}

/*
 * Keeps the host of @word if it is a name: an IPv4 address has no letters, an
 * IPv6 address has several colons.
 */
static void keep_name(char name[HOST_NAME_SHOWN], const char *word)
{
	size_t len;

	word += *word == '[';
	len = strcspn(word, ":]");
	for (size_t i = 0; i < len; i++) {
		if (isdigit((unsigned char)word[i]) || word[i] == '.')
			continue;
		if (word[len] != ':' || !strchr(word + len + 1, ':'))
			snprintf(name, HOST_NAME_SHOWN, "%.*s", (int)len, word);
		return;
	}
}

static enum verdict take_service(struct request *req, const struct rule *rule,
				 const char *arg)
{
	struct service *svc = &req->svc;

	svc->protocol = rule->value;
	if (!parse_endpoint(arg, svc->protocol, 0, &svc->vip))
		return refuse(req, "%s", rule->bad);
	keep_name(req->service_name, arg);
	if (svc->vip.af == AF_INET6)
		svc->netmask = 128;
	return REQ_OK;
}

static enum verdict take_fwmark(struct request *req, const struct rule *rule,
				const char *arg)
{
	struct service *svc = &req->svc;

	(void)rule;
	svc->protocol = IPPROTO_TCP;
	if (parse_number(arg, 1, UINT32_MAX, &svc->fwmark))
		return REQ_OK;
	return refuse(req, "invalid fwmark value `%s' specified", arg);
}

static enum verdict take_ipv6(struct request *req, const struct rule *rule,
			      const char *arg)
{
	struct service *svc = &req->svc;

	(void)arg;
	if (!svc->fwmark)
		return refuse(req, "%s", rule->bad);
	svc->vip.af = AF_INET6;
	svc->netmask = 128;
	return REQ_OK;
}

static enum verdict take_scheduler(struct request *req, const struct rule *rule,
				   const char *arg)
{
	char *sched = req->svc.sched;

	(void)rule;
	strncpy(sched, arg, IP_VS_SCHEDNAME_MAXLEN - 1);
	return REQ_OK;
}

static enum verdict take_pe(struct request *req, const struct rule *rule,
			    const char *arg)
{
	(void)rule;
	strncpy(req->svc.pe, arg, IP_VS_PENAME_MAXLEN);
	return REQ_OK;
}

static enum verdict take_sched_flags(struct request *req, const struct rule *rule,
				     const char *arg)
{
	(void)rule;
	strncpy(req->sched_flags, arg, SCHED_FLAGS_MAX - 1);
	return REQ_OK;
}

/**
 * rule_timeout() - read a time in seconds
 * @req: the request
 * @arg: the word
 * @min: the shortest
 * @out: the time; untouched on failure
 *
 * Return: REQ_OK or REQ_REFUSED.
 */
enum verdict rule_timeout(struct request *req, const char *arg, uint32_t min,
			  uint32_t *out)
{
	if (parse_number(arg, min, TIMEOUT_MAX, out))
		return REQ_OK;
	return refuse(req, "invalid timeout value `%s' specified", arg);
}

static enum verdict take_persistent(struct request *req, const struct rule *rule,
				    const char *arg)
{
	struct service *svc = &req->svc;

	(void)rule;
	svc->flags |= IP_VS_SVC_F_PERSISTENT;
	svc->timeout = PERSIST_DEFAULT;
	return arg ? rule_timeout(req, arg, 1, &svc->timeout) : REQ_OK;
}

static enum verdict take_netmask(struct request *req, const struct rule *rule,
				 const char *arg)
{
	struct service *svc = &req->svc;

	if (svc->vip.af == AF_INET6) {
		if (parse_prefix(arg, &svc->netmask))
			return REQ_OK;
		return refuse(req, "illegal ipv6 netmask specified");
	}
	if (parse_mask(arg, &svc->netmask))
		return REQ_OK;
	return refuse(req, "%s", rule->bad);
}

static enum verdict take_server(struct request *req, const struct rule *rule,
				const char *arg)
{
	const struct service *svc = &req->svc;

	if (!parse_endpoint(arg, svc->protocol, svc->vip.port,
			    &req->dst.rip))
		return refuse(req, "%s", rule->bad);
	keep_name(req->server_name, arg);
	return REQ_OK;
}

static enum verdict take_interface(struct request *req, const struct rule *rule,
				   const char *arg)
{
	char *ifname = req->daemon.ifname;

	(void)rule;
	memset(ifname, 0, IP_VS_IFNAME_MAXLEN);
	strncpy(ifname, arg, IP_VS_IFNAME_MAXLEN - 1);
	if (!ifname[0])
		strcpy(ifname, "eth0");
	return REQ_OK;
}

static enum verdict take_group(struct request *req, const struct rule *rule,
			       const char *arg)
{
	struct endpoint *group = &req->daemon.group;

	(void)rule;
	if (parse_group(arg, group))
		return REQ_OK;
	return refuse(req, "invalid %s mcast-group `%s'",
		      group->af == AF_INET6 ? "IPv6" : "IPv4", arg);
}

static enum verdict take_tun_type(struct request *req, const struct rule *rule,
				  const char *arg)
{
	if (parse_tun_type(arg, &req->dst.tun_type))
		return REQ_OK;
	return refuse(req, "%s", rule->bad);
}

static enum verdict take_drain(struct request *req, const struct rule *rule,
			       const char *arg)
{
	(void)rule;
	return arg ? rule_timeout(req, arg, 1, &req->drain) : REQ_OK;
}

static enum verdict take_filter(struct request *req, const struct rule *rule,
				const char *arg)
{
	enum verdict v = REQ_OK;
	char *copy = strdup(arg);
	struct filter_fault fault;

	(void)rule;
	if (!copy)
		return refuse(req, "%s", refusal_text(CMD_MAX, ENOMEM));
	if (!parse_filter(&req->filter, copy, &fault))
		v = refuse(req, "invalid filter `%s', wanted is %s",
			   fault.item, fault.want);
	free(copy);
	return v;
}

#define ENDPOINT_FORM	"address:port, [IPv6 address]:port or known-host:port"
#define SECONDS_FORM	"seconds from 1 to 2678400"
static_assert(TIMEOUT_MAX == 2678400, "what people are told");

#define STR	POPT_ARG_STRING
#define OPTIONAL (POPT_ARG_STRING | POPT_ARGFLAG_OPTIONAL)

#define FLAG(o, l, s)	{ .opt = (o), .lname = (l), .sname = (s) }
#define WORD(o, l, s, t, b) \
	{ .opt = (o), .lname = (l), .sname = (s), .arg = STR, .take = (t), \
	  .bad = (b) }
#define VALUED(o, l, s, t, b, w) \
	{ .opt = (o), .lname = (l), .sname = (s), .arg = STR, .take = (t), \
	  .bad = (b), .want = (w) }
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
	  .bad = "illegal virtual server address[:port] specified", \
	  .want = ENDPOINT_FORM }

const struct rule rules[] = {
	SERVICE("tcp-service", 't', IPPROTO_TCP),
	VALUED(OPT_SERVER, "real-server", 'r', take_server,
	       "illegal real server address[:port] specified", ENDPOINT_FORM),
	NUMBER(OPT_WEIGHT, "weight", 'w', 0, INT32_MAX, dst.weight,
	       "illegal weight specified"),
	VALUE(OPT_FORWARD, "masquerading", 'm', dst.fwd, IP_VS_CONN_F_MASQ),
	VALUE(OPT_FORWARD, "gatewaying", 'g', dst.fwd, IP_VS_CONN_F_DROUTE),
	WORD(OPT_SCHEDULER, "scheduler", 's', take_scheduler, NULL),
	FLAG(OPT_NUMERIC, "numeric", 'n'),
	FLAG(OPT_CONNECTION, "connection", 'c'),
	SERVICE("udp-service", 'u', IPPROTO_UDP),
	SERVICE("sctp-service", 0, IPPROTO_SCTP),
	VALUED(OPT_SERVICE, "fwmark-service", 'f', take_fwmark, NULL,
	       "a number from 1 to 4294967295"),
	{ .opt = OPT_MAX, .lname = "ipv6", .sname = '6', .take = take_ipv6,
	  .bad = "-6 used before -f\n" },
	{ .opt = OPT_PERSISTENT, .lname = "persistent", .sname = 'p',
	  .arg = OPTIONAL, .take = take_persistent, .want = SECONDS_FORM },
	VALUED(OPT_NETMASK, "netmask", 'M', take_netmask,
	       "illegal virtual server persistent mask specified",
	       "a mask such as 255.255.255.0, or for IPv6 a prefix length"),
	VALUE(OPT_FORWARD, "ipip", 'i', dst.fwd, IP_VS_CONN_F_TUNNEL),
	NUMBER(OPT_U_THRESH, "u-threshold", 'x', 0, UINT32_MAX, dst.u_thresh,
	       "illegal u_threshold specified"),
	NUMBER(OPT_L_THRESH, "l-threshold", 'y', 0, UINT32_MAX, dst.l_thresh,
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
	VALUED(OPT_MCAST_GROUP, "mcast-group", 0, take_group, NULL,
	       "a multicast address such as 224.0.0.81 or ff02::81"),
	NUMBER(OPT_MCAST_PORT, "mcast-port", 0, 1, 65535, daemon.port,
	       "illegal mcast-port specified"),
	NUMBER(OPT_MCAST_TTL, "mcast-ttl", 0, 1, 255, daemon.ttl,
	       "illegal mcast-ttl specified"),
	NUMBER(OPT_SYNC_MAXLEN, "sync-maxlen", 0, 1, SYNC_MAXLEN_MAX,
	       daemon.maxlen, "illegal sync-maxlen specified"),
	FLAG(OPT_TUN_INFO, "tun-info", 0),
	VALUED(OPT_TUN_TYPE, "tun-type", 0, take_tun_type,
	       "illegal tunnel type specified", "ipip, gue or gre"),
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
	FLAG(OPT_REPLACE, "replace", 0),
	FLAG(OPT_CHECK, "check", 0),
	FLAG(OPT_DROPS, "drops", 0),
	FLAG(OPT_ALL, "all", 0),
	FLAG(OPT_FORCE, "force", 0),
	FLAG(OPT_NAMES, "names", 0),
	{ .opt = OPT_DRAIN, .lname = "drain", .arg = OPTIONAL,
	  .take = take_drain, .want = SECONDS_FORM },
};

static_assert(ARRAY_SIZE(rules) <= RULES_MAX, "the scanner has room for them");

const int n_rules = ARRAY_SIZE(rules);

/**
 * rule_want() - what a value of an option looks like
 * @rule: the option
 * @text: the answer, "" where there is nothing to say
 * @size: of @text
 */
void rule_want(const struct rule *rule, char *text, size_t size)
{
	if (rule->take == take_number)
		snprintf(text, size, "a number from %u to %u", rule->min,
			 rule->max);
	else
		snprintf(text, size, "%s", rule->want ? rule->want : "");
}
