/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Application helpers: modules that read, and change, what the two ends of a NAT
 * connection say, because their protocol names addresses in it.
 */
#ifndef IP_VS_APP_H
#define IP_VS_APP_H

#include <linux/ip_vs_ext.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/types.h>

struct ip_vs_app_text;
struct ip_vs_conn;
struct ip_vs_net;
struct module;
struct net;

/**
 * struct ip_vs_app - a helper, of TCP
 * @name: as /proc/net/ip_vs_app shows it
 * @owner: its module, to which each of its connections holds a reference
 * @ports: virtual ports, host order; 0: none
 * @n_ports: how many
 * @tracked: its connections keep their entry in connection tracking
 * @read: read, and perhaps change, the text of one segment of an established
 *	connection.  Return: 0, or why the packet is to be dropped.  RCU read
 *	side, ip_vs_extra.lock held
 * @release: free ip_vs_extra.state, NULL included, when the connection ends or is
 *	opened anew; any context, the lock may be held
 */
struct ip_vs_app {
	const char *name;
	struct module *owner;
	const unsigned short *ports;
	unsigned int n_ports;
	bool tracked;
	enum ip_vs_ext_drop (*read)(struct ip_vs_app_text *text);
	void (*release)(void *state);
};

/**
 * struct ip_vs_app_port - a port of a helper in one namespace
 * @node: in ivn->apps, newest first; configuration mutex, RCU
 * @app: the helper
 * @port: virtual port
 * @holders: the namespace, until the helper goes, and connections
 * @rcu: for freeing
 */
struct ip_vs_app_port {
	struct hlist_node node;
	const struct ip_vs_app *app;
	__be16 port;
	refcount_t holders;
	struct rcu_head rcu;
};

/* For helpers: each namespace's ->init and ->exit. */
int ip_vs_app_add(struct net *net, const struct ip_vs_app *app);
void ip_vs_app_del(struct net *net, const struct ip_vs_app *app);

struct ip_vs_app_port *ip_vs_app_bind(const struct ip_vs_net *ivn, u8 proto,
				      __be16 vport);
void ip_vs_app_unbind(struct ip_vs_app_port *port);

/* How many connections a port has. */
static inline unsigned int ip_vs_app_port_used(const struct ip_vs_app_port *port)
{
	return refcount_read(&port->holders) - 1;
}

#endif
