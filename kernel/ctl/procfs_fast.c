// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/ip_vs_fast: packets that took the short way, and why others did not.
 */
#include <linux/percpu.h>
#include <linux/seq_file.h>
#include <linux/seq_file_net.h>

#include "ctl/procfs.h"
#include "engine/fast.h"
#include "net.h"

static const char *const fast_names[IP_VS_FAST_COUNTS] = {
	[IP_VS_FAST_IN] = "requests",
	[IP_VS_FAST_OUT] = "answers",
	[IP_VS_SLOW_WATCHED] = "slow_watched",
	[IP_VS_SLOW_PACKET] = "slow_packet",
	[IP_VS_SLOW_PROTOCOL] = "slow_protocol",
	[IP_VS_SLOW_NO_CONN] = "slow_no_connection",
	[IP_VS_SLOW_CONN] = "slow_connection",
	[IP_VS_SLOW_UNKNOWN] = "slow_unknown",
	[IP_VS_SLOW_ROUTE] = "slow_route",
	[IP_VS_SLOW_SIZE] = "slow_size",
};

static unsigned long fast_count(const struct ip_vs_net *ivn, unsigned int i)
{
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(ivn->fast_cpu, cpu)->n[i]);
	return sum;
}

/**
 * ip_vs_procfs_fast_show() - print ip_vs_fast
 * @seq: output
 * @v: unused
 *
 * Context: process.
 *
 * Return: 0.
 */
int ip_vs_procfs_fast_show(struct seq_file *seq, void *v)
{
	const struct ip_vs_net *ivn = ip_vs_net(seq_file_single_net(seq));
	bool equipped = ip_vs_equipped(ivn);
	unsigned int i;

	for (i = 0; i < IP_VS_FAST_COUNTS; i++)
		seq_printf(seq, "%s %lu\n", fast_names[i],
			   equipped ? fast_count(ivn, i) : 0);
	return 0;
}
