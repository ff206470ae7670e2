// SPDX-License-Identifier: GPL-2.0-only
/*
 * What users may ask for and this build refuses: one row each.
 *
 * The checks come last, after every check that has an errno of its own, so that
 * taking a row away changes nothing but the refusal.
 */
#include <linux/errno.h>
#include <linux/in.h>
#include <linux/netlink.h>

#include "dest.h"
#include "service.h"
#include "unbuilt.h"

static bool svc_sctp(const struct ip_vs_service_config *cfg)
{
	return cfg->id.proto == IPPROTO_SCTP;
}

static bool svc_engine(const struct ip_vs_service_config *cfg)
{
	return cfg->pe_name[0];
}

static const struct {
	bool (*asked)(const struct ip_vs_service_config *cfg);
	const char *why;
} service_rows[] = {
	{ svc_sctp, "SCTP services are not supported yet" },
	{ svc_engine, "persistence engines are not supported yet" },
};

static bool dest_conntrack(const struct ip_vs_dest_config *cfg)
{
	return cfg->method & IP_VS_CONN_F_NFCT;
}

static const struct {
	bool (*asked)(const struct ip_vs_dest_config *cfg);
	const char *why;
} dest_rows[] = {
	{ dest_conntrack, "servers with conntrack are not supported yet" },
};

/* As NL_SET_ERR_MSG(), for a text that comes from a table. */
static int refuse(struct netlink_ext_ack *extack, const char *why)
{
	if (extack)
		extack->_msg = why;
	return -EOPNOTSUPP;
}

/**
 * ip_vs_unbuilt_service() - does this build refuse a service?
 * @cfg: service as asked for
 * @extack: where to say why, or NULL
 *
 * Context: any.
 *
 * Return: 0; -EOPNOTSUPP: yes.
 */
int ip_vs_unbuilt_service(const struct ip_vs_service_config *cfg,
			  struct netlink_ext_ack *extack)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(service_rows); i++)
		if (service_rows[i].asked(cfg))
			return refuse(extack, service_rows[i].why);
	return 0;
}

/**
 * ip_vs_unbuilt_dest() - does this build refuse a server?
 * @cfg: server as asked for
 * @extack: where to say why, or NULL
 *
 * Context: any.
 *
 * Return: 0; -EOPNOTSUPP: yes.
 */
int ip_vs_unbuilt_dest(const struct ip_vs_dest_config *cfg,
		       struct netlink_ext_ack *extack)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(dest_rows); i++)
		if (dest_rows[i].asked(cfg))
			return refuse(extack, dest_rows[i].why);
	return 0;
}
