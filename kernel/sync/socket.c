// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sockets of synchronisation daemons: a master sends to the multicast
 * group, a backup receives from it, each on the daemon's interface only.
 *
 * They are kernel sockets without a reference to their namespace, and are
 * closed before it is destroyed.
 */
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/inetdevice.h>
#include <linux/ip_vs.h>
#include <linux/net.h>
#include <linux/sockptr.h>
#include <net/ipv6.h>
#include <net/sock.h>

#include "net.h"
#include "sync/daemon.h"
#include "sync/socket.h"

union address {
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static int socket_set(struct socket *sock, int level, int name, const void *value,
		      unsigned int len)
{
	return sock->ops->setsockopt(sock, level, name,
				     KERNEL_SOCKPTR((void *)value), len);
}

static int set_int(struct socket *sock, int level, int name, int value)
{
	return socket_set(sock, level, name, &value, sizeof(value));
}

static size_t address_len(const struct ip_vs_sync_config *cfg)
{
	return cfg->af == AF_INET6 ? sizeof(struct sockaddr_in6) :
				     sizeof(struct sockaddr_in);
}

/* Multicast group and port of a thread. */
static void group_address(const struct ip_vs_sync_daemon *daemon, u32 id,
			  union address *addr)
{
	const struct ip_vs_sync_config *cfg = &daemon->config;
	__be16 port = htons(cfg->port + id);

