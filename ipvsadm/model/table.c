// SPDX-License-Identifier: GPL-2.0-only
/*
 * All services with their servers
 *
 * Most tables are walked and never searched, so the search trees are grown
 * when something is looked for.
 */
#include "model/table.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

static int endpoint_identity(const struct endpoint *a, const struct endpoint *b)
{
	int r = a->af - b->af;

	if (!r)
		r = a->port - b->port;
	return r ? r : memcmp(&a->addr, &b->addr, sizeof(a->addr));
}

/**
 * service_identity() - order of services by what names them
 * @a: struct service
 * @b: struct service
 *
 * Any order will do; that of lists is service_compare().
 *
 * Return: negative, positive, or zero for the same service.
 */
int service_identity(const void *a, const void *b)
{
	const struct service *x = a, *y = b;

	if (x->fwmark != y->fwmark)
		return x->fwmark < y->fwmark ? -1 : 1;
	if (x->fwmark)
		return x->vip.af - y->vip.af;
	if (x->protocol != y->protocol)
		return x->protocol - y->protocol;
	return endpoint_identity(&x->vip, &y->vip);
}

/**
 * dest_identity() - order of the servers of a service by what names them
 * @a: struct dest
 * @b: struct dest
 *
 * Return: negative, positive, or zero for the same server.
 */
int dest_identity(const void *a, const void *b)
{
	const struct dest *x = a, *y = b;

	return endpoint_identity(&x->rip, &y->rip);
}

/**
 * service_is() - do two descriptions name the same service?
 * @a: a service
 * @b: another
 *
 * Return: true if they do, whatever their properties.
 */
bool service_is(const struct service *a, const struct service *b)
{
	return !service_identity(a, b);
}

/**
 * dest_is() - do two descriptions name the same server of a service?
 * @a: a server
 * @b: another
 *
 * Return: true if they do, whatever their properties.
 */
bool dest_is(const struct dest *a, const struct dest *b)
{
	return !dest_identity(a, b);
}

static int index_find(void **index, size_t *indexed, const struct list *list,
		      const void *key, compare_fn order, void **out)
{
	void *const *found;

	*out = NULL;
	for (; *indexed < list->len; ++*indexed)
		if (!tsearch(list->item[*indexed], index, order))
			return -ENOMEM;
	found = tfind(key, index, order);
	if (found)
		*out = *found;
	return 0;
}

/**
 * table_add() - append a service without servers
 * @table: where to
 * @svc: the service
 * @line: where a file names it, or 0
 *
 * Return: its entry, or NULL without memory.
 */
struct svc_entry *table_add(struct table *table, const struct service *svc,
			    unsigned int line)
{
	struct svc_entry entry = { .svc = *svc, .line = line };

	if (list_add(&table->entries, &entry, sizeof(entry)))
		return NULL;
	return table->entries.item[table->entries.len - 1];
}

/**
 * table_find() - look for a service
 * @table: where
 * @svc: names it
 * @entry: its entry, or NULL
 *
 * Return: 0 or -ENOMEM.
 */
int table_find(struct table *table, const struct service *svc,
	       struct svc_entry **entry)
{
	struct list *entries = &table->entries;
	void *found;
	int err;

	/* Mostly the service that was added last is looked up. */
	*entry = entries->len ? entries->item[entries->len - 1] : NULL;
	if (*entry && service_is(&(*entry)->svc, svc))
		return 0;
	err = index_find(&table->index, &table->indexed, entries, svc,
			 service_identity, &found);
	*entry = found;
	return err;
}

/**
 * entry_add() - append a server to a service
 * @entry: the service
 * @dst: the server
 * @line: where a file names it, or 0
 *
 * Return: 0 or -ENOMEM.
 */
int entry_add(struct svc_entry *entry, const struct dest *dst, unsigned int line)
{
	struct server server = { .dst = *dst, .line = line };

	return list_add(&entry->servers, &server, sizeof(server));
}

/**
 * entry_find() - look for a server of a service
 * @entry: the service
 * @dst: names it
 * @server: the server, or NULL
 *
 * Return: 0 or -ENOMEM.
 */
int entry_find(struct svc_entry *entry, const struct dest *dst,
	       struct server **server)
{
	void *found;
	int err = index_find(&entry->index, &entry->indexed, &entry->servers, dst,
		       dest_identity, &found);

	*server = found;
	return err;
}

/* Removes an item from the list and from the index. */
static void index_remove(struct list *list, void *item, void **index,
			 size_t *indexed, compare_fn order)
{
	size_t i = 0;

	while (list->item[i] != item)
		i++;
	if (i < *indexed) {
		tdelete(item, index, order);
		--*indexed;
	}
	list->len--;
	memmove(&list->item[i], &list->item[i + 1],
		(list->len - i) * sizeof(*list->item));
}

/**
 * entry_remove() - forget a server of a service
 * @entry: the service
 * @server: one of its servers; freed
 */
void entry_remove(struct svc_entry *entry, struct server *server)
{
	index_remove(&entry->servers, server, &entry->index, &entry->indexed,
		     dest_identity);
	free(server);
}

static void index_keep(void *item)
{
	(void)item;
}

static void entry_free(struct svc_entry *entry)
{
	tdestroy(entry->index, index_keep);
	list_free(&entry->servers);
}

/**
 * table_remove() - forget a service and its servers
 * @table: where
 * @entry: one of its services; freed
 */
void table_remove(struct table *table, struct svc_entry *entry)
{
	index_remove(&table->entries, entry, &table->index, &table->indexed,
		     service_identity);
	entry_free(entry);
	free(entry);
}

/**
 * table_shrink() - forget all entries but the first
 * @table: what to shrink
 * @n: how many stay
 */
void table_shrink(struct table *table, size_t n)
{
	struct list *entries = &table->entries;

	tdestroy(table->index, index_keep);
	table->index = NULL;
	table->indexed = 0;
	while (entries->len > n) {
		struct svc_entry *entry = entries->item[--entries->len];

		entry_free(entry);
		free(entry);
	}
}

/**
 * table_free() - free all entries; the table is empty afterwards
 * @table: what to empty
 */
void table_free(struct table *table)
{
	table_shrink(table, 0);
	list_free(&table->entries);
	list_free(&table->orders);
}
