/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The arrays of load_index.h and weight_index.h: which position a server has, and
 * how many there are.
 *
 * Servers have positions in the order they were added.  A deleted server leaves a
 * hole.  When the array has too little room for servers to be added, a new one is
 * allocated, without holes and at most half full after the addition: the cost per
 * addition is constant.  An array does not shrink before that, even if the servers
 * are not added after all (a refused transaction): it is charged to the process
 * that asked for it, and its size is bounded by the operations that a transaction
 * can hold.
 */
#ifndef IP_VS_SLOTS_H
#define IP_VS_SLOTS_H

#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/types.h>

/* Fewest positions, so that small services need no new array. */
#define IP_VS_SLOTS_MIN 8

/* Number of positions of an array for @n_dests servers, a power of two. */
static inline u32 ip_vs_slots(u32 n_dests)
{
	return max_t(u32, IP_VS_SLOTS_MIN, roundup_pow_of_two(2 * n_dests + 1));
}

#endif
