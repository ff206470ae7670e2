// SPDX-License-Identifier: GPL-2.0-only
/*
 * The application helpers of each namespace.
 *
 * A helper is a module of its own.  It adds its ports to each namespace, present
 * and future; a NAT connection whose virtual port is one of them is bound to it
 * when it is created, and stays so until it is freed, whatever is added later.
 *
 * A bound connection holds a reference to the helper's module, so that the
 * module cannot be unloaded while there is one, and to the port, which may leave
 * the list before: namespaces are destroyed while the module stays.
 */
#include <linux/in.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "app/app.h"
#include "net.h"

static struct ip_vs_app_port *port_find(const struct ip_vs_net *ivn,
					__be16 vport)
{
	struct ip_vs_app_port *port;

	hlist_for_each_entry_rcu(port, &ivn->apps, node,
				 lockdep_is_held(&ivn->config))
		if (port->port == vport)
			return port;
	return NULL;
}

static bool app_known(const struct ip_vs_net *ivn, const struct ip_vs_app *app)
{
	const struct ip_vs_app_port *port;

	hlist_for_each_entry(port, &ivn->apps, node)
		if (!strcmp(port->app->name, app->name))
			return true;
	return false;
}

static int port_add(struct ip_vs_net *ivn, const struct ip_vs_app *app,
		    __be16 vport)
{
	struct ip_vs_app_port *port;

	if (port_find(ivn, vport))
		return -EEXIST;
	port = kzalloc(sizeof(*port), GFP_KERNEL_ACCOUNT);
	if (!port)
		return -ENOMEM;
	port->app = app;
	port->port = vport;
	refcount_set(&port->holders, 1);
	hlist_add_head_rcu(&port->node, &ivn->apps);
	return 0;
}

static void port_put(struct ip_vs_app_port *port)
{
	if (refcount_dec_and_test(&port->holders))
		kfree_rcu(port, rcu);
}

static void ports_del(struct ip_vs_net *ivn, const struct ip_vs_app *app)
{
	struct ip_vs_app_port *port;
	struct hlist_node *next;

	lockdep_assert_held(&ivn->config);
	hlist_for_each_entry_safe(port, next, &ivn->apps, node) {
		if (port->app != app)
			continue;
		hlist_del_rcu(&port->node);
		port_put(port);
	}
}

/**
 * ip_vs_app_add() - add a helper's ports to a namespace
 * @net: namespace
 * @app: helper; not to be changed until it is deleted
 *
 * Context: process, may sleep.
 *
 * Return: 0; -EEXIST: the namespace has a helper of that name, or of one of its
 * ports; -ENOMEM.
 */
int ip_vs_app_add(struct net *net, const struct ip_vs_app *app)
{
	struct ip_vs_net *ivn = ip_vs_net(net);
	unsigned int i;
	int err;

	mutex_lock(&ivn->config);
	err = app_known(ivn, app) ? -EEXIST : 0;
	for (i = 0; i < app->n_ports && !err; i++)
		if (app->ports[i])
			err = port_add(ivn, app, htons(app->ports[i]));
	if (err)
		ports_del(ivn, app);
	mutex_unlock(&ivn->config);
	return err;
}
EXPORT_SYMBOL_GPL(ip_vs_app_add);

/**
 * ip_vs_app_del() - undo ip_vs_app_add()
 * @net: namespace
 * @app: helper
 *
 * Connections that are bound stay so.
 *
 * Context: process, may sleep.
 */
void ip_vs_app_del(struct net *net, const struct ip_vs_app *app)
{
	struct ip_vs_net *ivn = ip_vs_net(net);

	mutex_lock(&ivn->config);
	ports_del(ivn, app);
	mutex_unlock(&ivn->config);
}
EXPORT_SYMBOL_GPL(ip_vs_app_del);

/* A module that is still starting may fail to, and is freed then whoever refers
 * to it.
 */
static bool app_get(const struct ip_vs_app *app)
{
	return READ_ONCE(app->owner->state) == MODULE_STATE_LIVE &&
	       try_module_get(app->owner);
}

/**
 * ip_vs_app_bind() - the helper of a new NAT connection
 * @ivn: namespace
 * @proto: IP protocol
 * @vport: virtual port
 *
 * Context: RCU read side.
 *
 * Return: to be given back by ip_vs_app_unbind(); NULL: it has none.
 */
struct ip_vs_app_port *ip_vs_app_bind(const struct ip_vs_net *ivn, u8 proto,
				      __be16 vport)
{
	struct ip_vs_app_port *port;

	if (proto != IPPROTO_TCP)
		return NULL;
	port = port_find(ivn, vport);
	if (!port || !app_get(port->app))
		return NULL;
	if (refcount_inc_not_zero(&port->holders))
		return port;
	module_put(port->app->owner);
	return NULL;
}

/**
 * ip_vs_app_unbind() - undo ip_vs_app_bind()
 * @port: from it
 *
 * Context: any.
 */
void ip_vs_app_unbind(struct ip_vs_app_port *port)
{
	module_put(port->app->owner);
	port_put(port);
}
