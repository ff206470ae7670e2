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
 * Of several entries with one tuple the newest is found: rhashtable inserts at
 * the head of a chain.  An entry past its deadline is absent to every lookup,
 * whether or not the wheel has come by to free it.
 */
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/rhashtable.h>
#include <linux/siphash.h>

#include "conn_life.h"
#include "conn_table.h"
#include "net.h"

static hsiphash_key_t table_key __read_mostly;

/* One end of a tuple as a number: 48 bits. */
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

static u32 node4_hash(const void *obj, u32 len, u32 seed)
{
	const struct ip_vs_node4 *node = obj;

	return key4_hash(&node->key, len, seed);
}

static struct ip_vs_conn *node4_conn(const struct ip_vs_node4 *node)
{
	const struct ip_vs_node4 *first = node - node->dir;

	return &container_of(first, struct ip_vs_conn4, node[0])->c;
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

/* 0: it is this one.  Called by rhashtable for each entry of a chain. */
static int node4_cmp(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct ip_vs_key4 *key = arg->key;
	const struct ip_vs_node4 *node = obj;

	if (node->key.proto != key->proto || node->key.kind != key->kind)
		return 1;
	if (!same_way4(&node->key, key) &&
	    !(node->two_way && other_way4(&node->key, key)))
		return 1;
	return ip_vs_conn_overdue(node4_conn(node));
}

static const struct rhashtable_params conns4_params = {
	.head_offset = offsetof(struct ip_vs_node4, hash),
	.key_len = sizeof(struct ip_vs_key4),
	.hashfn = key4_hash,
	.obj_hashfn = node4_hash,
	.obj_cmpfn = node4_cmp,
	.automatic_shrinking = true,
};

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
	const struct ip_vs_node4 *node;

	node = rhashtable_lookup(&ivn->conns4, &pkt->key.v4, conns4_params);
	if (!node)
		return NULL;
	*dir = node->dir;
	/* A two-way node was found by the tuple it holds or by its answer. */
	if (node->two_way && !same_way4(&node->key, &pkt->key.v4))
		*dir = !node->dir;
	return node4_conn(node);
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
	struct ip_vs_conn4 *c4 = ip_vs_conn4(c);
	struct ip_vs_node4 *in = &c4->node[IP_VS_DIR_INPUT];
	struct ip_vs_node4 *out = &c4->node[IP_VS_DIR_OUTPUT];
	struct rhashtable *table = &c->ivn->conns4;
	int err;

	/* Answers first: the request that makes them possible comes after. */
	if (!in->two_way) {
		err = rhashtable_insert_fast(table, &out->hash, conns4_params);
		if (err)
			return err;
	}
	err = rhashtable_insert_fast(table, &in->hash, conns4_params);
	if (err && !in->two_way)
		rhashtable_remove_fast(table, &out->hash, conns4_params);
	return err;
}

/**
 * ip_vs_conn_table_del() - no lookup starting now finds the connection
 * @c: a connection that was added
 *
 * Context: any.
 */
void ip_vs_conn_table_del(struct ip_vs_conn *c)
{
	struct ip_vs_conn4 *c4 = ip_vs_conn4(c);
	struct ip_vs_node4 *in = &c4->node[IP_VS_DIR_INPUT];
	struct rhashtable *table = &c->ivn->conns4;

	rhashtable_remove_fast(table, &in->hash, conns4_params);
	if (!in->two_way)
		rhashtable_remove_fast(table,
				       &c4->node[IP_VS_DIR_OUTPUT].hash,
				       conns4_params);
}

/**
 * ip_vs_conn_tables_init() - empty tables for a namespace
 * @ivn: namespace
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_conn_tables_init(struct ip_vs_net *ivn)
{
	get_random_once(&table_key, sizeof(table_key));
	return rhashtable_init(&ivn->conns4, &conns4_params);
}

/**
 * ip_vs_conn_tables_exit() - free a namespace's tables, empty by now
 * @ivn: namespace
 */
void ip_vs_conn_tables_exit(struct ip_vs_net *ivn)
{
	rhashtable_destroy(&ivn->conns4);
}
