// SPDX-License-Identifier: GPL-2.0-only
/*
 * A connection as listings and events show it.
 */
#include <linux/export.h>
#include <linux/string.h>

#include "conn/conn.h"
#include "conn/view.h"
#include "content/engine.h"
#include "packet.h"
#include "server/dest.h"

static void view_fill4(const struct ip_vs_conn4 *c4, struct ip_vs_conn_view *view)
{
	const struct ip_vs_key4 *in = &c4->node[IP_VS_DIR_INPUT].key;
	const struct ip_vs_key4 *out = &c4->node[IP_VS_DIR_OUTPUT].key;

	view->caddr.ip = in->saddr;
	view->vaddr.ip = in->daddr;
	view->daddr.ip = out->saddr;
	view->cport = in->sport;
	view->vport = in->dport;
	view->dport = out->sport;
}

static void view_fill6(const struct ip_vs_conn6 *c6, struct ip_vs_conn_view *view)
{
	const struct ip_vs_key6 *in = &c6->node[IP_VS_DIR_INPUT].key;
	const struct ip_vs_key6 *out = &c6->node[IP_VS_DIR_OUTPUT].key;

	view->caddr.in6 = in->saddr;
	view->vaddr.in6 = in->daddr;
	view->daddr.in6 = out->saddr;
	view->cport = in->sport;
	view->vport = in->dport;
	view->dport = out->sport;
}

/**
 * ip_vs_conn_view() - copy addresses and ports of a connection
 * @c: connection
 * @view: filled in, padding zero
 *
 * Context: RCU read side.
 */
void ip_vs_conn_view(const struct ip_vs_conn *c, struct ip_vs_conn_view *view)
{
	memset(view, 0, sizeof(*view));
	view->af = c->af;
	view->daf = c->daf;
	if (c->af == AF_INET6)
		view_fill6(ip_vs_conn6(c), view);
	else
		view_fill4(ip_vs_conn4(c), view);
	/* A server of the other family does not fit into the nodes. */
	if (c->daf != c->af)
		view->daddr = c->dest->key.addr;
}
EXPORT_SYMBOL_GPL(ip_vs_conn_view);

/**
 * ip_vs_conn_data() - what a persistence engine found for a template
 * @c: connection
 * @data: filled in; points into @c; its @pe is NULL if @c is no such template
 *
 * Context: RCU read side.
 */
void ip_vs_conn_data(const struct ip_vs_conn *c, struct ip_vs_pe_data *data)
{
	const struct ip_vs_conn_tail *tail = ip_vs_conn_tail(c);

	*data = (struct ip_vs_pe_data) {};
	if (likely(!tail))
		return;
	data->pe = tail->pe;
	data->len = tail->len;
	data->bytes = tail->bytes;
}

/**
 * ip_vs_conn_report() - copy what listings and events show of a connection
 * @c: connection
 * @report: filled in; its @data points into @c
 *
 * Context: RCU read side.
 */
void ip_vs_conn_report(const struct ip_vs_conn *c,
		       struct ip_vs_conn_report *report)
{
	ip_vs_conn_view(c, &report->view);
	ip_vs_conn_data(c, &report->data);
	report->state = READ_ONCE(c->state);
	report->flags = READ_ONCE(c->flags) & ~IP_VS_CONN_F_EXTRA;
	report->remaining = ip_vs_conn_remaining(c);
	report->fwmark = c->fwmark;
	report->proto = c->proto;
}
