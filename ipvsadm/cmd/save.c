// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table as lines that restore accepts
 */
#include "cmd/save.h"

#include "cmd/list.h"
#include "print/names.h"
#include "print/output.h"

#include <errno.h>

static const char *service_option(uint16_t protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
		return "-t";
	case IPPROTO_UDP:
		return "-u";
	case IPPROTO_SCTP:
		return "--sctp-service";
	}
	return "--xxx-service";
}

static void put_number(struct text *text, const char *option, uint32_t n)
{
	text_word(text, option);
	text_number(text, n);
}

static void put_name(struct text *text, const struct request *req,
		     const struct service *svc)
{
	if (svc->fwmark) {
		put_number(text, "-f ", svc->fwmark);
		text_word(text, svc->vip.af == AF_INET6 ? " -6" : "");
		return;
	}
	text_pair(text, service_option(svc->protocol), " ");
	names_endpoint(text, &svc->vip, svc->protocol,
		       has(req, OPT_NUMERIC) ? NAME_NONE : NAME_ALL);
}

static void put_service(struct text *text, const struct request *req,
			const struct service *svc)
{
	const char *mask = names_mask(svc);

	put_name(text, req, svc);
	/* Only a service that has gone meanwhile has none. */
	if (svc->sched[0])
		text_pair(text, " -s ", svc->sched);
	if (svc->flags & IP_VS_SVC_F_PERSISTENT) {
		put_number(text, " -p ", svc->timeout);
		if (mask)
			text_pair(text, " -M ", mask);
	}
	if (svc->pe[0])
		text_pair(text, " --pe ", svc->pe);
	if (svc->flags & IP_VS_SVC_F_ONEPACKET)
		text_word(text, " -o");
	if (svc->flags & SVC_SCHED_FLAGS)
		text_pair(text, " -b ", names_sched_flags(svc));
}

static const char *checksum_option(uint32_t flags)
{
	if (flags & IP_VS_TUNNEL_ENCAP_FLAG_CSUM)
		return "--tun-csum";
	if (flags & IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM)
		return "--tun-remcsum";
	return "--tun-nocsum";
}

static void put_tunnel(struct text *text, const struct dest *dst)
{
	const char *checksum = checksum_option(dst->tun_flags);

	switch (dst->tun_type) {
	case IP_VS_CONN_F_TUNNEL_TYPE_IPIP:
		text_word(text, " --tun-type ipip");
		break;
	case IP_VS_CONN_F_TUNNEL_TYPE_GUE:
		put_number(text, " --tun-type gue --tun-port ", dst->tun_port);
		text_pair(text, " ", checksum);
		break;
	case IP_VS_CONN_F_TUNNEL_TYPE_GRE:
		text_pair(text, " --tun-type gre ", checksum);
		break;
	}
}

static const char *forward_option(uint32_t fwd)
{
	switch (fwd & IP_VS_CONN_F_FWD_MASK) {
	case IP_VS_CONN_F_MASQ:
		return "-m";
	case IP_VS_CONN_F_TUNNEL:
		return "-i";
	}
	return "-g";
}

static void put_server(struct text *text, const struct request *req,
		       const struct service *svc, const struct dest *dst)
{
	enum naming naming = svc->fwmark ? NAME_HOST : NAME_ALL;

	put_name(text, req, svc);
	text_word(text, " -r ");
	names_endpoint(text, &dst->rip, svc->protocol,
		       has(req, OPT_NUMERIC) ? NAME_NONE : naming);
}

static void put_thresholds(struct text *text, const struct dest *dst)
{
	if (dst->u_thresh)
		put_number(text, " -x ", dst->u_thresh);
	if (dst->l_thresh)
		put_number(text, " -y ", dst->l_thresh);
}

static void put_dest(struct text *text, const struct request *req,
		     const struct service *svc, const struct dest *dst)
{
	put_server(text, req, svc, dst);
	text_pair(text, " ", forward_option(dst->fwd));
	text_word(text, " -w ");
	text_int(text, (int)dst->weight);
	if ((dst->fwd & IP_VS_CONN_F_FWD_MASK) == IP_VS_CONN_F_TUNNEL)
		put_tunnel(text, dst);
	put_thresholds(text, dst);
}

