// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables people read, and scripts too: every blank counts
 *
 * Six sets of columns, one row each in the table of formats. The first that
 * was asked for wins.
 */
#include "list.h"

#include "ask.h"
#include "colour.h"
#include "drops.h"
#include "json.h"
#include "names.h"
#include "util.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* IPv4 text is cut to its column, IPv6 text moves the columns. */
#define HOST_WIDTH	28
#define NAME_WIDTH	33

/**
 * struct format - one set of columns
 * @opt: the option that asks for it
 * @title: two lines
 * @counters: services show counters @first to @first + 4 instead of their
 *	properties
 * @first: first of five counters
 * @dest: prints what follows the server's address
 */
struct format {
	enum option opt;
	const char *title;
	bool counters;
	enum counter first;
	void (*dest)(FILE *out, const struct dest *dst, bool exact);
};

static void print_count(FILE *out, uint64_t n, bool exact)
{
	static const struct {
		uint64_t below;
		uint64_t divisor;
		char suffix;
	} scale[] = {
		{ UINT64_C(1000000000), UINT64_C(1000), 'K' },
		{ UINT64_C(100000000000), UINT64_C(1000000), 'M' },
		{ UINT64_C(100000000000000), UINT64_C(1000000000), 'G' },
		{ UINT64_MAX, UINT64_C(1000000000000), 'T' },
	};
	int i = 0;

	if (exact) {
		fprintf(out, " %8" PRIu64, n);
		return;
	}
	if (n < 100000000) {
		fprintf(out, "%9" PRIu64, n);
		return;
	}
	while (n >= scale[i].below && scale[i].suffix != 'T')
		i++;
	fprintf(out, "%8" PRIu64 "%c", n / scale[i].divisor, scale[i].suffix);
}

static void print_counts(FILE *out, const struct stats *stats,
			 enum counter first, bool exact)
{
	for (int i = first; i < (int)first + 5; i++)
		print_count(out, stats->v[i], exact);
}

static void dest_stats(FILE *out, const struct dest *dst, bool exact)
{
	print_counts(out, &dst->stats, CNT_CONNS, exact);
}

static void dest_rate(FILE *out, const struct dest *dst, bool exact)
{
	for (int i = CNT_CPS; i <= CNT_OUTPPS; i++)
		fprintf(out, " %8" PRIu64, dst->stats.v[i]);
	for (int i = CNT_INBPS; i <= CNT_OUTBPS; i++)
		print_count(out, dst->stats.v[i], exact);
}

static const char *forward_name(uint32_t fwd)
{
	static const char *const names[] = {
		[IP_VS_CONN_F_MASQ] = "Masq",
		[IP_VS_CONN_F_LOCALNODE] = "Local",
		[IP_VS_CONN_F_TUNNEL] = "Tunnel",
		[IP_VS_CONN_F_DROUTE] = "Route",
	};

	fwd &= IP_VS_CONN_F_FWD_MASK;
	return fwd < ARRAY_SIZE(names) ? names[fwd] : "?";
}

static const char *tunnel_flags(uint32_t flags)
{
	if (flags & IP_VS_TUNNEL_ENCAP_FLAG_CSUM)
		return "+c";
	return flags & IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM ? "r+c" : "-c";
}

static void tunnel_text(const struct dest *dst, char *text, size_t size)
{
	const char *flags = tunnel_flags(dst->tun_flags);

	snprintf(text, size, "n/a");
	if ((dst->fwd & IP_VS_CONN_F_FWD_MASK) != IP_VS_CONN_F_TUNNEL)
		return;
	switch (dst->tun_type) {
	case IP_VS_CONN_F_TUNNEL_TYPE_IPIP:
		snprintf(text, size, "ipip");
		break;
	case IP_VS_CONN_F_TUNNEL_TYPE_GUE:
		snprintf(text, size, "gue:%u:%s", dst->tun_port & UINT16_MAX,
			 flags);
		break;
	case IP_VS_CONN_F_TUNNEL_TYPE_GRE:
		snprintf(text, size, "gre:%s", flags);
		break;
	}
}

static void dest_conns(FILE *out, const struct dest *dst)
{
	fprintf(out, " %-10u %-10u", dst->active, dst->inactive);
}

