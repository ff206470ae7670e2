// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connection tracking's expectation of a data connection.
 *
 * A firewall that lets RELATED connections pass needs one.  Connection tracking
 * takes it only from a flow that it has given a helper ("-j CT --helper ftp");
 * without one the data connection is NEW.
 */
#include <linux/in.h>
#include <linux/kconfig.h>
#include <linux/skbuff.h>

#include "conn/view.h"
#include "ftp/expect.h"

#if IS_ENABLED(CONFIG_NF_CONNTRACK)

#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_expect.h>
#include <net/netfilter/nf_conntrack_helper.h>

/**
 * ftp_expect() - expect a client's data connection
 * @skb: the reply that announces it
 * @af: family
 * @view: the control connection
 * @vport: virtual port
 *
 * That it fails makes no difference to the connection.
 *
 * Context: RCU read side, softirq or process.
 */
void ftp_expect(const struct sk_buff *skb, u16 af,
		const struct ip_vs_conn_view *view, __be16 vport)
{
	struct nf_conntrack_expect *exp;
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	if (!ct || !nfct_help(ct))
		return;
	exp = nf_ct_expect_alloc(ct);
	if (!exp)
		return;
	nf_ct_expect_init(exp, NF_CT_EXPECT_CLASS_DEFAULT, af, &view->caddr,
			  &view->vaddr, IPPROTO_TCP, NULL, &vport);
	nf_ct_expect_related(exp, 0);
	nf_ct_expect_put(exp);
}

#else

void ftp_expect(const struct sk_buff *skb, u16 af,
		const struct ip_vs_conn_view *view, __be16 vport)
{
}

#endif
