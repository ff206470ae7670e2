/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connection tracking's expectation of a data connection.
 */
#ifndef IP_VS_FTP_EXPECT_H
#define IP_VS_FTP_EXPECT_H

#include <linux/types.h>

struct ip_vs_conn_view;
struct sk_buff;

void ftp_expect(const struct sk_buff *skb, u16 af,
		const struct ip_vs_conn_view *view, __be16 vport);

#endif