static void dest_default(FILE *out, const struct dest *dst, bool exact)
{
	(void)exact;
	fprintf(out, " %-7s %-6d", forward_name(dst->fwd), (int)dst->weight);
	dest_conns(out, dst);
}

static void dest_tunnel(FILE *out, const struct dest *dst, bool exact)
{
	char text[16];

	(void)exact;
	tunnel_text(dst, text, sizeof(text));
	fprintf(out, " %-7s %-13s %-6d", forward_name(dst->fwd), text,
		(int)dst->weight);
	dest_conns(out, dst);
}

static void dest_thresholds(FILE *out, const struct dest *dst, bool exact)
{
	(void)exact;
	fprintf(out, " %-10u %-10u", dst->u_thresh, dst->l_thresh);
	dest_conns(out, dst);
}

static void dest_persist(FILE *out, const struct dest *dst, bool exact)
{
	(void)exact;
	fprintf(out, " %-9d %-11u", (int)dst->weight, dst->persist);
	dest_conns(out, dst);
}

static const struct format formats[] = {
	{ OPT_STATS,
	  "Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n"
	  "  -> RemoteAddress:Port\n", true, CNT_CONNS, dest_stats },
	{ OPT_RATE,
	  "Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS\n"
	  "  -> RemoteAddress:Port\n", true, CNT_CPS, dest_rate },
	{ OPT_THRESHOLDS,
	  "Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn \n"
	  "  -> RemoteAddress:Port\n", false, 0, dest_thresholds },
	{ OPT_PERSIST_CONN,
	  "Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn \n"
	  "  -> RemoteAddress:Port\n", false, 0, dest_persist },
	{ OPT_TUN_INFO,
	  "Prot LocalAddress:Port Scheduler Flags\n"
	  "  -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn InActConn\n",
	  false, 0, dest_tunnel },
	{ OPT_MAX,
	  "Prot LocalAddress:Port Scheduler Flags\n"
	  "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n",
	  false, 0, dest_default },
};

static const struct format *format_of(const struct request *req)
{
	const struct format *format = formats;

	while (format->opt != OPT_MAX && !has(req, format->opt))
		format++;
	return format;
}

static const char *protocol_text(uint16_t protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
		return "TCP";
	case IPPROTO_UDP:
		return "UDP";
	case IPPROTO_SCTP:
		return "SCTP";
	}
	return "?";
}

/**
 * list_service_name() - protocol, address and port of a service, or its mark
 * @req: the command; says whether names are looked up
 * @svc: the service
 * @text: the result
 * @size: of @text, LIST_NAME_TEXT if nothing shall be cut
 */
void list_service_name(const struct request *req, const struct service *svc,
		       char *text, size_t size)
{
	bool six = svc->vip.af == AF_INET6;
	char endpoint[ENDPOINT_TEXT];

	if (svc->fwmark) {
		snprintf(text, size, "FWM  %u%s", svc->fwmark,
			 six ? " IPv6" : "");
		return;
	}
	names_endpoint(endpoint, &svc->vip, svc->protocol,
		       has(req, OPT_NUMERIC) ? NAME_NONE : NAME_ALL);
	snprintf(text, size, "%-4s %.*s", protocol_text(svc->protocol),
		 six ? ENDPOINT_TEXT : HOST_WIDTH, endpoint);
}

static void service_properties(FILE *out, const struct service *svc)
{
	const char *mask = names_mask(svc);

	fprintf(out, " %s", svc->sched);
	if (svc->flags & SVC_SCHED_FLAGS)
		fprintf(out, " (%s)", names_sched_flags(svc));
	if (svc->flags & IP_VS_SVC_F_PERSISTENT) {
		fprintf(out, " persistent %u", svc->timeout);
		if (mask)
			fprintf(out, " mask %s", mask);
		if (svc->pe[0])
			fprintf(out, " pe %s", svc->pe);
	}
	if (svc->flags & IP_VS_SVC_F_ONEPACKET)
		fprintf(out, " ops");
}

/**
 * list_service() - the line of a service
 * @out: where to
 * @req: the list command
 * @svc: the service
 */
