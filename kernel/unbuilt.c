// SPDX-License-Identifier: GPL-2.0-only
/*
 * What users may ask for and this build refuses: one row each.
 *
 * The checks come last, after every check that has an errno of its own, so that
 * taking a row away changes nothing but the refusal.
 */
#include <linux/errno.h>
#include <linux/netlink.h>

#include "service.h"
#include "unbuilt.h"

static bool svc_engine(const struct ip_vs_service_config *cfg)
{
	return cfg->pe_name[0];
}

static const struct {
	bool (*asked)(const struct ip_vs_service_config *cfg);
	const char *why;
} service_rows[] = {
	{ svc_engine, "persistence engines are not supported yet" },
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
