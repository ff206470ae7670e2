// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables that find a connection by a packet's tuple.
 *
 * One lookup of the packet's own tuple serves both directions.  A NAT
 * connection is hashed by two tuples: that of its client's packets and that of
 * its server's.  With every other method the tuple of an answer is that of the
 * request with source and destination swapped, so one link matches both
 * (bidirectional): the hash does not depend on the order of the endpoints, and
 * a packet is compared both ways.  So a tuple and the swapped one share a
 * bucket; which other tuples do cannot be told from outside.
 *
 * Several entries may have one tuple: two virtual ports that lead one client's
 * port to one server's, or two packets that raced to open a connection.  The
 * older ones are linked below the newest (conn/hash.c).  An entry past its
 * deadline is expired, even if the wheel has not freed it yet, unless it
 * controls others; the newest that is not expired is found.
 *
 * A lookup may ask for requests only, or for answers only.  An entry that
 * matches in the other direction does not hide one that matches in this, and a
 * template matches its own tuple alone.
 *
 * A template of a persistence engine has the engine's data in its key as well:
 * IP_VS_KEY_NAMED keeps it apart from what has none.
 *
 * The two families have a table each, and functions of the same shape side by
 * side: addresses differ, nothing else does.
 */
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/string.h>

#include "conn/conn.h"
#include "conn/digest.h"
#include "conn/hash.h"
#include "conn/table.h"
#include "content/engine.h"
#include "net.h"
#include "packet.h"

/* How many entries with a packet's tuple are looked at: many of them may be
 * expired until the wheel frees them.  So many newer ones can hide an older one
 * that is not expired.  That is no way to attack others: a newer one that is
 * not expired hides it as well, and takes no more to create.
 */
#define EQUALS_MAX 64

static siphash_key_t table_key __read_mostly;

static struct ip_vs_node4 *link_node4(const struct ip_vs_link *link)
{
	return container_of(link, struct ip_vs_node4, link);
}

static struct ip_vs_node6 *link_node6(const struct ip_vs_link *link)
{
	return container_of(link, struct ip_vs_node6, link);
}

static struct ip_vs_conn *link_conn4(const struct ip_vs_link *link)
{
	const struct ip_vs_node4 *first = link_node4(link) - link->dir;

	return &container_of(first, struct ip_vs_conn4, node[0])->c;
}

static struct ip_vs_conn *link_conn6(const struct ip_vs_link *link)
{
	const struct ip_vs_node6 *first = link_node6(link) - link->dir;

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

/* Has a template of an engine this data? */
static bool conn_named(const struct ip_vs_conn *c,
		       const struct ip_vs_pe_data *data)
{
	const struct ip_vs_conn_tail *tail = ip_vs_conn_tail(c);

	return tail->pe == data->pe && tail->len == data->len &&
	       !memcmp(tail->bytes, data->bytes, data->len);
}

/* Have two templates of engines the same data? */
static bool names_equal(const struct ip_vs_conn *a, const struct ip_vs_conn *b)
{
	const struct ip_vs_conn_tail *tail = ip_vs_conn_tail(b);
	const struct ip_vs_pe_data data = {
		.pe = tail->pe, .len = tail->len, .bytes = tail->bytes,
	};

	return conn_named(a, &data);
}

static u32 name_digest(const u8 *bytes, u8 len)
{
	return siphash(bytes, len, &table_key);
}

/* What the data adds to the hash of an entry's tuple. */
static u32 conn_name_digest(const struct ip_vs_conn *c)
{
	const struct ip_vs_conn_tail *tail = ip_vs_conn_tail(c);

	return unlikely(tail) ? name_digest(tail->bytes, tail->len) : 0;
}

/* Entries are equal if they match the same packets in the same direction. */
static bool key_equal4(const struct ip_vs_link *a, const struct ip_vs_link *b)
{
	const struct ip_vs_key4 *one = &link_node4(a)->key;
	const struct ip_vs_key4 *other = &link_node4(b)->key;

	return a->dir == b->dir && a->bidirectional == b->bidirectional &&
	       one->proto == other->proto && one->kind == other->kind &&
	       same_way4(one, other) &&
	       (likely(one->kind != IP_VS_KEY_NAMED) ||
		names_equal(link_conn4(a), link_conn4(b)));
}

/* The newest of @link and those below it that is not expired. */
static __always_inline struct ip_vs_conn *table_present4(const struct ip_vs_link *link)
{
	unsigned int left = EQUALS_MAX;
	struct ip_vs_conn *c;

	do {
		c = link_conn4(link);
		if (likely(!ip_vs_conn_absent(c)))
			return c;
		link = rcu_dereference(link->older);
	} while (link && --left);
	return NULL;
}

/* Entries are equal if they match the same packets in the same direction. */
static bool key_equal6(const struct ip_vs_link *a, const struct ip_vs_link *b)
{
	const struct ip_vs_key6 *one = &link_node6(a)->key;
	const struct ip_vs_key6 *other = &link_node6(b)->key;

	return a->dir == b->dir && a->bidirectional == b->bidirectional &&
	       one->proto == other->proto && one->kind == other->kind &&
	       same_way6(one, other) &&
	       (likely(one->kind != IP_VS_KEY_NAMED) ||
		names_equal(link_conn6(a), link_conn6(b)));
}

/* The newest of @link and those below it that is not expired. */
static __always_inline struct ip_vs_conn *table_present6(const struct ip_vs_link *link)
{
	unsigned int left = EQUALS_MAX;
	struct ip_vs_conn *c;

	do {
		c = link_conn6(link);
		if (likely(!ip_vs_conn_absent(c)))
			return c;
		link = rcu_dereference(link->older);
	} while (link && --left);
	return NULL;
}

/* Does an entry match a tuple?  @dir is set to the direction. */
static __always_inline bool link_means4(const struct ip_vs_link *link,
					const struct ip_vs_key4 *key,
					enum ip_vs_dir *dir)
{
	const struct ip_vs_key4 *own = &link_node4(link)->key;

