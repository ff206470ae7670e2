/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of a kernel as the pure parts of the data plane need, for user space.
 *
 * Included before every file.  Wire formats come from the installed UAPI
 * headers; what a kernel header would declare stands here, so the names under
 * linux/ and net/ that the sources include are empty files made by the Makefile.
 *
 * Locks count how often they were taken, so that a test can say "this packet
 * took none".
 */
#ifndef SHIM_KERNEL_H
#define SHIM_KERNEL_H

#include <assert.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <asm/byteorder.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/tcp.h>
#include <linux/types.h>
#include <linux/udp.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;

#define ENOMEM 12
#define S32_MAX INT32_MAX

#define __force
#define __rcu
#define __percpu
#define __read_mostly
#define __must_hold(x)
#define ____cacheline_aligned_in_smp __attribute__((aligned(64)))
#define IS_ENABLED(option) 0
#define CONFIG_SMP 0
#define SMP_CACHE_BYTES 64
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define noinline __attribute__((noinline))
#undef __always_inline
#define __always_inline inline __attribute__((always_inline))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define U8_MAX 0xff
#define ALIGN(n, to) (((n) + (to) - 1) / (to) * (to))
#define BIT(n) (1UL << (n))
#define offsetofend(type, member) \
	(offsetof(type, member) + sizeof(((type *)0)->member))
#define container_of(p, type, member) \
	((type *)((char *)(p) - offsetof(type, member)))
#define min_t(type, a, b) ((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define max_t(type, a, b) ((type)(a) > (type)(b) ? (type)(a) : (type)(b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define swap(a, b) \
	do { __typeof__(a) __t = (a); (a) = (b); (b) = __t; } while (0)

/* What another CPU does: after the load, or before the store, that is the
 * shim_when-th from here on.
 */
extern void (*shim_other_cpu)(void);
extern unsigned int shim_when;
static inline void shim_interrupt(void)
{
	void (*other)(void) = shim_other_cpu;

	if (!other || --shim_when)
		return;
	shim_other_cpu = NULL;
	other();
}

#define READ_ONCE(x) \
	({ __typeof__(x) __v = *(const volatile __typeof__(x) *)&(x); \
	   shim_interrupt(); __v; })
#define rcu_access_pointer(p) READ_ONCE(p)
#define rcu_dereference(p) READ_ONCE(p)
#define smp_rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define WRITE_ONCE(x, v) \
	do { shim_interrupt(); *(volatile __typeof__(x) *)&(x) = (v); } while (0)
#define smp_load_acquire(p) READ_ONCE(*(p))
#define smp_store_release(p, v) WRITE_ONCE(*(p), v)

#define htons(x) __cpu_to_be16(x)
#define ntohs(x) __be16_to_cpu(x)
#define htonl(x) __cpu_to_be32(x)
#define ntohl(x) __be32_to_cpu(x)

#define IPPROTO_NONE 59
#define IP_OFFSET 0x1fff
#define IP_DF 0x4000
#define IP6_OFFSET 0xfff8
#define NEXTHDR_FRAGMENT 44
#define NEXTHDR_AUTH 51
#define NEXTHDR_NONE 59

struct frag_hdr {
	u8 nexthdr;
	u8 reserved;
	__be16 frag_off;
	__be32 identification;
};

#define ipv6_optlen(p) (((p)->hdrlen + 1) << 3)
#define ipv6_authlen(p) (((p)->hdrlen + 2) << 2)

/* --- time -------------------------------------------------------------------- */

#define HZ 250
extern unsigned long jiffies;

/* --- what objects are made of ------------------------------------------------- */

