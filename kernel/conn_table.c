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
 * The hash covers the whole tuple and is keyed (SipHash 1-3 with a random key),
 * so nobody outside can build a long chain.
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

static siphash_key_t table_key __read_mostly;

/* The kernel's own functions take the words from memory, one call for each
 * number of them: written out here SipHash costs two thirds of that, and the
 * hash is a tenth of what we cost an established connection's packet.
 */
struct sip {
	u64 v0, v1, v2, v3;
};

static __always_inline void sip_start(struct sip *s)
{
	s->v0 = SIPHASH_CONST_0 ^ table_key.key[0];
	s->v1 = SIPHASH_CONST_1 ^ table_key.key[1];
	s->v2 = SIPHASH_CONST_2 ^ table_key.key[0];
	s->v3 = SIPHASH_CONST_3 ^ table_key.key[1];
}

static __always_inline void sip_word(struct sip *s, u64 word)
{
	s->v3 ^= word;
	SIPHASH_PERMUTATION(s->v0, s->v1, s->v2, s->v3);
	s->v0 ^= word;
}

/* All inputs of a table are equally long, so no length is mixed in. */
static __always_inline u32 sip_end(struct sip *s)
{
	s->v2 ^= 0xff;
	SIPHASH_PERMUTATION(s->v0, s->v1, s->v2, s->v3);
	SIPHASH_PERMUTATION(s->v0, s->v1, s->v2, s->v3);
	SIPHASH_PERMUTATION(s->v0, s->v1, s->v2, s->v3);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/* One end of an IPv4 tuple as a number: 48 bits. */
static u64 end4(__be32 addr, __be16 port)
{
	return (u64)(__force u32)addr << 16 | (__force u16)port;
}

/* What the two ends share, and the number of bits above an end's 48. */
static u64 kind4(const struct ip_vs_key4 *key)
{
	return (u64)(key->proto | key->kind << 8) << 48;
}

static __always_inline u32 digest4(const struct ip_vs_key4 *key)
{
	u64 s = end4(key->saddr, key->sport);
	u64 d = end4(key->daddr, key->dport);
	struct sip sip;

	sip_start(&sip);
	sip_word(&sip, min(s, d) | kind4(key));
	sip_word(&sip, max(s, d));
	return sip_end(&sip);
}

/* One end of an IPv6 tuple, as numbers: any order will do that is one. */
struct end6 {
	u64 high;
	u64 low;
	u64 port;
};

static struct end6 end6(const struct in6_addr *addr, __be16 port)
{
	return (struct end6) {
		.high = (u64)(__force u32)addr->s6_addr32[1] << 32 |
			(__force u32)addr->s6_addr32[0],
		.low = (u64)(__force u32)addr->s6_addr32[3] << 32 |
		       (__force u32)addr->s6_addr32[2],
		.port = (__force u16)port,
	};
}

static bool end6_before(const struct end6 *a, const struct end6 *b)
{
	if (a->high != b->high)
		return a->high < b->high;
	if (a->low != b->low)
		return a->low < b->low;
	return a->port < b->port;
}

static __always_inline u32 digest6(const struct ip_vs_key6 *key)
{
	struct end6 a = end6(&key->saddr, key->sport);
	struct end6 b = end6(&key->daddr, key->dport);
	struct sip sip;

	if (end6_before(&b, &a))
		swap(a, b);
	sip_start(&sip);
	sip_word(&sip, a.high);
	sip_word(&sip, a.low);
	sip_word(&sip, b.high);
	sip_word(&sip, b.low);
	sip_word(&sip, a.port | b.port << 16 | (u64)key->proto << 32 |
		 (u64)key->kind << 40);
	return sip_end(&sip);
}

/* What rhashtable asks: @seed is its own and new for each table.  An entry keeps
 * its digest, so moving it to a larger table computes none: with every packet
 * a new connection, 160 instructions of each.
 */
static __always_inline u32 mix(u32 digest, u32 seed)
{
	return ((u64)digest * (seed | 1)) >> 16;
}

static __always_inline u32 key4_hash(const void *key, u32 len, u32 seed)
{
	return mix(digest4(key), seed);
}

static __always_inline u32 key6_hash(const void *key, u32 len, u32 seed)
{
	return mix(digest6(key), seed);
}

static u32 node4_hash(const void *obj, u32 len, u32 seed)
{
	const struct ip_vs_node4 *node = obj;

	return mix(node->digest, seed);
}

static u32 node6_hash(const void *obj, u32 len, u32 seed)
{
	const struct ip_vs_node6 *node = obj;

	return mix(node->digest, seed);
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
static __always_inline int node4_cmp(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct ip_vs_key4 *key = arg->key;
	const struct ip_vs_node4 *node = obj;

	if (node->key.proto != key->proto || node->key.kind != key->kind)
		return 1;
	return !same_way4(&node->key, key) && !other_way4(&node->key, key);
}

static __always_inline int node6_cmp(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct ip_vs_key6 *key = arg->key;
	const struct ip_vs_node6 *node = obj;

	if (node->key.proto != key->proto || node->key.kind != key->kind)
		return 1;
	return !same_way6(&node->key, key) && !other_way6(&node->key, key);
}

static const struct rhashtable_params conns4_params = {
	.head_offset = offsetof(struct ip_vs_node4, hash),
	.key_offset = offsetof(struct ip_vs_node4, key),
	.key_len = sizeof(struct ip_vs_key4),
	.hashfn = key4_hash,
	.obj_hashfn = node4_hash,
	.obj_cmpfn = node4_cmp,
	.automatic_shrinking = true,
};

static const struct rhashtable_params conns6_params = {
	.head_offset = offsetof(struct ip_vs_node6, hash),
	.key_offset = offsetof(struct ip_vs_node6, key),
	.key_len = sizeof(struct ip_vs_key6),
	.hashfn = key6_hash,
	.obj_hashfn = node6_hash,
	.obj_cmpfn = node6_cmp,
	.automatic_shrinking = true,
};

/**
 * ip_vs_conn_find4() - the connection an IPv4 packet belongs to
 * @ivn: namespace
 * @key: the packet's tuple
 *
 * Context: RCU read side.
 *
 * Return: who sent it, and the connection as an RCU pointer, NULL: there is
 * none.
 */
struct ip_vs_match ip_vs_conn_find4(struct ip_vs_net *ivn,
				    const struct ip_vs_key4 *key)
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
		return (struct ip_vs_match) { c, same ? node->dir : !node->dir };
	}
	return (struct ip_vs_match) {};
}

