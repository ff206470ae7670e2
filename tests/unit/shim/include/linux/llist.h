/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_LINUX_LLIST_H
#define SHIM_LINUX_LLIST_H

#include <linux/atomic.h>

struct llist_head { struct llist_node *first; };
struct llist_node { struct llist_node *next; };

static inline bool llist_empty(const struct llist_head *head)
{
	return !READ_ONCE(head->first);
}

static inline bool llist_add(struct llist_node *node, struct llist_head *head)
{
	struct llist_node *first = READ_ONCE(head->first);

	do {
		node->next = first;
	} while (!__atomic_compare_exchange_n(&head->first, &first, node, false,
					      __ATOMIC_SEQ_CST,
					      __ATOMIC_SEQ_CST));
	return !first;
}

static inline struct llist_node *llist_del_all(struct llist_head *head)
{
	return xchg(&head->first, NULL);
}

#define llist_entry(p, type, member) container_of(p, type, member)
#define llist_entry_safe(p, type, member) \
	({ typeof(p) __p = (p); __p ? container_of(__p, type, member) : NULL; })
#define llist_for_each_entry_safe(pos, n, node, member) \
	for (pos = llist_entry_safe(node, typeof(*pos), member); \
	     pos && ((n = llist_entry_safe(pos->member.next, typeof(*n), \
					   member)), true); \
	     pos = n)

#endif