void list_service(FILE *out, const struct request *req,
		  const struct service *svc)
{
	const struct format *format = format_of(req);
	char name[LIST_NAME_TEXT];
	bool colour;

	list_service_name(req, svc, name, sizeof(name));
	colour = colour_service(out);
	fprintf(out, "%-*s", format->counters ? NAME_WIDTH : 0, name);
	colour_off(out, colour);
	if (format->counters)
		print_counts(out, &svc->stats, format->first,
			     has(req, OPT_EXACT));
	else
		service_properties(out, svc);
	fputc('\n', out);
}

/**
 * list_dest() - the line of a server
 * @out: where to
 * @req: the list command
 * @svc: its service
 * @dst: the server
 */
void list_dest(FILE *out, const struct request *req,
	       const struct service *svc, const struct dest *dst)
{
	enum naming naming = svc->fwmark ? NAME_HOST : NAME_ALL;
	bool colour = colour_dest(out, dst);
	char text[ENDPOINT_TEXT];

	names_endpoint(text, &dst->rip, svc->protocol,
		       has(req, OPT_NUMERIC) ? NAME_NONE : naming);
	fprintf(out, "  -> %-*.*s", HOST_WIDTH,
		dst->rip.af == AF_INET6 ? ENDPOINT_TEXT : HOST_WIDTH, text);
	format_of(req)->dest(out, dst, has(req, OPT_EXACT));
	colour_off(out, colour);
	fputc('\n', out);
}

static int print_service(const struct request *req, const struct service *svc,
			 const struct list *dests)
{
	list_service(stdout, req, svc);
	for (size_t i = 0; i < dests->len; i++)
		list_dest(stdout, req, svc, dests->item[i]);
	return ferror(stdout) ? -EIO : 0;
}

static int sort(const struct request *req, struct list *list,
		compare_fn compare, struct refusal *why)
{
	int err = has(req, OPT_NOSORT) ? 0 : list_sort(list, compare);

	why->error = -err;
	return err;
}

typedef int (*visitor)(const struct request *req, const struct service *svc,
		       const struct list *dests);

static int visit_all(const struct request *req, const struct table *table,
		     visitor service, struct refusal *why)
{
	int err = 0;

	for (size_t i = 0; i < table->entries.len && !err; i++) {
		struct svc_entry *entry = table->entries.item[i];

		err = sort(req, &entry->servers, dest_compare, why);
		if (!err)
			err = service(req, &entry->svc, &entry->servers);
	}
	return err;
}

/* All in one answer, where the kernel can. */
static int walk_table(struct wire *wire, const struct request *req,
		      const char *title, visitor service)
{
	struct table table = { 0 };
	struct refusal why = { 0 };
	int err = ask_table(wire, &table, &why);

	if (!err)
		err = sort(req, &table.entries, service_compare, &why);
	if (err) {
		refusal_print(CMD_MAX, &why);
	} else {
		if (title)
			fputs(title, stdout);
		err = visit_all(req, &table, service, &why);
		if (why.error)
			refusal_print(req->cmd, &why);
	}
	table_free(&table);
	return err ? EXIT_LIST : EXIT_OK;
}

static int each_service(struct wire *wire, const struct request *req,
			const struct list *services, visitor service)
{
	struct refusal why = { 0 };
	struct list dests = { 0 };
	int err = 0;

	for (size_t i = 0; i < services->len && !err; i++) {
		err = ask_dests(wire, services->item[i], &dests, &why);
		if (!err)
			err = sort(req, &dests, dest_compare, &why);
		if (err)
			refusal_print(req->cmd, &why);
		else
			err = service(req, services->item[i], &dests);
		list_free(&dests);
	}
	return err;
}

/* The services first, then the servers of each in turn. */
static int walk_services(struct wire *wire, const struct request *req,
			 const char *title, visitor service)
{
	bool one = has(req, OPT_SERVICE);
	struct list services = { 0 };
	struct refusal why = { 0 };
	int err;

	if (one)
		err = ask_service(wire, &req->svc, &services, &why);
	else
		err = ask_services(wire, &services, &why);
	if (!err)
		err = sort(req, &services, service_compare, &why);
	if (err) {
		refusal_print(one ? req->cmd : CMD_MAX, &why);
	} else {
		if (title)
			fputs(title, stdout);
		err = each_service(wire, req, &services, service);
	}
	list_free(&services);
	return err ? EXIT_LIST : EXIT_OK;
}

