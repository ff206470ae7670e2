// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lines of the tables people read, and scripts too: every blank counts
 *
 * Six sets of columns, one row each in the table of formats. The first that
 * was asked for wins.
 */
#include "print/listline.h"

#include "print/colour.h"
#include "print/names.h"
#include "model/protocol.h"
#include "model/util.h"

/* IPv4 endpoints are cut to the column, IPv6 endpoints move the columns. */
#define HOST_WIDTH	28
#define NAME_WIDTH	33
#define PROTOCOL_WIDTH	5

/**
 * struct format - one set of columns
 * @opt: the option that asks for it
 * @title: two lines
 * @counters: services show counters @first to @first + 4 instead of their
 *	properties
 * @first: first of five counters
 * @dest: writes what follows the server's address
 */
struct format {
	enum option opt;
	const char *title;
	bool counters;
	enum counter first;
	void (*dest)(struct line *line, const struct dest *dst, bool exact);
};

static void put_exact(struct line *line, uint64_t n)
{
	line_word(line, " ");
	line_right(line, n, 8);
}

static void put_count(struct line *line, uint64_t n, bool exact)
{
	static const struct {
		uint64_t below;
		uint64_t divisor;
		const char *suffix;
	} scale[] = {
		{ UINT64_C(100000000), UINT64_C(1), NULL },
		{ UINT64_C(1000000000), UINT64_C(1000), "K" },
		{ UINT64_C(100000000000), UINT64_C(1000000), "M" },
		{ UINT64_C(100000000000000), UINT64_C(1000000000), "G" },
		{ UINT64_MAX, UINT64_C(1000000000000), "T" },
	};
	size_t i = 0;

	if (exact) {
		put_exact(line, n);
		return;
	}
	while (n >= scale[i].below && i < ARRAY_SIZE(scale) - 1)
		i++;
	line_right(line, n / scale[i].divisor, scale[i].suffix ? 8 : 9);
	if (scale[i].suffix)
		line_word(line, scale[i].suffix);
}

static void put_counts(struct line *line, const struct stats *stats,
		       enum counter first, bool exact)
{
	for (int i = first; i < (int)first + 5; i++)
		put_count(line, stats->v[i], exact);
}

static void dest_stats(struct line *line, const struct dest *dst, bool exact)
{
	put_counts(line, &dst->stats, CNT_CONNS, exact);
}

