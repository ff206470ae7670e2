/* SPDX-License-Identifier: GPL-2.0-only */
/* Doubly linked lists, as far as they are used; what is deleted is poisoned. */
#ifndef SHIM_LINUX_LIST_H
#define SHIM_LINUX_LIST_H

#include <linux/types.h>

#define LIST_POISON ((void *)0x100)

static inline void INIT_LIST_HEAD(struct list_head *head)
{
	head->next = head;
	head->prev = head;
}

static inline bool list_empty(const struct list_head *head)
{
	return head->next == head;
}

static inline void list_add(struct list_head *node, struct list_head *head)
{
	node->next = head->next;
	node->prev = head;
	head->next->prev = node;
	head->next = node;
}

static inline void list_del(struct list_head *node)
{
	node->next->prev = node->prev;
	node->prev->next = node->next;
	node->next = LIST_POISON;
	node->prev = LIST_POISON;
}

static inline void list_del_rcu(struct list_head *node)
{
	node->next->prev = node->prev;
	node->prev->next = node->next;
	node->prev = LIST_POISON;
}

#define list_add_rcu(node, head) list_add(node, head)
#define list_entry(p, type, member) container_of(p, type, member)
#define list_first_entry_or_null(head, type, member) \
	(list_empty(head) ? NULL : list_entry((head)->next, type, member))
#define list_next_entry_circular(pos, head, member) \
	list_entry((pos)->member.next == (head) ? (head)->next : \
		   (pos)->member.next, typeof(*(pos)), member)

#define __list_for_each(pos, head, member, dir) \
	for (pos = list_entry((head)->dir, typeof(*pos), member); \
	     &pos->member != (head); \
	     pos = list_entry(pos->member.dir, typeof(*pos), member))
#define list_for_each_entry(pos, head, member) \
	__list_for_each(pos, head, member, next)
#define list_for_each_entry_reverse(pos, head, member) \
	__list_for_each(pos, head, member, prev)
#define list_for_each_entry_rcu(pos, head, member) \
	__list_for_each(pos, head, member, next)

static inline bool hlist_empty(const struct hlist_head *head)
{
	return !head->first;
}

static inline void hlist_add_head_rcu(struct hlist_node *node,
				      struct hlist_head *head)
{
	node->next = head->first;
	if (head->first)
		head->first->pprev = &node->next;
	head->first = node;
	node->pprev = &head->first;
}

static inline void hlist_del_rcu(struct hlist_node *node)
{
	*node->pprev = node->next;
	if (node->next)
		node->next->pprev = node->pprev;
	node->pprev = LIST_POISON;
}

#define hlist_entry_safe(p, type, member) \
	({ typeof(p) __p = (p); __p ? container_of(__p, type, member) : NULL; })
#define hlist_for_each_entry(pos, head, member) \
	for (pos = hlist_entry_safe((head)->first, typeof(*pos), member); pos; \
	     pos = hlist_entry_safe(pos->member.next, typeof(*pos), member))
#define hlist_for_each_entry_rcu(pos, head, member) \
	hlist_for_each_entry(pos, head, member)
#define hlist_for_each_entry_safe(pos, n, head, member) \
	for (pos = hlist_entry_safe((head)->first, typeof(*pos), member); \
	     pos && ((n = pos->member.next), true); \
	     pos = hlist_entry_safe(n, typeof(*pos), member))

#endif
