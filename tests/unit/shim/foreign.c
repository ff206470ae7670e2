// SPDX-License-Identifier: GPL-2.0-only
/*
 * Foreign namespaces without control groups, and with room for all.
 */
#include <linux/slab.h>

#include "foreign.h"

void *ip_vs_foreign_kmalloc(struct ip_vs_foreign *foreign, size_t size)
{
	return kmalloc(size, GFP_ATOMIC);
}

void *ip_vs_foreign_kvzalloc(struct ip_vs_foreign *foreign, size_t size)
{
	return kvzalloc(size, GFP_KERNEL);
}

bool ip_vs_foreign_locality_charge(void)
{
	return true;
}

void ip_vs_foreign_locality_uncharge(void)
{
}

bool ip_vs_foreign_locality_near(void)
{
	return false;
}
