/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tables that find a connection by a packet's tuple.
 */
#ifndef IP_VS_CONN_TABLE_H
#define IP_VS_CONN_TABLE_H

#include "conn/conn.h"

struct ip_vs_net;
struct ip_vs_packet;
struct ip_vs_pe_data;

/**
 * struct ip_vs_match - result of a lookup
 * @c: its connection, an RCU pointer; NULL: there is none
 * @dir: the packet's direction; IP_VS_DIR_INPUT if there is none
 * @digest: if there is none, the hash of the tuple, for a new connection; 0: not
 *	known
 *
 * Small enough to be returned in registers.
 */
struct ip_vs_match {
	struct ip_vs_conn *c;
	enum ip_vs_dir dir;
	u32 digest;
};

struct ip_vs_match ip_vs_conn_find4(struct ip_vs_net *ivn,
				    const struct ip_vs_key4 *key);
struct ip_vs_match ip_vs_conn_find6(struct ip_vs_net *ivn,
				    const struct ip_vs_key6 *key);
struct ip_vs_match ip_vs_conn_find(struct ip_vs_net *ivn,
				   const struct ip_vs_packet *pkt);
struct ip_vs_conn *ip_vs_conn_find_request(struct ip_vs_net *ivn, u16 af,
					   const union ip_vs_key *key);
struct ip_vs_conn *ip_vs_conn_find_answer(struct ip_vs_net *ivn,
					  const struct ip_vs_packet *pkt);
struct ip_vs_conn *ip_vs_conn_find_named(struct ip_vs_net *ivn, u16 af,
					 const union ip_vs_key *key,
					 const struct ip_vs_pe_data *data);
int ip_vs_conn_table_add(struct ip_vs_conn *c);
void ip_vs_conn_table_del(struct ip_vs_conn *c);
void ip_vs_conn_tables_init(struct ip_vs_net *ivn);
void ip_vs_conn_tables_exit(struct ip_vs_net *ivn);

#endif