	memset(addr, 0, sizeof(*addr));
	if (cfg->af == AF_INET6) {
		addr->v6.sin6_family = AF_INET6;
		addr->v6.sin6_addr = cfg->group.in6;
		addr->v6.sin6_port = port;
		addr->v6.sin6_scope_id = daemon->ifindex;
	} else {
		addr->v4.sin_family = AF_INET;
		addr->v4.sin_addr.s_addr = cfg->group.ip;
		addr->v4.sin_port = port;
	}
}

static int bind_to(struct socket *sock, union address *addr, size_t len)
{
	return kernel_bind(sock, (ip_vs_compat_sockaddr *)addr, len);
}

/* Multicast through the interface, without loopback.  Path MTU discovery is
 * off, so that messages are fragmented where a link needs it and not lost.
 */
static int send_options4(struct socket *sock,
			 const struct ip_vs_sync_daemon *daemon)
{
	const struct ip_mreqn iface = { .imr_ifindex = daemon->ifindex };

	return socket_set(sock, SOL_IP, IP_MULTICAST_IF, &iface, sizeof(iface)) ?:
	       set_int(sock, SOL_IP, IP_MULTICAST_LOOP, 0) ?:
	       set_int(sock, SOL_IP, IP_MULTICAST_TTL, daemon->config.ttl) ?:
	       set_int(sock, SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
}

static int send_options6(struct socket *sock,
			 const struct ip_vs_sync_daemon *daemon)
{
	return set_int(sock, SOL_IPV6, IPV6_MULTICAST_IF, daemon->ifindex) ?:
	       set_int(sock, SOL_IPV6, IPV6_MULTICAST_LOOP, 0) ?:
	       set_int(sock, SOL_IPV6, IPV6_MULTICAST_HOPS,
		       daemon->config.ttl) ?:
	       set_int(sock, SOL_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DONT);
}

/* The interface's address; the kernel falls back to another one of this host. */
static __be32 own_address(const struct ip_vs_sync_daemon *daemon)
{
	struct net_device *dev;
	__be32 addr = 0;

	rcu_read_lock();
	dev = dev_get_by_index_rcu(daemon->ivn->net, daemon->ifindex);
	if (dev)
		addr = inet_select_addr(dev, 0, RT_SCOPE_UNIVERSE);
	rcu_read_unlock();
	if (!addr)
		pr_err_ratelimited("You probably need to specify IP address on multicast interface.\n");
	return addr;
}

static int bind_sender(struct socket *sock,
		       const struct ip_vs_sync_daemon *daemon)
{
	union address own = {
		.v4.sin_family = AF_INET,
	};

	if (daemon->config.af == AF_INET6)
		return 0;
	own.v4.sin_addr.s_addr = own_address(daemon);
	return bind_to(sock, &own, sizeof(own.v4));
}

static int set_buffer(struct socket *sock, int name, int size)
{
	if (size <= 0)
		return 0;
	return sock_setsockopt(sock, SOL_SOCKET, name, KERNEL_SOCKPTR(&size),
			       sizeof(size));
}

static int make_sender(struct socket *sock,
		       const struct ip_vs_sync_daemon *daemon, u32 id)
{
	int size = READ_ONCE(daemon->ivn->settings.sync_sock_size);
	union address group;
	int err;

	err = daemon->config.af == AF_INET6 ? send_options6(sock, daemon) :
					      send_options4(sock, daemon);
	err = err ?: set_buffer(sock, SO_SNDBUF, size);
	if (err) {
		pr_err_ratelimited("Error setting outbound mcast interface\n");
		return err;
	}
	err = bind_sender(sock, daemon);
	if (err) {
		pr_err_ratelimited("Error binding address of the mcast interface\n");
		return err;
	}
	group_address(daemon, id, &group);
	err = kernel_connect(sock, (ip_vs_compat_sockaddr *)&group,
			     address_len(&daemon->config), 0);
	if (err)
		pr_err_ratelimited("Error connecting to the multicast addr\n");
	return err;
}

static int group_join(struct socket *sock, const struct ip_vs_sync_daemon *daemon)
{
	const struct ip_vs_sync_config *cfg = &daemon->config;
	const struct ip_mreqn group4 = {
		.imr_multiaddr.s_addr = cfg->group.ip,
		.imr_ifindex = daemon->ifindex,
	};
	const struct ipv6_mreq group6 = {
		.ipv6mr_multiaddr = cfg->group.in6,
		.ipv6mr_ifindex = daemon->ifindex,
	};

	if (cfg->af == AF_INET6)
		return socket_set(sock, SOL_IPV6, IPV6_ADD_MEMBERSHIP, &group6,
				  sizeof(group6));
	return socket_set(sock, SOL_IP, IP_ADD_MEMBERSHIP, &group4, sizeof(group4));
}

static int make_receiver(struct socket *sock,
			 const struct ip_vs_sync_daemon *daemon, u32 id)
{
	int size = READ_ONCE(daemon->ivn->settings.sync_sock_size);
	union address group;
	int err;

	sock_set_reuseaddr(sock->sk);
	group_address(daemon, id, &group);
	err = set_buffer(sock, SO_RCVBUF, size) ?:
	      sock_bindtoindex(sock->sk, daemon->ifindex, true) ?:
	      bind_to(sock, &group, address_len(&daemon->config));
	if (err) {
		pr_err_ratelimited("Error binding to the multicast addr\n");
		return err;
	}
	err = group_join(sock, daemon);
	if (err)
		pr_err_ratelimited("Error joining to the multicast group\n");
	return err;
}

/**
 * ip_vs_sync_socket() - open the socket of one of a daemon's threads
 * @daemon: daemon
 * @id: number of the thread
 *
 * Context: process, may sleep; takes the RTNL.
 *
 * Return: the socket, to be given to sock_release(); or an ERR_PTR().
 */
struct socket *ip_vs_sync_socket(const struct ip_vs_sync_daemon *daemon,
				 u32 id)
{
	const struct ip_vs_sync_config *cfg = &daemon->config;
	struct socket *sock;
	int err;

	err = sock_create_kern(daemon->ivn->net, cfg->af, SOCK_DGRAM,
			       IPPROTO_UDP, &sock);
	if (err) {
		pr_err_ratelimited("Error during creation of socket; terminating\n");
		return ERR_PTR(err);
	}
	err = cfg->state == IP_VS_STATE_MASTER ?
	      make_sender(sock, daemon, id) : make_receiver(sock, daemon, id);
	if (!err)
		return sock;
	sock_release(sock);
	return ERR_PTR(err);
}