struct list_head { struct list_head *next, *prev; };
struct hlist_node { struct hlist_node *next, **pprev; };
struct hlist_head { struct hlist_node *first; };
struct llist_node { struct llist_node *next; };
struct llist_head { struct llist_node *first; };
struct rhash_head { void *next; };
struct rhlist_head { struct rhash_head rhead; struct rhlist_head *next; };
struct rhashtable { void *tbl; };
struct rhltable { struct rhashtable ht; };
struct rcu_head { void *next; void (*func)(struct rcu_head *); };
struct mutex { int locked; };
struct work_struct { int pending; };
struct delayed_work { struct work_struct work; };
struct workqueue_struct;
static inline bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	return !work->pending++;
}
struct u64_stats_sync { int unused; };
struct sk_buff_head { void *next; };
struct user_namespace;
extern struct user_namespace *shim_init_user_ns;
#define init_user_ns (*shim_init_user_ns)
struct net { struct user_namespace *user_ns; };
struct nf_hook_ops;
typedef struct { int counter; } atomic_t;
typedef struct { s64 counter; } atomic64_t;
struct percpu_counter { s64 count; };
typedef struct { int refs; } refcount_t;

static inline int atomic_read(const atomic_t *v)
{
	return v->counter;
}

static inline void refcount_inc(refcount_t *r)
{
	r->refs++;
}

static inline unsigned int refcount_read(const refcount_t *r)
{
	return r->refs;
}

typedef struct { u32 held; } spinlock_t;
extern unsigned int shim_locks_taken;

static inline void spin_lock_bh(spinlock_t *lock)
{
	assert(!lock->held);
	lock->held = 1;
	shim_locks_taken++;
}

static inline void spin_lock(spinlock_t *lock)
{
	spin_lock_bh(lock);
}

static inline void spin_unlock_bh(spinlock_t *lock)
{
	assert(lock->held);
	lock->held = 0;
}

#define spin_unlock(lock) spin_unlock_bh(lock)
#define lockdep_assert_held(lock) assert((lock)->held)
#define pr_err_ratelimited(...) ((void)0)

/* --- checksums: straightforward, and not what the tests compare with ------------ */

#define CSUM_MANGLED_0 ((__sum16)0xffff)

static inline __wsum csum_add(__wsum a, __wsum b)
{
	u64 sum = (u64)a + b;

	return sum + (sum >> 32);
}

static inline __wsum csum_unfold(__sum16 n)
{
	return n;
}

