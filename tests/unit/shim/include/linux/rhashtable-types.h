/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_LINUX_RHASHTABLE_TYPES_H
#define SHIM_LINUX_RHASHTABLE_TYPES_H

struct rhash_head { struct rhash_head *next; };
struct rhlist_head { struct rhash_head rhead; struct rhlist_head *next; };
struct rhashtable { void *tbl; };
struct rhltable { int unused; };

#endif
