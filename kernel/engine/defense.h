/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Defences against memory pressure.
 */
#ifndef IP_VS_DEFENSE_H
#define IP_VS_DEFENSE_H

#include <linux/types.h>

struct ip_vs_net;

/* Modes of drop_entry, drop_packet, secure_tcp. */
enum ip_vs_defense_mode {
	IP_VS_DEFENSE_OFF,
	IP_VS_DEFENSE_WAITING,	/* on when memory is short; it is not */
	IP_VS_DEFENSE_ACTIVE,	/* on when memory is short; it is */
	IP_VS_DEFENSE_ALWAYS,
};

/* Is this packet, which would open a connection, one of those to be dropped? */
bool ip_vs_defense_drops(struct ip_vs_net *ivn);
/* A mode was written: apply it. */
void ip_vs_defense_changed(struct ip_vs_net *ivn);
void ip_vs_defense_init(struct ip_vs_net *ivn);
int ip_vs_defense_equip(struct ip_vs_net *ivn);
void ip_vs_defense_strip(struct ip_vs_net *ivn);
void ip_vs_defense_exit(struct ip_vs_net *ivn);

#endif
