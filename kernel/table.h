/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Insertion into hash tables from process context: does not fail for a long
 * chain.
 *
 * An rhashtable returns -EBUSY when a chain is too long and a new table, with a
 * new seed, is being built already.  That takes a short time; packets could not
 * wait for it, but commands can.
 */
#ifndef IP_VS_TABLE_H
#define IP_VS_TABLE_H

#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/rhashtable.h>
#include <linux/sched/signal.h>

/* Retry for about a second. */
#define IP_VS_TABLE_TRIES	1000
#define IP_VS_TABLE_PAUSE_US	1000

/* Is the insertion to be tried again after @tries failures?  Waits if so. */
static inline bool ip_vs_table_again(int err, unsigned int *tries)
{
	if (likely(err != -EBUSY) || ++*tries > IP_VS_TABLE_TRIES ||
	    fatal_signal_pending(current))
		return false;
	usleep_range(IP_VS_TABLE_PAUSE_US / 10, IP_VS_TABLE_PAUSE_US);
	return true;
}

static inline int ip_vs_table_error(int err)
{
	return err == -EBUSY || err == -E2BIG ? -ENOMEM : err;
}

/**
 * ip_vs_table_insert() - insert an object whose key is not in the table
 * @table: hash table
 * @node: the object's link
 * @params: constant, the table's
 *
 * Context: process, may sleep.
 *
 * Return: 0 or -ENOMEM.
 */
static __always_inline int
ip_vs_table_insert(struct rhashtable *table, struct rhash_head *node,
		   const struct rhashtable_params params)
{
	unsigned int tries = 0;
	int err;

	do {
		err = rhashtable_insert_fast(table, node, params);
	} while (ip_vs_table_again(err, &tries));
	return ip_vs_table_error(err);
}

/**
 * ip_vs_table_insert_new() - insert an object, unless its key is in the table
 * @table: hash table without an obj_hashfn
 * @node: the object's link
 * @params: constant, the table's
 *
 * Context: process, may sleep.
 *
 * Return: 0; -EEXIST: the key is there; -ENOMEM.
 */
static __always_inline int
ip_vs_table_insert_new(struct rhashtable *table, struct rhash_head *node,
		       const struct rhashtable_params params)
{
	unsigned int tries = 0;
	int err;

	do {
		err = rhashtable_lookup_insert_fast(table, node, params);
	} while (ip_vs_table_again(err, &tries));
	return ip_vs_table_error(err);
}

#endif
