/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * BEGIN, STAGE, COMMIT and ABORT of the family IPVS_EXT.
 */
#ifndef IP_VS_CTL_TRANSACTION_H
#define IP_VS_CTL_TRANSACTION_H

struct genl_info;
struct ip_vs_net;
struct sk_buff;

int ip_vs_transaction_begin(struct sk_buff *skb, struct genl_info *info);
int ip_vs_transaction_stage(struct sk_buff *skb, struct genl_info *info);
int ip_vs_transaction_commit(struct sk_buff *skb, struct genl_info *info);
int ip_vs_transaction_abort(struct sk_buff *skb, struct genl_info *info);

int ip_vs_transactions_watch(void);
void ip_vs_transactions_unwatch(void);
void ip_vs_transactions_net_init(struct ip_vs_net *ivn);
void ip_vs_transactions_net_exit(struct ip_vs_net *ivn);

#endif
