#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# router.sh - let this host spread connections over next hops (bird-router.conf).

echo 1 >/proc/sys/net/ipv4/ip_forward

# By addresses, ports and protocol: the connections of one client go to all directors,
# and each of them always to the same. An ICMP error goes where its connection goes.
echo 1 >/proc/sys/net/ipv4/fib_multipath_hash_policy
