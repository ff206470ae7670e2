// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hash of the addresses of real servers, to recognise their packets and ICMP
 * errors about packets to them.
 *
 * Two kinds of packet belong to a server but to no connection: one that a NAT
 * server sends on its own (sysctl nat_icmp_send answers it), and an ICMP error
 * about a tunnel, which quotes the tunnel's header.  Many services may share a
 * server, so an address is hashed once, with a count of its users: adding and
 * removing one take a single hash look-up.
 */
#include <linux/ip_vs.h>
#include <linux/slab.h>

#include "addr.h"
#include "net.h"
#include "server/dest.h"
#include "server/server_addr.h"
#include "server/service.h"
#include "table.h"

/* Values of @way from here on are tunnels. */
#define WAY_TUNNEL 256

static_assert(sizeof(struct ip_vs_server_addr_key) == 24);

/* The default hash mixes each word of a key with a secret seed. */
static const struct rhashtable_params server_addr_params = {
	.nelem_hint = 1,
	.key_len = sizeof(struct ip_vs_server_addr_key),
	.key_offset = offsetof(struct ip_vs_server_addr, key),
	.head_offset = offsetof(struct ip_vs_server_addr, hash),
	.automatic_shrinking = true,
};

/* Fills in the key of a server's address; false: none is needed. */
static bool addr_key(struct ip_vs_server_addr_key *key, const struct ip_vs_service *svc,
		     const struct ip_vs_dest_config *cfg)
{
	*key = (struct ip_vs_server_addr_key){ .af = cfg->key.af };
	ip_vs_addr_copy(cfg->key.af, &key->addr, &cfg->key.addr);
	switch (cfg->method & IP_VS_CONN_F_FWD_MASK) {
	case IP_VS_CONN_F_MASQ:
		/* Without a port any packet from the address would match. */
		key->port = cfg->key.port;
		key->way = svc->key.fwmark ? 0 : svc->key.proto;
		/* No packet can have a larger protocol number. */
		return key->port && key->way < WAY_TUNNEL;
	case IP_VS_CONN_F_TUNNEL:
		if (cfg->tun_type == IP_VS_CONN_F_TUNNEL_TYPE_GUE)
			key->port = cfg->tun_port;
		key->way = WAY_TUNNEL + cfg->tun_type;
		return true;
	}
	return false;
}

static struct ip_vs_server_addr *server_addr_new(struct ip_vs_net *ivn,
						 const struct ip_vs_server_addr_key *key)
{
	struct ip_vs_server_addr *server_addr = kzalloc(sizeof(*server_addr), GFP_KERNEL_ACCOUNT);
	int err;

	if (!server_addr)
		return ERR_PTR(-ENOMEM);
	server_addr->key = *key;
	err = ip_vs_table_insert(&ivn->server_addrs, &server_addr->hash, server_addr_params);
	if (err) {
		kfree(server_addr);
		return ERR_PTR(err);
	}
	return server_addr;
}

/**
 * ip_vs_server_addr_get() - hash the address of a server to be added or edited
 * @svc: its service
 * @cfg: the server
 *
 * Packets match it from ip_vs_server_addr_join() to ip_vs_server_addr_leave().
 *
 * Context: process, configuration mutex held.
 *
 * Return: to be given to ip_vs_server_addr_drop(); NULL: not needed for a
 * server of this kind; ERR_PTR(-ENOMEM).
 */
struct ip_vs_server_addr *ip_vs_server_addr_get(struct ip_vs_service *svc,
						const struct ip_vs_dest_config *cfg)
{
	struct ip_vs_net *ivn = svc->ivn;
	struct ip_vs_server_addr_key key;
	struct ip_vs_server_addr *server_addr;

	lockdep_assert_held(&ivn->config);
	if (!addr_key(&key, svc, cfg))
		return NULL;
	rcu_read_lock();
	server_addr = rhashtable_lookup(&ivn->server_addrs, &key, server_addr_params);
	rcu_read_unlock();
	if (!server_addr)
		server_addr = server_addr_new(ivn, &key);
	if (!IS_ERR(server_addr))
		server_addr->holders++;
	return server_addr;
}