/**
 * ip_vs_conn_find6() - the connection an IPv6 packet belongs to
 * @ivn: namespace
 * @key: the packet's tuple
 *
 * Context: RCU read side.
 *
 * Return: as ip_vs_conn_find4().
 */
struct ip_vs_match ip_vs_conn_find6(struct ip_vs_net *ivn,
				    const struct ip_vs_key6 *key)
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
		return (struct ip_vs_match) { c, same ? node->dir : !node->dir };
	}
	return (struct ip_vs_match) {};
}

static struct ip_vs_match find(struct ip_vs_net *ivn, u16 af,
			       const union ip_vs_key *key)
{
	return af == AF_INET6 ? ip_vs_conn_find6(ivn, &key->v6) :
				ip_vs_conn_find4(ivn, &key->v4);
}

/**
 * ip_vs_conn_find() - the connection a packet belongs to
 * @ivn: namespace
 * @pkt: parsed packet
 *
 * Context: RCU read side.
 *
 * Return: as ip_vs_conn_find4().
 */
struct ip_vs_match ip_vs_conn_find(struct ip_vs_net *ivn,
				   const struct ip_vs_packet *pkt)
{
	return find(ivn, pkt->af, &pkt->key);
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
	return find(ivn, af, key).c;
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
	struct ip_vs_match match = find(ivn, af, key);

	return match.dir == IP_VS_DIR_INPUT ? match.c : NULL;
}

static int add4(struct ip_vs_conn4 *c4)
{
	struct ip_vs_node4 *in = &c4->node[IP_VS_DIR_INPUT];
	struct ip_vs_node4 *out = &c4->node[IP_VS_DIR_OUTPUT];
	struct rhltable *table = &c4->c.ivn->conns4;
	int err;

	/* Answers first: the request that makes them possible comes after. */
	if (!in->two_way) {
		out->digest = digest4(&out->key);
		err = rhltable_insert(table, &out->hash, conns4_params);
		if (err)
			return err;
	}
	in->digest = digest4(&in->key);
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
		out->digest = digest6(&out->key);
		err = rhltable_insert(table, &out->hash, conns6_params);
		if (err)
			return err;
	}
	in->digest = digest6(&in->key);
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
