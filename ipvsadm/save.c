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

/**
 * save_service() - the line that adds a service
 * @out: where to
 * @req: the save command
 * @svc: the service
 */
void save_service(FILE *out, const struct request *req,
		  const struct service *svc)
{
	const char *mask = names_mask(svc);

	fputs("-A ", out);
	print_name(out, req, svc);
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
	enum naming naming = svc->fwmark ? NAME_HOST : NAME_ALL;
	char text[ENDPOINT_TEXT];

	names_endpoint(text, &dst->rip, svc->protocol,
		       has(req, OPT_NUMERIC) ? NAME_NONE : naming);
	fputs("-a ", out);
	print_name(out, req, svc);
	fprintf(out, " -r %s %s -w %d", text, forward_option(dst->fwd),
		(int)dst->weight);
	if ((dst->fwd & IP_VS_CONN_F_FWD_MASK) == IP_VS_CONN_F_TUNNEL)
		print_tunnel(out, dst);
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
