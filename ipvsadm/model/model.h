/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The values everyone shares: service, server, daemon, timeouts
 *
 * The scanner fills them from words, decode.c from netlink replies; encode.c
 * and the printers read them. Numbers are in host order, addresses are not.
 */
#ifndef MODEL_H
#define MODEL_H

#include <linux/ip_vs.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** union ip_addr - an address of either family; unused bytes are zero */
union ip_addr {
	struct in_addr v4;
	struct in6_addr v6;
	uint32_t word[4];
};

/** struct endpoint - address and port; @port is 0 when none was given */
struct endpoint {
	uint16_t af;
	uint16_t port;
	union ip_addr addr;
};

/** enum counter - the ten statistics, in the order they are listed */
enum counter {
	CNT_CONNS,
	CNT_INPKTS,
	CNT_OUTPKTS,
	CNT_INBYTES,
	CNT_OUTBYTES,
	CNT_CPS,
	CNT_INPPS,
	CNT_OUTPPS,
	CNT_INBPS,
	CNT_OUTBPS,
	CNT_MAX
};

/** struct stats - counters (totals) and rates (per second) */
struct stats {
	uint64_t v[CNT_MAX];
};

#define SVC_SCHED_FLAGS (IP_VS_SVC_F_SCHED1 | IP_VS_SVC_F_SCHED2 | \
			 IP_VS_SVC_F_SCHED3)

/**
 * struct service - a virtual service
 * @vip: address and port; only the family counts when @fwmark is set
 * @protocol: IPPROTO_*; 0 when no service was named
 * @fwmark: firewall mark, or 0
 * @sched: scheduler, NUL-terminated
 * @pe: persistence engine, or ""
 * @flags: IP_VS_SVC_F_*
 * @timeout: persistence in seconds
 * @netmask: IPv4: be32 mask; IPv6: prefix length
 * @stats: filled by replies only
 */
struct service {
	struct endpoint vip;
	uint16_t protocol;
	uint32_t fwmark;
	char sched[IP_VS_SCHEDNAME_MAXLEN];
	char pe[IP_VS_PENAME_MAXLEN + 1];
	uint32_t flags;
	uint32_t timeout;
	uint32_t netmask;
	struct stats stats;
};

/**
 * struct dest - a real server of a service
 * @rip: address and port
 * @fwd: forwarding method, IP_VS_CONN_F_MASQ and so on
 * @weight: share of new connections
 * @u_thresh: connections from which on no new one is given, 0 for no limit
 * @l_thresh: connections below which it takes new ones again
 * @tun_type: IP_VS_CONN_F_TUNNEL_TYPE_*
 * @tun_port: destination port of GUE
 * @tun_flags: IP_VS_TUNNEL_ENCAP_FLAG_*
 * @active: connections in an active state
 * @inactive: other connections
 * @persist: persistence templates
 * @stats: filled by replies only
 */
struct dest {
	struct endpoint rip;
	uint32_t fwd;
	uint32_t weight;
	uint32_t u_thresh;
	uint32_t l_thresh;
	uint32_t tun_type;
	uint32_t tun_port;
	uint32_t tun_flags;
	uint32_t active;
	uint32_t inactive;
	uint32_t persist;
	struct stats stats;
};

/**
 * struct daemon - one connection synchronisation daemon
 * @state: IP_VS_STATE_MASTER or IP_VS_STATE_BACKUP
 * @ifname: multicast interface
 * @syncid: which peers belong together
 * @maxlen: longest message, 0 for the kernel's choice
 * @group: multicast group; its family is 0 for the kernel's choice
 * @port: UDP port, 0 for the kernel's choice
 * @ttl: multicast TTL, 0 for the kernel's choice
 */
struct daemon {
	uint32_t state;
	char ifname[IP_VS_IFNAME_MAXLEN];
	uint32_t syncid;
	uint32_t maxlen;
	struct endpoint group;
	uint32_t port;
	uint32_t ttl;
};

/** struct timeouts - protocol timeouts in seconds, 0 leaves one unchanged */
struct timeouts {
	uint32_t tcp;
	uint32_t tcp_fin;
	uint32_t udp;
};

/** struct info - what the kernel says of itself */
struct info {
	uint32_t version;
	uint32_t conn_tab_size;
};

/** struct list - growing array of pointers that it owns */
struct list {
	void **item;
	size_t len;
	size_t size;
};

/** typedef compare_fn - three-way comparison of two list items */
typedef int (*compare_fn)(const void *a, const void *b);

void service_init(struct service *svc);
void dest_init(struct dest *dst);
const char *tunnel_name(uint32_t type);
bool service_mask_full(const struct service *svc);

int service_compare(const void *a, const void *b);
int dest_compare(const void *a, const void *b);

int list_push(struct list *list, void *item);
int list_add(struct list *list, const void *value, size_t size);
int list_sort(struct list *list, compare_fn compare);
void list_free(struct list *list);

#endif
