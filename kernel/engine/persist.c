// SPDX-License-Identifier: GPL-2.0-only
/*
 * Persistence: one client (or network of clients), one server.
 *
 * A template is an entry like a connection, hashed by the client's masked
 * address.  The first connection of a client is scheduled and creates a
 * template; while that exists, later ones go to the template's server, whatever
 * the weight or the load of that server.  What a template covers depends on the
 * service:
 *
 *	by address and port	that port of that address
 *	port 0, or FTP's 21	every port of that address
 *	by firewall mark	everything with that mark, of any protocol
 *
 * With a persistence engine a template covers, of that, what carries the same
 * data: a client may have a server for each call.
 */
#include <linux/ip_vs.h>
#include <linux/jiffies.h>

#include "addr.h"
#include "conn/conn.h"
#include "conn/table.h"
#include "content/engine.h"
#include "content/text.h"
#include "engine/persist.h"
#include "net.h"
#include "packet.h"
#include "server/dest.h"
#include "server/sched.h"
#include "server/service.h"

/* Does the service's template cover one port?  Then its key has that port, and
 * the template the server's.  (A mark service has port 0, which is one as
 * well.)
 */
static bool one_port(const struct ip_vs_service *svc,
		     const struct ip_vs_packet *pkt)
{
	__be16 vport = ip_vs_packet_vport(pkt);
	__be16 own = svc->key.fwmark ? 0 : svc->id.port;

	return vport == own && vport != htons(IP_VS_FTP_PORT);
}

/* Does it cover everything with the service's mark? */
static bool by_mark(const struct ip_vs_service *svc,
		    const struct ip_vs_packet *pkt)
{
	return svc->key.fwmark && !one_port(svc, pkt);
}

static void mask_client(const struct ip_vs_service *svc,
			const union nf_inet_addr *client,
			union nf_inet_addr *masked)
{
	__be32 mask = READ_ONCE(svc->netmask);

	if (svc->key.af == AF_INET6)
		ipv6_addr_prefix(&masked->in6, &client->in6,
				 (__force u32)mask);
	else
		masked->ip = client->ip & mask;
}

/* The virtual address of the key: the packet's, or the mark in its place. */
static void virtual_of(const struct ip_vs_service *svc,
		       const struct ip_vs_packet *pkt,
		       union nf_inet_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (by_mark(svc, pkt))
		addr->ip = htonl(svc->key.fwmark);
	else
		ip_vs_addr_copy(svc->key.af, addr, ip_vs_packet_vaddr(pkt));
}

static void template_key(const struct ip_vs_service *svc,
			 const struct ip_vs_packet *pkt, u8 kind,
			 union ip_vs_key *key)
{
	__be16 vport = one_port(svc, pkt) ? ip_vs_packet_vport(pkt) : 0;
	u8 proto = by_mark(svc, pkt) ? IPPROTO_IP : pkt->proto;
	union nf_inet_addr client = {}, virtual;

	mask_client(svc, ip_vs_packet_caddr(pkt), &client);
	virtual_of(svc, pkt, &virtual);
	if (svc->key.af == AF_INET6)
		key->v6 = (struct ip_vs_key6) {
			.saddr = client.in6,
			.daddr = virtual.in6,
			.dport = vport,
			.proto = proto,
			.kind = kind,
		};
	else
		key->v4 = (struct ip_vs_key4) {
			.saddr = client.ip,
			.daddr = virtual.ip,
			.dport = vport,
			.proto = proto,
			.kind = kind,
		};
}

static bool template_usable(const struct ip_vs_net *ivn, const struct ip_vs_conn *c)
{
	const struct ip_vs_dest *dest = c->dest;

	if (!dest || !ip_vs_dest_available(dest))
		return false;
	return READ_ONCE(dest->weight) ||
	       !(READ_ONCE(ivn->settings.expire_quiescent_template) ||
		 READ_ONCE(ivn->settings.reschedule_unavailable));
}

