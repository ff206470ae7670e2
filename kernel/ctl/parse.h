/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parsing of the attributes of the IPVS netlink family.
 *
 * On an error each sets an extended message and the attribute at fault.
 */
#ifndef IP_VS_CTL_PARSE_H
#define IP_VS_CTL_PARSE_H

#include <linux/types.h>

struct ip_vs_dest_config;
struct ip_vs_service_config;
struct ip_vs_sync_config;
struct netlink_ext_ack;
struct nlattr;

/* How much of an object a command needs. */
enum ip_vs_parse_form {
	IP_VS_FORM_ID,		/* its identity */
	IP_VS_FORM_FULL,	/* everything */
};

int ip_vs_parse_service(const struct nlattr *nest, enum ip_vs_parse_form form,
			struct ip_vs_service_config *cfg,
			struct netlink_ext_ack *extack);
int ip_vs_service_not_found(const struct nlattr *nest,
			    struct netlink_ext_ack *extack);
int ip_vs_parse_dest(const struct nlattr *nest, enum ip_vs_parse_form form,
		     u16 service_af, struct ip_vs_dest_config *cfg,
		     struct netlink_ext_ack *extack);
int ip_vs_parse_daemon(const struct nlattr *nest,
		       struct ip_vs_sync_config *cfg,
		       struct netlink_ext_ack *extack);
int ip_vs_parse_daemon_state(const struct nlattr *nest, u32 *state,
			     struct netlink_ext_ack *extack);

#endif