static void begin(struct text *text, enum command cmd)
{
	static const char *const verbs[] = {
		[CMD_ADD_SERVICE] = "-A ", [CMD_EDIT_SERVICE] = "-E ",
		[CMD_DEL_SERVICE] = "-D ", [CMD_ADD_DEST] = "-a ",
		[CMD_DEL_DEST] = "-d ", [CMD_EDIT_DEST] = "-e ",
	};

	text_begin(text);
	text_word(text, verbs[cmd]);
}

static void end(struct text *text, FILE *out)
{
	text_word(text, "\n");
	text_print(text, out);
}

/**
 * save_service() - the line that adds a service
 * @out: where to
 * @req: the save command
 * @svc: the service
 */
void save_service(FILE *out, const struct request *req,
		  const struct service *svc)
{
	struct text text;

	begin(&text, CMD_ADD_SERVICE);
	put_service(&text, req, svc);
	end(&text, out);
}

/**
 * save_dest() - the line that adds a server
 * @out: where to
 * @req: the save command
 * @svc: its service
 * @dst: the server
 */
void save_dest(FILE *out, const struct request *req,
	       const struct service *svc, const struct dest *dst)
{
	struct text text;

	begin(&text, CMD_ADD_DEST);
	put_dest(&text, req, svc, dst);
	end(&text, out);
}

/**
 * save_change() - the line that makes a change
 * @out: where to
 * @req: the command; says whether names are looked up
 * @cmd: one of the six commands about services and servers
 * @svc: the service
 * @dst: its server, for commands about servers
 */
void save_change(FILE *out, const struct request *req, enum command cmd,
		 const struct service *svc, const struct dest *dst)
{
	struct text text;

	begin(&text, cmd);
	switch (cmd) {
	case CMD_DEL_SERVICE:
		put_name(&text, req, svc);
		break;
	case CMD_DEL_DEST:
		put_server(&text, req, svc, dst);
		break;
	case CMD_ADD_DEST:
	case CMD_EDIT_DEST:
		put_dest(&text, req, svc, dst);
		break;
	default:
		put_service(&text, req, svc);
	}
	end(&text, out);
}

/**
 * save_daemon() - the line that starts or stops a daemon
 * @out: where to
 * @cmd: CMD_START_DAEMON or CMD_STOP_DAEMON
 * @dmn: the daemon
 */
void save_daemon(FILE *out, enum command cmd, const struct daemon *dmn)
{
	bool start = cmd == CMD_START_DAEMON;
	char group[INET6_ADDRSTRLEN];

	fprintf(out, "--%s-daemon %s", start ? "start" : "stop",
		dmn->state == IP_VS_STATE_MASTER ? "master" : "backup");
	if (!start) {
		fputc('\n', out);
		return;
	}
	fprintf(out, " --mcast-interface %s --syncid %u", dmn->ifname,
		dmn->syncid);
	if (dmn->maxlen)
		fprintf(out, " --sync-maxlen %u", dmn->maxlen);
	if (names_address(&dmn->group, group, sizeof(group)))
		fprintf(out, " --mcast-group %s", group);
	if (dmn->port)
		fprintf(out, " --mcast-port %u", dmn->port);
	if (dmn->ttl)
		fprintf(out, " --mcast-ttl %u", dmn->ttl);
	fputc('\n', out);
}

static int print_service(const struct request *req, const struct service *svc,
			 const struct list *dests)
{
	save_service(stdout, req, svc);
	for (size_t i = 0; i < dests->len; i++)
		save_dest(stdout, req, svc, dests->item[i]);
	return output_broken() ? -EIO : 0;
}

/**
 * save_run() - execute -S
 * @wire: the socket
 * @req: the command
 *
 * Return: exit status; messages are printed.
 */
int save_run(struct wire *wire, const struct request *req)
{
	return list_tables(wire, req, NULL, print_service);
}
