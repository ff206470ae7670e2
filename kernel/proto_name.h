/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of IP protocols.
 */
#ifndef IP_VS_PROTO_NAME_H
#define IP_VS_PROTO_NAME_H

#include <linux/types.h>

const char *ip_vs_proto_name(u8 proto, char *buf, size_t len);

#endif
