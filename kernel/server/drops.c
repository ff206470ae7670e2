// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets dropped by IPVS, by reason.
 *
 * The namespace has per-CPU counters of all of them, a service has counters of
 * its own.  Deleting a service does not reduce the namespace's sum.
 */
#include <linux/netfilter.h>
#include <linux/percpu.h>
#include <linux/slab.h>

#include "net.h"
#include "server/drops.h"
#include "server/service.h"

/**
 * ip_vs_drop() - count a packet that is going to be dropped
 * @ivn: namespace
 * @svc: the service it was meant for, or NULL
 * @why: enum ip_vs_ext_drop
 *
 * Context: RCU read side, softirq or process.
 *
 * Return: NF_DROP, for the caller to return.
 */
unsigned int ip_vs_drop(struct ip_vs_net *ivn, struct ip_vs_service *svc,
			enum ip_vs_ext_drop why)
{
	this_cpu_inc(ivn->drops_cpu->n[why]);
	if (svc)
		atomic64_inc(&svc->drops.n[why]);
	return NF_DROP;
}

/**
 * ip_vs_drops_service() - read the drop counters of a service
 * @svc: service
 * @sum: filled in
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_drops_service(struct ip_vs_service *svc, struct ip_vs_drops *sum)
{
	int why;

	for (why = 0; why < IP_VS_DROP_REASONS; why++)
		sum->n[why] = atomic64_read(&svc->drops.n[why]);
}

static void drops_sum_cpus(const struct ip_vs_net *ivn, struct ip_vs_drops *sum)
{
	const struct ip_vs_cpu_drops *one;
	int cpu, why;

	for_each_possible_cpu(cpu) {
		one = per_cpu_ptr(ivn->drops_cpu, cpu);
		for (why = 0; why < IP_VS_DROP_REASONS; why++)
			sum->n[why] += READ_ONCE(one->n[why]);
	}
}

/**
 * ip_vs_drops_total() - read the drop counters of a namespace
 * @ivn: namespace
 * @sum: filled in
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_drops_total(struct ip_vs_net *ivn, struct ip_vs_drops *sum)
{
	int why;

	lockdep_assert_held(&ivn->config);
	memset(sum, 0, sizeof(*sum));
	if (!ivn->equipped)
		return;
	drops_sum_cpus(ivn, sum);
	for (why = 0; why < IP_VS_DROP_REASONS; why++)
		sum->n[why] -= ivn->drops_origin->n[why];
}

/**
 * ip_vs_drops_zero_service() - reset the drop counters of a service
 * @svc: service
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_drops_zero_service(struct ip_vs_service *svc)
{
	int why;

	for (why = 0; why < IP_VS_DROP_REASONS; why++)
		atomic64_set(&svc->drops.n[why], 0);
}

/**
 * ip_vs_drops_zero_total() - reset the drop counters of a namespace
 * @ivn: namespace
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_drops_zero_total(struct ip_vs_net *ivn)
{
	lockdep_assert_held(&ivn->config);
	if (!ivn->equipped)
		return;
	memset(ivn->drops_origin, 0, sizeof(*ivn->drops_origin));
	drops_sum_cpus(ivn, ivn->drops_origin);
}

/**
 * ip_vs_drops_equip() - allocate a namespace's drop counters, all zero
 * @ivn: namespace
 *
 * Context: process.
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_drops_equip(struct ip_vs_net *ivn)
{
	ivn->drops_cpu = alloc_percpu_gfp(struct ip_vs_cpu_drops,
					  GFP_KERNEL_ACCOUNT);
	ivn->drops_origin = kzalloc(sizeof(*ivn->drops_origin),
				    GFP_KERNEL_ACCOUNT);
	if (ivn->drops_cpu && ivn->drops_origin)
		return 0;
	ip_vs_drops_strip(ivn);
	return -ENOMEM;
}

/**
 * ip_vs_drops_strip() - undo ip_vs_drops_equip()
 * @ivn: namespace; no packet uses it any more
 *
 * Context: process.
 */
void ip_vs_drops_strip(struct ip_vs_net *ivn)
{
	kfree(ivn->drops_origin);
	free_percpu(ivn->drops_cpu);
}
