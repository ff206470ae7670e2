/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_USER_NAMESPACE_H
#define SHIM_USER_NAMESPACE_H

struct user_namespace {
	int unused;
};

extern struct user_namespace init_user_ns;

#endif
