/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that differs between the kernels we build for (6.1 to 7.2), and
 * nothing else.  Force-included before every file of ours.
 *
 * Sorted by the release that makes a block unnecessary: raising the floor is
 * deleting blocks from the top.  Detect the missing name where there is one to
 * detect; a version test stands only where a call changed its shape.
 */
#ifndef IP_VS_COMPAT_H
#define IP_VS_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "ip_vs needs Linux 6.1 or later"
#endif

/* 6.2: the text of an extended message is copied; before, a pointer to it is
 * kept, so it has to stay valid.
 */
#include <linux/netlink.h>

static inline void ip_vs_compat_err_text(struct netlink_ext_ack *extack,
					 const char *text)
{
#ifdef NL_SET_ERR_MSG_FMT
	NL_SET_ERR_MSG_FMT(extack, "%s", text);
#else
	if (extack)
		extack->_msg = text;
#endif
}

/* 6.5: segmentation offload has a header of its own.  (Sparse does not know
 * __has_include.)
 */
#include <linux/skbuff.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#include <net/gso.h>
#endif

/* 6.6: flags of inet_sock became bits. */
#include <net/inet_sock.h>

static inline bool ip_vs_compat_nodefrag(const struct sock *sk)
{
#ifdef inet_test_bit
	return inet_test_bit(NODEFRAG, sk);
#else
	return inet_sk(sk)->nodefrag;
#endif
}

/* 6.6: a sysctl table says how long it is; before, and until 6.11 as well, an
 * empty row ends it.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#include <net/net_namespace.h>

static inline struct ctl_table_header *
register_net_sysctl_sz(struct net *net, const char *path,
		       struct ctl_table *table, size_t size)
{
	return register_net_sysctl(net, path, table);
}
#endif

/* 6.6: what is forwarded is counted once in OutOctets. */
#include <net/ip.h>

static inline void ip_vs_compat_forwarded_octets(struct net *net,
						 unsigned int len)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
	__IP_ADD_STATS(net, IPSTATS_MIB_OUTOCTETS, len);
#endif
}

/* 6.6: attributes of a dump's request lie where those of a command do. */
#include <net/genetlink.h>

static inline struct nlattr **
ip_vs_compat_dump_attrs(struct netlink_callback *cb)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
	return genl_dumpit_info(cb)->attrs;
#else
	return genl_info_dump(cb)->attrs;
#endif
}

/* 6.10: from a route of either family to the family's own. */
#include <net/route.h>

#include <net/ip6_fib.h>

#ifndef dst_rtable
#define dst_rtable(ptr) container_of(ptr, struct rtable, dst)
#endif

#ifndef dst_rt6_info
#define dst_rt6_info(ptr) container_of(ptr, struct rt6_info, dst)
#endif

/* 6.11: sysctl handlers get their row as const. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
#define ip_vs_compat_ctl_table const struct ctl_table
#else
#define ip_vs_compat_ctl_table struct ctl_table
#endif

/* 6.18: a flow has no type of service, but what it means today. */
#include <net/flow.h>

#ifdef flowi4_tos
#define ip_vs_compat_flow_tos(fl4, tos) \
	((fl4)->flowi4_tos = (tos) & IPTOS_RT_MASK)
#else
#define ip_vs_compat_flow_tos(fl4, tos) \
	((fl4)->flowi4_dscp = inet_dsfield_to_dscp(tos))
#endif

/* 6.17: a work queue whose items stay on their CPU says so. */
#include <linux/workqueue.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 17, 0)
#define ip_vs_compat_wq_percpu WQ_PERCPU
#else
#define ip_vs_compat_wq_percpu 0
#endif

/* 6.19: an address of unknown length has a type of its own. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 19, 0)
#define ip_vs_compat_sockaddr struct sockaddr_unsized
#else
#define ip_vs_compat_sockaddr struct sockaddr
#endif

#endif
