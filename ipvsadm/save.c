// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table as lines that restore accepts
 */
#include "save.h"

#include "list.h"
#include "names.h"

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

static void print_name(FILE *out, const struct request *req,
		       const struct service *svc)
{
	char text[ENDPOINT_TEXT];

	if (svc->fwmark) {
		fprintf(out, "-f %u%s", svc->fwmark,
			svc->vip.af == AF_INET6 ? " -6" : "");
		return;
	}
	names_endpoint(text, &svc->vip, svc->protocol,
		       has(req, OPT_NUMERIC) ? NAME_NONE : NAME_ALL);
	fprintf(out, "%s %s", service_option(svc->protocol), text);
}

static void print_service_words(FILE *out, const struct request *req,
				const struct service *svc)
{
	const char *mask = names_mask(svc);

	print_name(out, req, svc);
	/* Only a service that has gone meanwhile has none. */
	if (svc->sched[0])
		fprintf(out, " -s %s", svc->sched);
	if (svc->flags & IP_VS_SVC_F_PERSISTENT) {
		fprintf(out, " -p %u", svc->timeout);
		if (mask)
			fprintf(out, " -M %s", mask);
	}
	if (svc->pe[0])
		fprintf(out, " --pe %s", svc->pe);
	if (svc->flags & IP_VS_SVC_F_ONEPACKET)
		fputs(" -o", out);
	if (svc->flags & SVC_SCHED_FLAGS)
		fprintf(out, " -b %s", names_sched_flags(svc));
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
	fputs("-A ", out);
	print_service_words(out, req, svc);
	fputc('\n', out);
}

static const char *checksum_option(uint32_t flags)
{
	if (flags & IP_VS_TUNNEL_ENCAP_FLAG_CSUM)
		return "--tun-csum";
	if (flags & IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM)
		return "--tun-remcsum";
	return "--tun-nocsum";
}

static void print_tunnel(FILE *out, const struct dest *dst)
{
	const char *checksum = checksum_option(dst->tun_flags);

	switch (dst->tun_type) {
	case IP_VS_CONN_F_TUNNEL_TYPE_IPIP:
		fputs(" --tun-type ipip", out);
		break;
	case IP_VS_CONN_F_TUNNEL_TYPE_GUE:
		fprintf(out, " --tun-type gue --tun-port %u %s",
			dst->tun_port, checksum);
		break;
	case IP_VS_CONN_F_TUNNEL_TYPE_GRE:
		fprintf(out, " --tun-type gre %s", checksum);
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

static void print_server(FILE *out, const struct request *req,
			 const struct service *svc, const struct dest *dst)
{
	enum naming naming = svc->fwmark ? NAME_HOST : NAME_ALL;
	char text[ENDPOINT_TEXT];

	names_endpoint(text, &dst->rip, svc->protocol,
		       has(req, OPT_NUMERIC) ? NAME_NONE : naming);
	print_name(out, req, svc);
	fprintf(out, " -r %s", text);
}

static void print_dest_words(FILE *out, const struct request *req,
			     const struct service *svc, const struct dest *dst)
{
	print_server(out, req, svc, dst);
	fprintf(out, " %s -w %d", forward_option(dst->fwd), (int)dst->weight);
	if ((dst->fwd & IP_VS_CONN_F_FWD_MASK) == IP_VS_CONN_F_TUNNEL)
		print_tunnel(out, dst);
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
	fputs("-a ", out);
	print_dest_words(out, req, svc, dst);
	fputc('\n', out);
}

static void print_thresholds(FILE *out, const struct dest *dst)
{
	if (dst->u_thresh)
		fprintf(out, " -x %u", dst->u_thresh);
	if (dst->l_thresh)
		fprintf(out, " -y %u", dst->l_thresh);
}

/**
 * save_change() - the line that makes a change, thresholds included
 * @out: where to
 * @req: the command; says whether names are looked up
 * @cmd: one of the six commands about services and servers
 * @svc: the service
 * @dst: its server, for commands about servers
 */
void save_change(FILE *out, const struct request *req, enum command cmd,
		 const struct service *svc, const struct dest *dst)
{
	static const char verbs[] = {
		[CMD_ADD_SERVICE] = 'A', [CMD_EDIT_SERVICE] = 'E',
		[CMD_DEL_SERVICE] = 'D', [CMD_ADD_DEST] = 'a',
		[CMD_DEL_DEST] = 'd', [CMD_EDIT_DEST] = 'e',
	};

	fprintf(out, "-%c ", verbs[cmd]);
	switch (cmd) {
	case CMD_DEL_SERVICE:
		print_name(out, req, svc);
		break;
	case CMD_DEL_DEST:
		print_server(out, req, svc, dst);
		break;
	case CMD_ADD_DEST:
	case CMD_EDIT_DEST:
		print_dest_words(out, req, svc, dst);
		print_thresholds(out, dst);
		break;
	default:
		print_service_words(out, req, svc);
	}
	fputc('\n', out);
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
	return ferror(stdout) ? -EIO : 0;
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