	if (own->proto != key->proto || own->kind != key->kind)
		return false;
	if (same_way4(own, key)) {
		*dir = link->dir;
		return true;
	}
	*dir = !link->dir;
	return link->bidirectional && other_way4(own, key);
}

/* Does an entry match a tuple?  @dir is set to the direction. */
static __always_inline bool link_means6(const struct ip_vs_link *link,
					const struct ip_vs_key6 *key,
					enum ip_vs_dir *dir)
{
	const struct ip_vs_key6 *own = &link_node6(link)->key;

	if (own->proto != key->proto || own->kind != key->kind)
		return false;
	if (same_way6(own, key)) {
		*dir = link->dir;
		return true;
	}
	*dir = !link->dir;
	return link->bidirectional && other_way6(own, key);
}

/* Which direction a lookup asks for. */
enum table_wanted {
	WANT_ANY,
	WANT_REQUESTS,
	WANT_ANSWERS,
};

static __always_inline bool dir_wanted(enum table_wanted wanted,
				       enum ip_vs_dir dir)
{
	switch (wanted) {
	case WANT_REQUESTS:
		return dir == IP_VS_DIR_INPUT;
	case WANT_ANSWERS:
		return dir == IP_VS_DIR_OUTPUT;
	case WANT_ANY:
		break;
	}
	return true;
}

static __always_inline struct ip_vs_match table_find4(struct ip_vs_net *ivn,
						      const struct ip_vs_key4 *key,
						      enum table_wanted wanted,
						      const struct ip_vs_pe_data *data)
{
	u32 digest = ip_vs_digest4(key, &table_key);
	const struct ip_vs_buckets *buckets;
	const struct ip_vs_link *link;
	struct ip_vs_match match;

	if (data)
		digest ^= name_digest(data->bytes, data->len);
	buckets = rcu_dereference(ivn->conns4.buckets);
	do {
		link = ip_vs_hash_first(buckets, digest);
		for (; link; link = ip_vs_hash_next(link)) {
			if (link->digest != digest ||
			    !link_means4(link, key, &match.dir))
				continue;
			if (!dir_wanted(wanted, match.dir))
				continue;
			if (data && !conn_named(link_conn4(link), data))
				continue;
			match.c = table_present4(link);
			match.digest = 0;
			if (likely(match.c))
				return match;
		}
		buckets = ip_vs_hash_more(buckets);
	} while (unlikely(buckets));
	return (struct ip_vs_match) { .digest = digest };
}

static __always_inline struct ip_vs_match table_find6(struct ip_vs_net *ivn,
						      const struct ip_vs_key6 *key,
						      enum table_wanted wanted,
						      const struct ip_vs_pe_data *data)
{
	u32 digest = ip_vs_digest6(key, &table_key);
	const struct ip_vs_buckets *buckets;
	const struct ip_vs_link *link;
	struct ip_vs_match match;

	if (data)
		digest ^= name_digest(data->bytes, data->len);
	buckets = rcu_dereference(ivn->conns6.buckets);
	do {
		link = ip_vs_hash_first(buckets, digest);
		for (; link; link = ip_vs_hash_next(link)) {
			if (link->digest != digest ||
			    !link_means6(link, key, &match.dir))
				continue;
			if (!dir_wanted(wanted, match.dir))
				continue;
			if (data && !conn_named(link_conn6(link), data))
				continue;
			match.c = table_present6(link);
			match.digest = 0;
			if (likely(match.c))
				return match;
		}
		buckets = ip_vs_hash_more(buckets);
	} while (unlikely(buckets));
	return (struct ip_vs_match) { .digest = digest };
}

/**
 * ip_vs_conn_find4() - the connection an IPv4 packet belongs to
 * @ivn: namespace
 * @key: the packet's tuple
 *
 * Context: RCU read side.
 *
 * Return: the direction, and the connection as an RCU pointer, NULL: there is
 * none, and the digest is the tuple's.
 */
struct ip_vs_match ip_vs_conn_find4(struct ip_vs_net *ivn,
				    const struct ip_vs_key4 *key)
{
	return table_find4(ivn, key, WANT_ANY, NULL);
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
	return table_find6(ivn, key, WANT_ANY, NULL);
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
	return pkt->af == AF_INET6 ? ip_vs_conn_find6(ivn, &pkt->key.v6) :
				     ip_vs_conn_find4(ivn, &pkt->key.v4);
}

/**
 * ip_vs_conn_find_request() - look up an entry by its client's tuple
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
	return af == AF_INET6 ?
	       table_find6(ivn, &key->v6, WANT_REQUESTS, NULL).c :
	       table_find4(ivn, &key->v4, WANT_REQUESTS, NULL).c;
}

/**
 * ip_vs_conn_find_named() - look up a template by key and engine data
 * @ivn: namespace
 * @af: family of the key
 * @key: a template's key, IP_VS_KEY_NAMED
 * @data: what the engine found
 *
 * Context: RCU read side.
 *
 * Return: an RCU pointer, or NULL.
 */
struct ip_vs_conn *ip_vs_conn_find_named(struct ip_vs_net *ivn, u16 af,
					 const union ip_vs_key *key,
					 const struct ip_vs_pe_data *data)
{
	return af == AF_INET6 ?
	       table_find6(ivn, &key->v6, WANT_REQUESTS, data).c :
	       table_find4(ivn, &key->v4, WANT_REQUESTS, data).c;
}

/**
 * ip_vs_conn_find_answer() - look up an entry by a tuple of its answers
 * @ivn: namespace
 * @pkt: a packet, or one with source and destination swapped
 *
 * Context: RCU read side.
 *
 * Return: an RCU pointer, or NULL.
 */
struct ip_vs_conn *ip_vs_conn_find_answer(struct ip_vs_net *ivn,
					  const struct ip_vs_packet *pkt)
{
	return pkt->af == AF_INET6 ?
	       table_find6(ivn, &pkt->key.v6, WANT_ANSWERS, NULL).c :
	       table_find4(ivn, &pkt->key.v4, WANT_ANSWERS, NULL).c;
}

/* Is the tuple of answers hashed as well?  Templates have no answers. */
static bool filed_twice4(const struct ip_vs_node4 *in)
{
	return !in->link.bidirectional && in->key.kind == IP_VS_KEY_FLOW;
}

static int table_add4(struct ip_vs_conn4 *c4)
{
	struct ip_vs_node4 *in = &c4->node[IP_VS_DIR_INPUT];
	struct ip_vs_node4 *out = &c4->node[IP_VS_DIR_OUTPUT];
	struct ip_vs_hash *table = &c4->c.ivn->conns4;
	int err;

	/* Answers first: the request that makes them possible comes after. */
	if (filed_twice4(in)) {
		out->link.digest = ip_vs_digest4(&out->key, &table_key);
		err = ip_vs_hash_add(table, &out->link);
		if (err)
			return err;
	}
	/* After a first addition there is a table: this one cannot fail. */
	if (!in->link.digest)
		in->link.digest = ip_vs_digest4(&in->key, &table_key) ^
				  conn_name_digest(&c4->c);
	return ip_vs_hash_add(table, &in->link);
}

/* Is the tuple of answers hashed as well?  Templates have no answers. */
static bool filed_twice6(const struct ip_vs_node6 *in)
{
	return !in->link.bidirectional && in->key.kind == IP_VS_KEY_FLOW;
}

static int table_add6(struct ip_vs_conn6 *c6)
{
	struct ip_vs_node6 *in = &c6->node[IP_VS_DIR_INPUT];
	struct ip_vs_node6 *out = &c6->node[IP_VS_DIR_OUTPUT];
	struct ip_vs_hash *table = &c6->c.ivn->conns6;
	int err;

	if (filed_twice6(in)) {
		out->link.digest = ip_vs_digest6(&out->key, &table_key);
		err = ip_vs_hash_add(table, &out->link);
		if (err)
			return err;
	}
	/* After a first addition there is a table: this one cannot fail. */
	if (!in->link.digest)
		in->link.digest = ip_vs_digest6(&in->key, &table_key) ^
				  conn_name_digest(&c6->c);
	return ip_vs_hash_add(table, &in->link);
}

/**
 * ip_vs_conn_table_add() - hash a connection
 * @c: complete connection
 *
 * Context: bottom halves off, RCU read side.
 *
 * Return: 0; -ENOMEM: there is no table yet, and no memory for one; nothing is
 * hashed then.
 */
int ip_vs_conn_table_add(struct ip_vs_conn *c)
{
	if (c->af == AF_INET6)
		return table_add6(ip_vs_conn6(c));
	return table_add4(ip_vs_conn4(c));
}

static void table_del4(struct ip_vs_conn4 *c4)
{
	struct ip_vs_node4 *in = &c4->node[IP_VS_DIR_INPUT];
	struct ip_vs_node4 *out = &c4->node[IP_VS_DIR_OUTPUT];
	struct ip_vs_hash *table = &c4->c.ivn->conns4;

	ip_vs_hash_del(table, &in->link);
	if (filed_twice4(in))
		ip_vs_hash_del(table, &out->link);
}

static void table_del6(struct ip_vs_conn6 *c6)
{
	struct ip_vs_node6 *in = &c6->node[IP_VS_DIR_INPUT];
	struct ip_vs_node6 *out = &c6->node[IP_VS_DIR_OUTPUT];
	struct ip_vs_hash *table = &c6->c.ivn->conns6;

	ip_vs_hash_del(table, &in->link);
	if (filed_twice6(in))
		ip_vs_hash_del(table, &out->link);
}

/**
 * ip_vs_conn_table_del() - unhash a connection: no lookup starting now finds it
 * @c: a connection that was added
 *
 * Context: RCU read side, softirq or process.
 */
void ip_vs_conn_table_del(struct ip_vs_conn *c)
{
	if (c->af == AF_INET6)
		table_del6(ip_vs_conn6(c));
	else
		table_del4(ip_vs_conn4(c));
}

/**
 * ip_vs_conn_tables_init() - initialise a namespace's tables
 * @ivn: namespace
 */
void ip_vs_conn_tables_init(struct ip_vs_net *ivn)
{
	get_random_once(&table_key, sizeof(table_key));
	ip_vs_hash_init(&ivn->conns4, ip_vs_wq, key_equal4);
	ip_vs_hash_init(&ivn->conns6, ip_vs_wq, key_equal6);
}

/**
 * ip_vs_conn_tables_exit() - free a namespace's tables, empty by now
 * @ivn: namespace
 *
 * Context: process, may sleep.
 */
void ip_vs_conn_tables_exit(struct ip_vs_net *ivn)
{
	ip_vs_hash_exit(&ivn->conns4);
	ip_vs_hash_exit(&ivn->conns6);
}
