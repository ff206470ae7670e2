/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What users may ask for and this build refuses.
 */
#ifndef IP_VS_UNBUILT_H
#define IP_VS_UNBUILT_H

struct ip_vs_service_config;
struct netlink_ext_ack;

int ip_vs_unbuilt_service(const struct ip_vs_service_config *cfg,
			  struct netlink_ext_ack *extack);

#endif
