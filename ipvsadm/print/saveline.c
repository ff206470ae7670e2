// SPDX-License-Identifier: GPL-2.0-only
/*
 * Services, servers and daemons as lines that restore accepts
 */
#include "print/saveline.h"

#include "model/model.h"
#include "model/protocol.h"
#include "model/request.h"
#include "print/line.h"
#include "print/names.h"

static void put_option_number(struct line *line, const char *option, uint32_t n)
{
	line_word(line, option);
	line_number(line, n);
}

static void put_service_option(struct line *line, const struct request *req,
			       const struct service *svc)
{
	if (svc->fwmark) {
		put_option_number(line, "-f ", svc->fwmark);
		line_word(line, svc->vip.af == AF_INET6 ? " -6" : "");
		return;
	}
	line_pair(line, protocol_option(svc->protocol), " ");
	names_service(line, req, svc);
}

static void put_service_options(struct line *line, const struct request *req,
				const struct service *svc)
{
	const char *mask = names_mask(svc);

	put_service_option(line, req, svc);
	/* Only a service that was deleted meanwhile has no scheduler. */
	if (svc->sched[0])
		line_pair(line, " -s ", svc->sched);
	if (svc->flags & IP_VS_SVC_F_PERSISTENT) {
		put_option_number(line, " -p ", svc->timeout);
		if (mask)
			line_pair(line, " -M ", mask);
	}
	if (svc->pe[0])
		line_pair(line, " --pe ", svc->pe);
	if (svc->flags & IP_VS_SVC_F_ONEPACKET)
		line_word(line, " -o");
	if (svc->flags & SVC_SCHED_FLAGS)
		line_pair(line, " -b ", names_sched_flags(svc));
}

static const char *checksum_option(uint32_t flags)
{
	if (flags & IP_VS_TUNNEL_ENCAP_FLAG_CSUM)
		return "--tun-csum";
	if (flags & IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM)
		return "--tun-remcsum";
	return "--tun-nocsum";
}

static void put_tunnel_options(struct line *line, const struct dest *dst)
{
	const char *checksum = checksum_option(dst->tun_flags);

	switch (dst->tun_type) {
	case IP_VS_CONN_F_TUNNEL_TYPE_IPIP:
		line_word(line, " --tun-type ipip");
		break;
	case IP_VS_CONN_F_TUNNEL_TYPE_GUE:
		put_option_number(line, " --tun-type gue --tun-port ", dst->tun_port);
		line_pair(line, " ", checksum);
		break;
	case IP_VS_CONN_F_TUNNEL_TYPE_GRE:
		line_pair(line, " --tun-type gre ", checksum);
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

static void put_server_option(struct line *line, const struct request *req,
			      const struct service *svc, const struct dest *dst)
{
	put_service_option(line, req, svc);
	line_word(line, " -r ");
	names_server(line, req, svc, dst);
}

static void put_thresholds(struct line *line, const struct dest *dst)
{
	if (dst->u_thresh)
		put_option_number(line, " -x ", dst->u_thresh);
	if (dst->l_thresh)
		put_option_number(line, " -y ", dst->l_thresh);
}

static void put_dest_options(struct line *line, const struct request *req,
			     const struct service *svc, const struct dest *dst)
{
	put_server_option(line, req, svc, dst);
	line_pair(line, " ", forward_option(dst->fwd));
	line_word(line, " -w ");
	line_int(line, (int)dst->weight);
	if ((dst->fwd & IP_VS_CONN_F_FWD_MASK) == IP_VS_CONN_F_TUNNEL)
		put_tunnel_options(line, dst);
	put_thresholds(line, dst);
}

static void command_begin(struct line *line, enum command cmd)
{
	static const char *const verbs[] = {
		[CMD_ADD_SERVICE] = "-A ", [CMD_EDIT_SERVICE] = "-E ",
		[CMD_DEL_SERVICE] = "-D ", [CMD_ADD_DEST] = "-a ",
		[CMD_DEL_DEST] = "-d ", [CMD_EDIT_DEST] = "-e ",
	};

	line_begin(line);
	line_word(line, verbs[cmd]);
}

static void command_end(struct line *line, FILE *out)
{
	line_word(line, "\n");
	line_print(line, out);
}

/**
 * saveline_service() - the line that adds a service
 * @out: where to
 * @req: the save command
 * @svc: the service
 */
void saveline_service(FILE *out, const struct request *req,
		      const struct service *svc)
{
	struct line line;

	command_begin(&line, CMD_ADD_SERVICE);
	put_service_options(&line, req, svc);
	command_end(&line, out);
}

/**
 * saveline_dest() - the line that adds a server
 * @out: where to
 * @req: the save command
 * @svc: its service
 * @dst: the server
 */
void saveline_dest(FILE *out, const struct request *req,
		   const struct service *svc, const struct dest *dst)
{
	struct line line;

	command_begin(&line, CMD_ADD_DEST);
	put_dest_options(&line, req, svc, dst);
	command_end(&line, out);
}

/**
 * saveline_change() - the line that makes a change
 * @out: where to
 * @req: the command; says whether names are looked up
 * @cmd: one of the six commands about services and servers
 * @svc: the service
 * @dst: its server, for commands about servers
 */
void saveline_change(FILE *out, const struct request *req, enum command cmd,
		     const struct service *svc, const struct dest *dst)
{
	struct line line;

	command_begin(&line, cmd);
	switch (cmd) {
	case CMD_DEL_SERVICE:
		put_service_option(&line, req, svc);
		break;
	case CMD_DEL_DEST:
		put_server_option(&line, req, svc, dst);
		break;
	case CMD_ADD_DEST:
	case CMD_EDIT_DEST:
		put_dest_options(&line, req, svc, dst);
		break;
	default:
		put_service_options(&line, req, svc);
	}
	command_end(&line, out);
}

/**
 * saveline_daemon() - the line that starts or stops a daemon
 * @out: where to
 * @cmd: CMD_START_DAEMON or CMD_STOP_DAEMON
 * @dmn: the daemon
 */
void saveline_daemon(FILE *out, enum command cmd, const struct daemon *dmn)
{
	bool start = cmd == CMD_START_DAEMON;
	char group[INET6_ADDRSTRLEN];

	fprintf(out, "--%s-daemon %s", start ? "start" : "stop",
		names_daemon_state(dmn->state));
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
