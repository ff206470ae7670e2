// SPDX-License-Identifier: GPL-2.0-only
/*
 * Defaults, lists and the order of what is listed
 *
 * The order is part of the output scripts know: words are compared by the
 * sign of their difference modulo 2^32. That is not transitive, so the way of
 * sorting shows as well; it has to be this merge sort.
 */
#include "model/model.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FULL_MASK4	0xffffffffu
#define FULL_PREFIX6	128u

/**
 * service_init() - a service with nothing but the default mask
 * @svc: what to fill
 */
void service_init(struct service *svc)
{
	memset(svc, 0, sizeof(*svc));
	svc->vip.af = AF_INET;
	svc->netmask = FULL_MASK4;
}

/**
 * dest_init() - a server with the default method and weight
 * @dst: what to fill
 */
void dest_init(struct dest *dst)
{
	memset(dst, 0, sizeof(*dst));
	dst->rip.af = AF_INET;
	dst->fwd = IP_VS_CONN_F_DROUTE;
	dst->weight = 1;
}

/**
 * service_mask_full() - does each client address persist on its own?
 * @svc: service
 *
 * Return: true when the mask is the default of the service's family.
 */
bool service_mask_full(const struct service *svc)
{
	return svc->netmask == (svc->vip.af == AF_INET6 ? FULL_PREFIX6 :
							  FULL_MASK4);
}

/**
 * tunnel_name() - name of a type of tunnel
 * @type: IP_VS_CONN_F_TUNNEL_TYPE_*
 *
 * Return: a constant, NULL for an unknown type.
 */
const char *tunnel_name(uint32_t type)
{
	static const char *const names[IP_VS_CONN_F_TUNNEL_TYPE_MAX] = {
		[IP_VS_CONN_F_TUNNEL_TYPE_IPIP] = "ipip",
		[IP_VS_CONN_F_TUNNEL_TYPE_GUE] = "gue",
		[IP_VS_CONN_F_TUNNEL_TYPE_GRE] = "gre",
	};

	return type < IP_VS_CONN_F_TUNNEL_TYPE_MAX ? names[type] : NULL;
}

static int word_compare(uint32_t a, uint32_t b)
{
	uint32_t diff = a - b;

	if (!diff)
		return 0;
	return diff & 0x80000000u ? -1 : 1;
}

static int addr_compare(uint16_t af, const union ip_addr *a,
			const union ip_addr *b)
{
	int words = af == AF_INET6 ? 4 : 1;

	for (int i = 0; i < words; i++) {
		int r = word_compare(ntohl(a->word[i]), ntohl(b->word[i]));

		if (r)
			return r;
	}
	return 0;
}

static int endpoint_compare(const struct endpoint *a, const struct endpoint *b)
{
	int r = addr_compare(a->af, &a->addr, &b->addr);

	return r ? r : a->port - b->port;
}

/**
 * service_compare() - listing order of two services
 * @a: struct service
 * @b: struct service
 *
 * Return: negative, zero or positive.
 */
int service_compare(const void *a, const void *b)
{
	const struct service *x = a, *y = b;
	int r = word_compare(x->fwmark, y->fwmark);

	if (!r)
		r = x->vip.af - y->vip.af;
	if (!r)
		r = x->protocol - y->protocol;
	return r ? r : endpoint_compare(&x->vip, &y->vip);
}

/**
 * dest_compare() - listing order of two servers
 * @a: struct dest
 * @b: struct dest
 *
 * Return: negative, zero or positive.
 */
int dest_compare(const void *a, const void *b)
{
	const struct dest *x = a, *y = b;

	return endpoint_compare(&x->rip, &y->rip);
}

/**
 * list_push() - append an item
 * @list: where to
 * @item: from malloc(); the list frees it
 *
 * Return: 0, or -ENOMEM, the item is still the caller's then.
 */
int list_push(struct list *list, void *item)
{
	if (list->len == list->size) {
		size_t more = list->size ? 2 * list->size : 64;
		void **grown = reallocarray(list->item, more, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		list->item = grown;
		list->size = more;
	}
	list->item[list->len++] = item;
	return 0;
}

/**
 * list_add() - append a copy of a value
 * @list: where to
 * @value: what
 * @size: its size in bytes
 *
 * Return: 0 or -ENOMEM.
 */
int list_add(struct list *list, const void *value, size_t size)
{
	void *copy = malloc(size);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, value, size);
	if (!list_push(list, copy))
		return 0;
	free(copy);
	return -ENOMEM;
}

static void merge_halves(void **v, size_t left, size_t n, void **tmp,
			 compare_fn compare)
{
	size_t i = 0, j = left, k = 0;

	memcpy(tmp, v, left * sizeof(*v));
	while (i < left && j < n)
		v[k++] = compare(tmp[i], v[j]) <= 0 ? tmp[i++] : v[j++];
	while (i < left)
		v[k++] = tmp[i++];
}

static void merge_sort(void **v, size_t n, void **tmp, compare_fn compare)
{
	size_t left = n / 2;

	if (n < 2)
		return;
	merge_sort(v, left, tmp, compare);
	merge_sort(v + left, n - left, tmp, compare);
	merge_halves(v, left, n, tmp, compare);
}

/**
 * list_sort() - stable top-down merge sort
 * @list: what to sort
 * @compare: by what
 *
 * Return: 0 or -ENOMEM, the list is unchanged then.
 */
int list_sort(struct list *list, compare_fn compare)
{
	void **tmp = malloc((list->len / 2 + 1) * sizeof(*tmp));

	if (!tmp)
		return -ENOMEM;
	merge_sort(list->item, list->len, tmp, compare);
	free(tmp);
	return 0;
}

/**
 * list_free() - free all items; the list is empty afterwards
 * @list: what to empty
 */
void list_free(struct list *list)
{
	for (size_t i = 0; i < list->len; i++)
		free(list->item[i]);
	free(list->item);
	memset(list, 0, sizeof(*list));
}