/**
 * struct template_request - the template that is wanted
 * @svc: persistent service
 * @pkt: packet that opens a connection, as the client sends it
 * @data: what the service's engine found in it, NULL: there is no engine
 * @dest: the server, NULL: any
 * @fwmark: mark of the packet
 */
struct template_request {
	struct ip_vs_service *svc;
	const struct ip_vs_packet *pkt;
	const struct ip_vs_pe_data *data;
	struct ip_vs_dest *dest;
	u32 fwmark;
};

/* As ip_vs_persist_template(). */
static struct ip_vs_conn *template_get(struct ip_vs_net *ivn,
				       const struct template_request *req)
{
	struct ip_vs_service *svc = req->svc;
	struct ip_vs_conn_params params = {
		.ivn = ivn,
		.data = req->data,
		.dest = req->dest,
		.af = svc->key.af,
		.fwmark = req->fwmark,
		.flags = IP_VS_CONN_F_TEMPLATE,
	};
	union ip_vs_key key;
	struct ip_vs_conn *c;

	template_key(svc, req->pkt, req->data ? IP_VS_KEY_NAMED :
					       IP_VS_KEY_TEMPLATE, &key);
	if (unlikely(req->data))
		c = ip_vs_conn_find_named(ivn, svc->key.af, &key, req->data);
	else
		c = ip_vs_conn_find_request(ivn, svc->key.af, &key);
	if (c && template_usable(ivn, c) &&
	    (!req->dest || c->dest == req->dest)) {
		ip_vs_conn_touch(c);
		return c;
	}
	if (c)
		ip_vs_conn_invalidate(c);

	params.key = &key;
	if (!params.dest)
		params.dest = ip_vs_sched_pick(svc, req->pkt);
	if (!params.dest)
		return ERR_PTR(-ESRCH);
	params.dport = one_port(svc, req->pkt) ? params.dest->key.port : 0;
	params.timeout = ip_vs_seconds(READ_ONCE(svc->timeout));
	return ip_vs_conn_new(&params);
}

/* As ip_vs_persist_template(), for a service with an engine, which reads @skb. */
static noinline struct ip_vs_conn *
template_get_named(struct ip_vs_net *ivn, const struct ip_vs_pe *pe,
		   const struct sk_buff *skb, struct template_request *req)
{
	u8 bytes[IP_VS_PE_DATA_MAX];
	struct ip_vs_pe_data data = { .pe = pe, .bytes = bytes };
	int len;

	len = ip_vs_text_read(pe, ivn->foreign, skb, req->pkt, bytes);
	if (len < 0)
		return ERR_PTR(len);
	data.len = len;
	req->data = &data;
	return template_get(ivn, req);
}

/**
 * ip_vs_persist_template() - find or create the template for a new connection
 * @svc: persistent service
 * @skb: packet, for an engine to read
 * @pkt: what opens the connection; in @skb, or as a client would have sent it
 * @dest: the server that the template has to lead to; NULL: any
 * @fwmark: mark of the packet
 *
 * The template's timeout starts anew.
 *
 * Context: RCU read side, softirq or process.
 *
 * Return: an RCU pointer; ERR_PTR(-ESRCH): there is no server;
 * ERR_PTR(-ENODATA): the service's engine found nothing; else as
 * ip_vs_conn_new().
 */
struct ip_vs_conn *ip_vs_persist_template(struct ip_vs_service *svc,
					  const struct sk_buff *skb,
					  const struct ip_vs_packet *pkt,
					  struct ip_vs_dest *dest, u32 fwmark)
{
	const struct ip_vs_pe *pe = READ_ONCE(svc->pe);
	struct template_request req = {
		.svc = svc,
		.pkt = pkt,
		.dest = dest,
		.fwmark = fwmark,
	};

	if (unlikely(pe))
		return template_get_named(svc->ivn, pe, skb, &req);
	return template_get(svc->ivn, &req);
}
