/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that packets need in foreign network namespaces: which control group
 * is charged for it, and how much of it there may be in all.
 */
#ifndef IP_VS_FOREIGN_H
#define IP_VS_FOREIGN_H

#include <linux/compiler.h>
#include <linux/slab.h>
#include <linux/types.h>

struct ip_vs_foreign;
struct kmem_cache;

struct ip_vs_foreign *ip_vs_foreign_new(void);
void ip_vs_foreign_free(struct ip_vs_foreign *foreign);
void *ip_vs_foreign_cache_alloc(struct ip_vs_foreign *foreign,
				struct kmem_cache *cache);
void *ip_vs_foreign_kmalloc(struct ip_vs_foreign *foreign, size_t size);
void *ip_vs_foreign_kvzalloc(struct ip_vs_foreign *foreign, size_t size);

int ip_vs_foreign_total(void);
bool ip_vs_foreign_locality_charge(void);
void ip_vs_foreign_locality_uncharge(void);
bool ip_vs_foreign_locality_near(void);

void ip_vs_foreign_init(void);

/* Allocate memory for a packet, uninitialised, to be freed with kfree().
 * @foreign: of the packet's namespace, NULL: it is not a foreign one.
 */
static inline void *ip_vs_packet_kmalloc(struct ip_vs_foreign *foreign,
					 size_t size)
{
	if (unlikely(foreign))
		return ip_vs_foreign_kmalloc(foreign, size);
	return kmalloc(size, GFP_ATOMIC | __GFP_NOWARN);
}

#endif
