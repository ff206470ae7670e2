/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_NET_NET_NAMESPACE_H
#define SHIM_NET_NET_NAMESPACE_H

struct user_namespace;

struct net {
	struct user_namespace *user_ns;
};

#endif