/**
 * ip_vs_server_addr_drop() - drop the reference of a server to its address
 * @ivn: namespace
 * @server_addr: from ip_vs_server_addr_get(), never joined, or left; NULL does nothing
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_server_addr_drop(struct ip_vs_net *ivn, struct ip_vs_server_addr *server_addr)
{
	lockdep_assert_held(&ivn->config);
	if (!server_addr || --server_addr->holders)
		return;
	rhashtable_remove_fast(&ivn->server_addrs, &server_addr->hash, server_addr_params);
	kfree_rcu(server_addr, rcu);
}

static bool addr_filed(struct ip_vs_net *ivn, const struct ip_vs_server_addr_key *key)
{
	const struct ip_vs_server_addr *server_addr;

	server_addr = rhashtable_lookup(&ivn->server_addrs, key, server_addr_params);
	return server_addr && READ_ONCE(server_addr->users);
}

/**
 * ip_vs_server_addr_is_nat() - does a packet come from a NAT server?
 * @ivn: namespace
 * @af: its family
 * @addr: its source address
 * @port: its source port
 * @proto: its protocol
 *
 * Context: RCU read side.
 *
 * Return: true or false.
 */
bool ip_vs_server_addr_is_nat(struct ip_vs_net *ivn, u16 af,
			      const union nf_inet_addr *addr, __be16 port, u8 proto)
{
	struct ip_vs_server_addr_key key = { .af = af, .port = port, .way = proto };

	ip_vs_addr_copy(af, &key.addr, addr);
	if (addr_filed(ivn, &key))
		return true;
	/* A mark service has every protocol. */
	key.way = 0;
	return addr_filed(ivn, &key);
}

/* The server of an address that was added last, NULL: none. */
static struct ip_vs_dest *addr_newest(struct ip_vs_net *ivn,
				      const struct ip_vs_server_addr_key *key)
{
	const struct ip_vs_server_addr *server_addr;

	server_addr = rhashtable_lookup(&ivn->server_addrs, key, server_addr_params);
	if (!server_addr)
		return NULL;
	return hlist_entry_safe(rcu_dereference(hlist_first_rcu(&server_addr->dests)),
				struct ip_vs_dest, same_addr);
}

/**
 * ip_vs_server_addr_nat() - which NAT server sent a packet?
 * @ivn: namespace
 * @af: its family
 * @addr: its source address
 * @port: its source port
 * @proto: its protocol
 *
 * Context: RCU read side.
 *
 * Return: an RCU pointer, of several servers to that added last; NULL: none.
 */
struct ip_vs_dest *
ip_vs_server_addr_nat(struct ip_vs_net *ivn, u16 af,
		      const union nf_inet_addr *addr, __be16 port, u8 proto)
{
	struct ip_vs_server_addr_key key = { .af = af, .port = port, .way = proto };
	struct ip_vs_dest *by_proto, *by_mark;

	ip_vs_addr_copy(af, &key.addr, addr);
	by_proto = addr_newest(ivn, &key);
	/* A mark service has every protocol. */
	key.way = 0;
	by_mark = addr_newest(ivn, &key);
	if (!by_proto || !by_mark)
		return by_proto ?: by_mark;
	return READ_ONCE(by_mark->serial) > READ_ONCE(by_proto->serial) ?
	       by_mark : by_proto;
}

/**
 * ip_vs_server_addr_is_tunnel() - is an address the remote end of an IPVS tunnel?
 * @ivn: namespace
 * @addr: IPv4 address
 * @type: IP_VS_CONN_F_TUNNEL_TYPE_*
 * @port: port of GUE; 0 for other types
 *
 * Context: RCU read side.
 *
 * Return: true or false.
 */
bool ip_vs_server_addr_is_tunnel(struct ip_vs_net *ivn, __be32 addr, u8 type,
				 __be16 port)
{
	const struct ip_vs_server_addr_key key = {
		.addr.ip = addr,
		.af = AF_INET,
		.port = port,
		.way = WAY_TUNNEL + type,
	};

	return addr_filed(ivn, &key);
}

/**
 * ip_vs_server_addrs_init() - initialise a namespace's hash of server addresses
 * @ivn: namespace
 *
 * Context: process.
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_server_addrs_init(struct ip_vs_net *ivn)
{
	return rhashtable_init(&ivn->server_addrs, &server_addr_params);
}

/**
 * ip_vs_server_addrs_exit() - undo ip_vs_server_addrs_init()
 * @ivn: namespace; no server is configured any more
 *
 * Context: process.
 */
void ip_vs_server_addrs_exit(struct ip_vs_net *ivn)
{
	rhashtable_destroy(&ivn->server_addrs);
}