static inline __sum16 csum_fold(__wsum sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* Of a block at an offset: at an odd one its bytes are the others. */
static inline __wsum csum_block_add(__wsum sum, __wsum block, int offset)
{
	u32 b = block;

	if (offset & 1)
		b = (b >> 8 & 0xff00ff) | (b & 0xff00ff) << 8;
	return csum_add(sum, b);
}

static inline void csum_replace2(__sum16 *sum, __be16 from, __be16 to)
{
	*sum = csum_fold(csum_add(csum_add((u16)~*sum, (u16)~from), to));
}

__sum16 csum_tcpudp_magic(__be32 saddr, __be32 daddr, u32 len, u8 proto,
			  __wsum sum);
__sum16 csum_ipv6_magic(const struct in6_addr *saddr,
			const struct in6_addr *daddr, u32 len, u8 proto,
			__wsum sum);

/* --- SCTP (RFC 9260) ---------------------------------------------------------------- */

struct sctphdr {
	__be16 source;
	__be16 dest;
	__be32 vtag;
	__le32 checksum;
};

struct sctp_chunkhdr {
	u8 type;
	u8 flags;
	__be16 length;
};

enum {
	SCTP_CID_DATA, SCTP_CID_INIT, SCTP_CID_INIT_ACK, SCTP_CID_SACK,
	SCTP_CID_HEARTBEAT, SCTP_CID_HEARTBEAT_ACK, SCTP_CID_ABORT,
	SCTP_CID_SHUTDOWN, SCTP_CID_SHUTDOWN_ACK, SCTP_CID_ERROR,
	SCTP_CID_COOKIE_ECHO, SCTP_CID_COOKIE_ACK, SCTP_CID_ECN_ECNE,
	SCTP_CID_ECN_CWR, SCTP_CID_SHUTDOWN_COMPLETE,
};

struct sk_buff;
__le32 sctp_compute_cksum(const struct sk_buff *skb, unsigned int offset);

/* --- packets -------------------------------------------------------------------- */

enum {
	CHECKSUM_NONE,
	CHECKSUM_UNNECESSARY,
	CHECKSUM_COMPLETE,
	CHECKSUM_PARTIAL,
};

#define SHIM_MAX_FRAGS 4

/* The linear part and each fragment are allocations of exactly their size: the
 * sanitizer sees a read beyond.
 */
struct sk_buff {
	unsigned char *data;
	unsigned int len;
	unsigned int headlen;
	unsigned int n_frags;
	struct {
		unsigned char *data;
		unsigned int len;
	} frags[SHIM_MAX_FRAGS];
	unsigned int tailroom;	/* bytes allocated behind the linear part */
	u32 mark;
	bool cloned;		/* somebody else has the same linear part */
	unsigned char *other;	/* what that one has once we have our own */
	u8 ip_summed;
	int csum_start;		/* offset from data */
	int csum_offset;
	struct skb_shared_info {
		unsigned int gso_size;
		unsigned int gso_type;
	} shinfo;
};

#define SKB_GSO_UDP_TUNNEL_CSUM (1 << 11)
#define skb_shinfo(skb) (&(skb)->shinfo)

static inline bool skb_is_gso(const struct sk_buff *skb)
{
	return skb->shinfo.gso_size;
}

static inline int skb_checksum_start_offset(const struct sk_buff *skb)
{
	return skb->csum_start;
}

struct sk_buff *shim_skb(const void *bytes, unsigned int len,
			 unsigned int headlen, unsigned int frag_size);
void shim_skb_free(struct sk_buff *skb);
int skb_copy_bits(const struct sk_buff *skb, int offset, void *to, int len);
__wsum csum_partial(const void *bytes, int len, __wsum sum);
__wsum skb_checksum(const struct sk_buff *skb, int offset, int len,
		    __wsum sum);
int skb_ensure_writable(struct sk_buff *skb, unsigned int len);
bool ipv6_ext_hdr(u8 nexthdr);

static inline bool skb_is_nonlinear(const struct sk_buff *skb)
{
	return skb->len > skb->headlen;
}

static inline bool skb_cloned(const struct sk_buff *skb)
{
	return skb->cloned;
}

static inline bool skb_clone_writable(const struct sk_buff *skb,
				      unsigned int len)
{
	return false;
}

#define GFP_ATOMIC 0
#define IP_MAX_MTU 0xffff
#define IPV6_MAXPLEN 65535
#define TCPOPT_EOL 0
#define TCPOPT_NOP 1
#define TCPOPT_SACK 5

/* What the next packet meets. */
extern bool shim_bad_checksum, shim_no_memory;

static inline __sum16 nf_checksum(struct sk_buff *skb, unsigned int hook,
				  unsigned int offset, u8 proto, u16 af)
{
	return shim_bad_checksum;
}

int pskb_expand_head(struct sk_buff *skb, int head, int tail, int gfp);
int skb_linearize(struct sk_buff *skb);
void *skb_put(struct sk_buff *skb, unsigned int len);
void skb_trim(struct sk_buff *skb, unsigned int len);

static inline unsigned int skb_tailroom(const struct sk_buff *skb)
{
	return skb->len > skb->headlen ? 0 : skb->tailroom;
}

/* Offsets count from data: there is nothing before it. */
static inline unsigned int skb_headroom(const struct sk_buff *skb)
{
	return 0;
}

static inline void skb_gso_reset(struct sk_buff *skb)
{
	skb->shinfo.gso_size = 0;
	skb->shinfo.gso_type = 0;
}

static inline unsigned int skb_headlen(const struct sk_buff *skb)
{
	return skb->headlen;
}

static inline struct iphdr *ip_hdr(const struct sk_buff *skb)
{
	return (struct iphdr *)skb->data;
}

static inline struct ipv6hdr *ipv6_hdr(const struct sk_buff *skb)
{
	return (struct ipv6hdr *)skb->data;
}

static inline void *skb_header_pointer(const struct sk_buff *skb, int offset,
				       int len, void *buffer)
{
	if ((int)skb->headlen - offset >= len)
		return skb->data + offset;
	return skb_copy_bits(skb, offset, buffer, len) ? NULL : buffer;
}

#endif
