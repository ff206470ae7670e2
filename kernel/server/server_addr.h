/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A hash of the addresses of real servers, to recognise their packets and ICMP
 * errors about packets to them.
 */
#ifndef IP_VS_SERVER_ADDR_H
#define IP_VS_SERVER_ADDR_H

#include <linux/in.h>
#include <linux/netfilter.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable-types.h>
#include <linux/types.h>

struct ip_vs_dest;
struct ip_vs_dest_config;
struct ip_vs_net;
struct ip_vs_service;

/**
 * struct ip_vs_server_addr_key - key of a server address in the hash
 * @addr: address, zero-padded
 * @af: its family
 * @port: NAT: the server's port; GUE: the tunnel's; else 0
 * @way: NAT: the service's protocol, 0 for a mark service; tunnels: 256 and
 *	the tunnel's type
 * @pad: 0, since keys are hashed and compared as bytes
 */
struct ip_vs_server_addr_key {
	union nf_inet_addr addr;
	u16 af;
	__be16 port;
	u16 way;
	u16 pad;
};

/**
 * struct ip_vs_server_addr - an address that one or more servers share
 * @hash: in ivn->server_addrs
 * @key: constant
 * @users: configured servers that share it, 0: look-ups ignore it; configuration
 *	mutex, read with READ_ONCE()
 * @dests: the same servers, the one added last first, if they are looked up; RCU,
 *	configuration mutex
 * @holders: references: @users, servers in the trash and servers being prepared;
 *	configuration mutex
 * @rcu: for freeing
 */
struct ip_vs_server_addr {
	struct rhash_head hash;
	struct ip_vs_server_addr_key key;
	u32 users;
	struct hlist_head dests;
	u32 holders;
	struct rcu_head rcu;
};

/* Configuration: configuration mutex held. */
struct ip_vs_server_addr *ip_vs_server_addr_get(struct ip_vs_service *svc,
						const struct ip_vs_dest_config *cfg);
void ip_vs_server_addr_drop(struct ip_vs_net *ivn, struct ip_vs_server_addr *server_addr);

/* Are servers of the address looked up?  Only engines' datagrams are
 * (ip_vs_outgoing()), and a mark service has every protocol.
 */
static inline bool ip_vs_server_addr_lists(const struct ip_vs_server_addr *server_addr)
{
	return !server_addr->key.way || server_addr->key.way == IPPROTO_UDP;
}

/* Look-ups find the address, and the server by its @node, from now on. */
static inline void ip_vs_server_addr_join(struct ip_vs_server_addr *server_addr,
					  struct hlist_node *node)
{
	if (!server_addr)
		return;
	WRITE_ONCE(server_addr->users, server_addr->users + 1);
	if (ip_vs_server_addr_lists(server_addr))
		hlist_add_head_rcu(node, &server_addr->dests);
}

/* A server is moved to the trash.  Only counts, since many may be moved at
 * once; ip_vs_server_addr_drop() unhashes the address later.  All of an address's
 * servers are listed, or none.
 */
static inline void ip_vs_server_addr_leave(struct ip_vs_server_addr *server_addr,
					   struct hlist_node *node)
{
	if (!server_addr)
		return;
	WRITE_ONCE(server_addr->users, server_addr->users - 1);
	if (!hlist_empty(&server_addr->dests))
		hlist_del_rcu(node);
}

/* Packet path: RCU read side. */
bool ip_vs_server_addr_is_nat(struct ip_vs_net *ivn, u16 af,
			      const union nf_inet_addr *addr, __be16 port, u8 proto);
struct ip_vs_dest *
ip_vs_server_addr_nat(struct ip_vs_net *ivn, u16 af,
		      const union nf_inet_addr *addr, __be16 port, u8 proto);
bool ip_vs_server_addr_is_tunnel(struct ip_vs_net *ivn, __be32 addr, u8 type,
				 __be16 port);

/* Namespace. */
int ip_vs_server_addrs_init(struct ip_vs_net *ivn);
void ip_vs_server_addrs_exit(struct ip_vs_net *ivn);

#endif