static void dest_rate(struct line *line, const struct dest *dst, bool exact)
{
	for (int i = CNT_CPS; i <= CNT_OUTPPS; i++)
		put_exact(line, dst->stats.v[i]);
	for (int i = CNT_INBPS; i <= CNT_OUTBPS; i++)
		put_count(line, dst->stats.v[i], exact);
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

/* A blank and a left-aligned word. */
static void put_word(struct line *line, const char *word, size_t width)
{
	size_t from;

	line_word(line, " ");
	from = line->len;
	line_word(line, word);
	line_fill(line, from + width);
}

static void put_number_column(struct line *line, int64_t n, size_t width)
{
	size_t from;

	line_word(line, " ");
	from = line->len;
	line_int(line, n);
	line_fill(line, from + width);
}

static void tunnel_text(struct line *line, const struct dest *dst)
{
	if ((dst->fwd & IP_VS_CONN_F_FWD_MASK) != IP_VS_CONN_F_TUNNEL) {
		line_word(line, "n/a");
		return;
	}
	switch (dst->tun_type) {
	case IP_VS_CONN_F_TUNNEL_TYPE_IPIP:
		line_word(line, "ipip");
		break;
	case IP_VS_CONN_F_TUNNEL_TYPE_GUE:
		line_word(line, "gue:");
		line_number(line, dst->tun_port & UINT16_MAX);
		line_pair(line, ":", tunnel_flags(dst->tun_flags));
		break;
	case IP_VS_CONN_F_TUNNEL_TYPE_GRE:
		line_pair(line, "gre:", tunnel_flags(dst->tun_flags));
		break;
	default:
		line_word(line, "n/a");
	}
}

static void dest_conns(struct line *line, const struct dest *dst)
{
	put_number_column(line, dst->active, 10);
	put_number_column(line, dst->inactive, 10);
}

static void dest_default(struct line *line, const struct dest *dst, bool exact)
{
	(void)exact;
	put_word(line, forward_name(dst->fwd), 7);
	put_number_column(line, (int)dst->weight, 6);
	dest_conns(line, dst);
}

static void dest_tunnel(struct line *line, const struct dest *dst, bool exact)
{
	struct line tunnel;

	(void)exact;
	line_begin(&tunnel);
	tunnel_text(&tunnel, dst);
	put_word(line, forward_name(dst->fwd), 7);
	put_word(line, line_string(&tunnel), 13);
	put_number_column(line, (int)dst->weight, 6);
	dest_conns(line, dst);
}

static void dest_thresholds(struct line *line, const struct dest *dst,
			    bool exact)
{
	(void)exact;
	put_number_column(line, dst->u_thresh, 10);
	put_number_column(line, dst->l_thresh, 10);
	dest_conns(line, dst);
}

static void dest_persist(struct line *line, const struct dest *dst, bool exact)
{
	(void)exact;
	put_number_column(line, (int)dst->weight, 9);
	put_number_column(line, dst->persist, 11);
	dest_conns(line, dst);
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

/**
 * listline_title() - what stands above the table
 * @req: the list command
 *
 * Return: two lines.
 */
const char *listline_title(const struct request *req)
{
	return format_of(req)->title;
}

/**
 * listline_name() - protocol, address and port of a service, or its mark
 * @line: where to
 * @req: the command; says whether names are looked up
 * @svc: the service
 */
void listline_name(struct line *line, const struct request *req,
		   const struct service *svc)
{
	bool six = svc->vip.af == AF_INET6;
	size_t from = line->len;

	if (svc->fwmark) {
		line_word(line, "FWM  ");
		line_number(line, svc->fwmark);
		line_word(line, six ? " IPv6" : "");
		return;
	}
	line_word(line, protocol_name(svc->protocol));
	line_fill(line, from + PROTOCOL_WIDTH);
	from = line->len;
	names_service(line, req, svc);
	if (!six)
		line_cut(line, from + HOST_WIDTH);
}

static void put_settings(struct line *line, const struct service *svc)
{
	const char *mask = names_mask(svc);

	line_pair(line, " ", svc->sched);
	if (svc->flags & SVC_SCHED_FLAGS) {
		line_pair(line, " (", names_sched_flags(svc));
		line_word(line, ")");
	}
	if (svc->flags & IP_VS_SVC_F_PERSISTENT) {
		line_word(line, " persistent ");
		line_number(line, svc->timeout);
		if (mask)
			line_pair(line, " mask ", mask);
		if (svc->pe[0])
			line_pair(line, " pe ", svc->pe);
	}
	if (svc->flags & IP_VS_SVC_F_ONEPACKET)
		line_word(line, " ops");
}

/**
 * listline_service() - the line of a service
 * @out: where to
 * @req: the list command
 * @svc: the service
 */
void listline_service(FILE *out, const struct request *req,
		      const struct service *svc)
{
	const struct format *format = format_of(req);
	const char *colour = colour_service(out);
	struct line line;
	size_t from;

	line_begin(&line);
	line_word(&line, colour);
	from = line.len;
	listline_name(&line, req, svc);
	if (format->counters)
		line_fill(&line, from + NAME_WIDTH);
	line_word(&line, colour_off(colour));
	if (format->counters)
		put_counts(&line, &svc->stats, format->first,
			   has(req, OPT_EXACT));
	else
		put_settings(&line, svc);
	line_word(&line, "\n");
	line_print(&line, out);
}

static void put_server_name(struct line *line, const struct request *req,
			    const struct service *svc, const struct dest *dst)
{
	size_t from;

	line_word(line, "  -> ");
	from = line->len;
	names_server(line, req, svc, dst);
	if (dst->rip.af != AF_INET6)
		line_cut(line, from + HOST_WIDTH);
	line_fill(line, from + HOST_WIDTH);
}

/**
 * listline_dest() - the line of a server
 * @out: where to
 * @req: the list command
 * @svc: its service
 * @dst: the server
 */
void listline_dest(FILE *out, const struct request *req,
		   const struct service *svc, const struct dest *dst)
{
	const char *colour = colour_dest(out, dst);
	struct line line;

	line_begin(&line);
	line_word(&line, colour);
	put_server_name(&line, req, svc, dst);
	format_of(req)->dest(&line, dst, has(req, OPT_EXACT));
	line_word(&line, colour_off(colour));
	line_word(&line, "\n");
	line_print(&line, out);
}
