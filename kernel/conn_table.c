// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables that find a connection by a packet's tuple.
 *
 * One lookup of the packet's own tuple answers for both directions.  A NAT
 * connection is filed under two tuples: what its client sends and what its
 * server sends.  With every other method the answer is the request turned
 * round, so one entry stands for both: the hash does not depend on which end
 * comes first, and comparison tries both ways.
 *
 * The hash covers the whole tuple and is keyed (SipHash 1-3 with a random key
 * that rhashtable's seed varies), so nobody outside can build a long chain.
 * Several entries may have one tuple: two virtual ports that lead one client's
 * port to one server's, or two packets that raced to open a connection.  They
 * hang off one link of the chain, newest first, whatever the table does
 * meanwhile (rhltable).  For that, two tuples count as the same key if either is
 * the other or the other turned round; which entry of the list a packet means
 * is decided after the lookup.  An entry past its deadline is absent, whether
 * or not the wheel has come by to free it, unless others descend from it.
 *
 * The two families have a table each, and functions of the same shape side by
 * side: addresses differ, nothing else does.
 */
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/rhashtable.h>
#include <linux/siphash.h>

#include "conn_life.h"
#include "conn_table.h"
#include "net.h"

static hsiphash_key_t table_key __read_mostly;

/* One end of an IPv4 tuple as a number: 48 bits. */
static u64 end4(__be32 addr, __be16 port)
{
	return (u64)(__force u32)addr << 16 | (__force u16)port;
}

static u32 key4_hash(const void *data, u32 len, u32 seed)
{
	const struct ip_vs_key4 *key = data;
	hsiphash_key_t k = table_key;
	u64 lo = end4(key->saddr, key->sport);
	u64 hi = end4(key->daddr, key->dport);

	k.key[1] ^= seed;
	if (lo > hi)
		swap(lo, hi);
	return hsiphash_4u32(lo, (lo >> 32) | (u32)key->proto << 16 |
			     (u32)key->kind << 24, hi, hi >> 32, &k);
}

/* One end of an IPv6 tuple: 18 bytes, of which the hash of both is the sum, so
 * that their order does not matter.
 */
struct end6 {
	struct in6_addr addr;
	__be16 port;
	u8 proto;
	u8 kind;
};

static u32 key6_hash(const void *data, u32 len, u32 seed)
{
	const struct ip_vs_key6 *key = data;
	struct end6 s = { key->saddr, key->sport, key->proto, key->kind };
	struct end6 d = { key->daddr, key->dport, key->proto, key->kind };
	hsiphash_key_t k = table_key;

	k.key[1] ^= seed;
	return hsiphash(&s, sizeof(s), &k) + hsiphash(&d, sizeof(d), &k);
}

static u32 node4_hash(const void *obj, u32 len, u32 seed)
{
	const struct ip_vs_node4 *node = obj;

	return key4_hash(&node->key, len, seed);
}

static u32 node6_hash(const void *obj, u32 len, u32 seed)
{
	const struct ip_vs_node6 *node = obj;

	return key6_hash(&node->key, len, seed);
}

static struct ip_vs_conn *node4_conn(const struct ip_vs_node4 *node)
{
	const struct ip_vs_node4 *first = node - node->dir;

	return &container_of(first, struct ip_vs_conn4, node[0])->c;
}

static struct ip_vs_conn *node6_conn(const struct ip_vs_node6 *node)
{
	const struct ip_vs_node6 *first = node - node->dir;

	return &container_of(first, struct ip_vs_conn6, node[0])->c;
}

static bool same_way4(const struct ip_vs_key4 *a, const struct ip_vs_key4 *b)
{
	return a->saddr == b->saddr && a->daddr == b->daddr &&
	       a->sport == b->sport && a->dport == b->dport;
}

static bool other_way4(const struct ip_vs_key4 *a, const struct ip_vs_key4 *b)
{
	return a->saddr == b->daddr && a->daddr == b->saddr &&
	       a->sport == b->dport && a->dport == b->sport;
}

static bool same_way6(const struct ip_vs_key6 *a, const struct ip_vs_key6 *b)
{
	return a->sport == b->sport && a->dport == b->dport &&
	       ipv6_addr_equal(&a->saddr, &b->saddr) &&
	       ipv6_addr_equal(&a->daddr, &b->daddr);
}

static bool other_way6(const struct ip_vs_key6 *a, const struct ip_vs_key6 *b)
{
	return a->sport == b->dport && a->dport == b->sport &&
	       ipv6_addr_equal(&a->saddr, &b->daddr) &&
	       ipv6_addr_equal(&a->daddr, &b->saddr);
}

/* 0: the same key.  Called by rhashtable for each link of a chain. */
static int node4_cmp(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct ip_vs_key4 *key = arg->key;
	const struct ip_vs_node4 *node = obj;

	if (node->key.proto != key->proto || node->key.kind != key->kind)
		return 1;
	return !same_way4(&node->key, key) && !other_way4(&node->key, key);
}

static int node6_cmp(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct ip_vs_key6 *key = arg->key;
	const struct ip_vs_node6 *node = obj;

	if (node->key.proto != key->proto || node->key.kind != key->kind)
		return 1;
	return !same_way6(&node->key, key) && !other_way6(&node->key, key);
}

static const struct rhashtable_params conns4_params = {
	.head_offset = offsetof(struct ip_vs_node4, hash),
	.key_len = sizeof(struct ip_vs_key4),
	.hashfn = key4_hash,
	.obj_hashfn = node4_hash,
	.obj_cmpfn = node4_cmp,
	.automatic_shrinking = true,
};

static const struct rhashtable_params conns6_params = {
	.head_offset = offsetof(struct ip_vs_node6, hash),
	.key_len = sizeof(struct ip_vs_key6),
	.hashfn = key6_hash,
	.obj_hashfn = node6_hash,
	.obj_cmpfn = node6_cmp,
	.automatic_shrinking = true,
};

static struct ip_vs_conn *find4(struct ip_vs_net *ivn,
				const struct ip_vs_key4 *key,
				enum ip_vs_dir *dir)
{
	const struct ip_vs_node4 *node;
	struct rhlist_head *pos, *list;
	struct ip_vs_conn *c;
	bool same;

	list = rhltable_lookup(&ivn->conns4, key, conns4_params);
	rhl_for_each_entry_rcu(node, pos, list, hash) {
		same = same_way4(&node->key, key);
		if (!same && !node->two_way)
			continue;
		c = node4_conn(node);
		if (ip_vs_conn_absent(c))
			continue;
		*dir = same ? node->dir : !node->dir;
		return c;
	}
	return NULL;
}

static struct ip_vs_conn *find6(struct ip_vs_net *ivn,
				const struct ip_vs_key6 *key,
				enum ip_vs_dir *dir)
{
	const struct ip_vs_node6 *node;
	struct rhlist_head *pos, *list;
	struct ip_vs_conn *c;
	bool same;

	list = rhltable_lookup(&ivn->conns6, key, conns6_params);
	rhl_for_each_entry_rcu(node, pos, list, hash) {
		same = same_way6(&node->key, key);
		if (!same && !node->two_way)
			continue;
		c = node6_conn(node);
		if (ip_vs_conn_absent(c))
			continue;
		*dir = same ? node->dir : !node->dir;
		return c;
	}
	return NULL;
}

/**
 * ip_vs_conn_find() - the connection a packet belongs to
 * @ivn: namespace
 * @pkt: parsed packet
 * @dir: set to who sent it, if found
 *
 * Context: RCU read side.
 *
 * Return: an RCU pointer, or NULL.
 */
struct ip_vs_conn *ip_vs_conn_find(struct ip_vs_net *ivn,
				   const struct ip_vs_packet *pkt,
				   enum ip_vs_dir *dir)
{
	if (pkt->af == AF_INET6)
		return find6(ivn, &pkt->key.v6, dir);
	return find4(ivn, &pkt->key.v4, dir);
}

/**
 * ip_vs_conn_find_template() - the persistence template with a key
 * @ivn: namespace
 * @af: family of the key
 * @key: key of kind IP_VS_KEY_TEMPLATE
 *
 * Context: RCU read side.
 *
 * Return: an RCU pointer, or NULL.
 */
struct ip_vs_conn *ip_vs_conn_find_template(struct ip_vs_net *ivn, u16 af,
					    const union ip_vs_key *key)
{
	enum ip_vs_dir dir;

	if (af == AF_INET6)
		return find6(ivn, &key->v6, &dir);
	return find4(ivn, &key->v4, &dir);
}

/**
 * ip_vs_conn_find_request() - the entry whose client sends a tuple
 * @ivn: namespace
 * @af: family of the key
 * @key: the tuple, or a template's key
 *
 * Context: RCU read side.
 *
 * Return: an RCU pointer, or NULL.
 */
struct ip_vs_conn *ip_vs_conn_find_request(struct ip_vs_net *ivn, u16 af,
					   const union ip_vs_key *key)
{
	enum ip_vs_dir dir = IP_VS_DIR_INPUT;
	struct ip_vs_conn *c;

	c = af == AF_INET6 ? find6(ivn, &key->v6, &dir) :
			     find4(ivn, &key->v4, &dir);
	return dir == IP_VS_DIR_INPUT ? c : NULL;
}

static int add4(struct ip_vs_conn4 *c4)
{
	struct ip_vs_node4 *in = &c4->node[IP_VS_DIR_INPUT];
	struct ip_vs_node4 *out = &c4->node[IP_VS_DIR_OUTPUT];
	struct rhltable *table = &c4->c.ivn->conns4;
	int err;

	/* Answers first: the request that makes them possible comes after. */
	if (!in->two_way) {
		err = rhltable_insert(table, &out->hash, conns4_params);
		if (err)
			return err;
	}
	err = rhltable_insert(table, &in->hash, conns4_params);
	if (err && !in->two_way)
		rhltable_remove(table, &out->hash, conns4_params);
	return err;
}

static int add6(struct ip_vs_conn6 *c6)
{
	struct ip_vs_node6 *in = &c6->node[IP_VS_DIR_INPUT];
	struct ip_vs_node6 *out = &c6->node[IP_VS_DIR_OUTPUT];
	struct rhltable *table = &c6->c.ivn->conns6;
	int err;

	if (!in->two_way) {
		err = rhltable_insert(table, &out->hash, conns6_params);
		if (err)
			return err;
	}
	err = rhltable_insert(table, &in->hash, conns6_params);
	if (err && !in->two_way)
		rhltable_remove(table, &out->hash, conns6_params);
	return err;
}

/**
 * ip_vs_conn_table_add() - make a connection findable
 * @c: complete connection
 *
 * Context: any, RCU read side.
 *
 * Return: 0, or -errno of rhashtable (no memory for growth under a flood);
 * nothing is filed then.
 */
int ip_vs_conn_table_add(struct ip_vs_conn *c)
{
	if (c->af == AF_INET6)
		return add6(ip_vs_conn6(c));
	return add4(ip_vs_conn4(c));
}

static void del4(struct ip_vs_conn4 *c4)
{
	struct ip_vs_node4 *in = &c4->node[IP_VS_DIR_INPUT];
	struct ip_vs_node4 *out = &c4->node[IP_VS_DIR_OUTPUT];
	struct rhltable *table = &c4->c.ivn->conns4;

	rhltable_remove(table, &in->hash, conns4_params);
	if (!in->two_way)
		rhltable_remove(table, &out->hash, conns4_params);
}

static void del6(struct ip_vs_conn6 *c6)
{
	struct ip_vs_node6 *in = &c6->node[IP_VS_DIR_INPUT];
	struct ip_vs_node6 *out = &c6->node[IP_VS_DIR_OUTPUT];
	struct rhltable *table = &c6->c.ivn->conns6;

	rhltable_remove(table, &in->hash, conns6_params);
	if (!in->two_way)
		rhltable_remove(table, &out->hash, conns6_params);
}

/**
 * ip_vs_conn_table_del() - no lookup starting now finds the connection
 * @c: a connection that was added
 *
 * Context: any.
 */
void ip_vs_conn_table_del(struct ip_vs_conn *c)
{
	if (c->af == AF_INET6)
		del6(ip_vs_conn6(c));
	else
		del4(ip_vs_conn4(c));
}

/**
 * ip_vs_conn_tables_init() - empty tables for a namespace
 * @ivn: namespace
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_conn_tables_init(struct ip_vs_net *ivn)
{
	int err;

	get_random_once(&table_key, sizeof(table_key));
	err = rhltable_init(&ivn->conns4, &conns4_params);
	if (err)
		return err;
	err = rhltable_init(&ivn->conns6, &conns6_params);
	if (err)
		rhltable_destroy(&ivn->conns4);
	return err;
}

/**
 * ip_vs_conn_tables_exit() - free a namespace's tables, empty by now
 * @ivn: namespace
 */
void ip_vs_conn_tables_exit(struct ip_vs_net *ivn)
{
	rhltable_destroy(&ivn->conns4);
	rhltable_destroy(&ivn->conns6);
}