/**
 * list_tables() - visit the services of a list or save command in order
 * @wire: the socket
 * @req: the command; its service, if any, is the only one visited
 * @title: printed once there is something to walk, or NULL
 * @service: called for each; not 0 ends the walk
 *
 * Return: exit status; messages are printed.
 */
int list_tables(struct wire *wire, const struct request *req,
		const char *title,
		int (*service)(const struct request *req,
			       const struct service *svc,
			       const struct list *dests))
{
	if (has(req, OPT_SERVICE) || !wire_has_ext(wire))
		return walk_services(wire, req, title, service);
	return walk_table(wire, req, title, service);
}

static int list_timeouts(struct wire *wire, const struct request *req)
{
	struct timeouts t = { 0 };
	struct refusal why;

	if (ask_timeouts(wire, &t, &why)) {
		refusal_print(CMD_LIST, &why);
		return EXIT_LIST;
	}
	if (has(req, OPT_JSON))
		json_timeouts(req, &t);
	else
		printf("Timeout (tcp tcpfin udp): %u %u %u\n", t.tcp,
		       t.tcp_fin, t.udp);
	return EXIT_OK;
}

static void print_daemon(const struct daemon *dmn)
{
	char group[INET6_ADDRSTRLEN] = "";

	printf("%s sync daemon (mcast=%s, syncid=%u",
	       dmn->state == IP_VS_STATE_MASTER ? "master" : "backup",
	       dmn->ifname, dmn->syncid);
	if (dmn->maxlen)
		printf(", maxlen=%u", dmn->maxlen);
	if (names_address(&dmn->group, group, sizeof(group)))
		printf(", group=%s", group);
	if (dmn->port)
		printf(", port=%u", dmn->port);
	if (dmn->ttl)
		printf(", ttl=%u", dmn->ttl);
	printf(")\n");
}

static void print_daemons(const struct request *req,
			  const struct list *daemons)
{
	bool json = has(req, OPT_JSON);

	if (json)
		json_begin_array();
	for (size_t i = 0; i < daemons->len; i++) {
		if (json)
			json_daemon(req, daemons->item[i]);
		else
			print_daemon(daemons->item[i]);
	}
	if (json)
		json_end(req);
}

static int list_daemons(struct wire *wire, const struct request *req)
{
	struct list daemons = { 0 };
	struct refusal why;
	int status = EXIT_OK;

	if (ask_daemons(wire, &daemons, &why)) {
		refusal_print(CMD_LIST, &why);
		status = EXIT_LIST;
	} else {
		print_daemons(req, &daemons);
	}
	list_free(&daemons);
	return status;
}

static int list_json(struct wire *wire, const struct request *req,
		     const struct info *info)
{
	int status;

	json_begin_tables(req, info);
	status = list_tables(wire, req, NULL, json_service);
	json_end(req);
	return status;
}

static int list_table(struct wire *wire, const struct request *req)
{
	struct info info = { 0 };
	struct refusal why;

	if (ask_info(wire, &info, &why)) {
		refusal_print(CMD_LIST, &why);
		return EXIT_LIST;
	}
	if (has(req, OPT_JSON))
		return list_json(wire, req, &info);
	if (!has(req, OPT_SERVICE))
		printf("IP Virtual Server version %u.%u.%u (size=%u)\n",
		       info.version >> 16 & 0xff,
		       info.version >> 8 & 0xff, info.version & 0xff,
		       info.conn_tab_size);
	return list_tables(wire, req, format_of(req)->title, print_service);
}

/**
 * list_run() - execute a list command, connections apart
 * @wire: the socket
 * @req: the command
 *
 * Return: exit status; messages are printed.
 */
int list_run(struct wire *wire, const struct request *req)
{
	if (has(req, OPT_TIMEOUT))
		return list_timeouts(wire, req);
	if (has(req, OPT_DAEMON))
		return list_daemons(wire, req);
	if (has(req, OPT_DROPS))
		return drops_run(wire, req);
	return list_table(wire, req);
}
