// SPDX-License-Identifier: GPL-2.0-only
/*
 * Types, lengths and ranges of the attributes of the family IPVS_EXT.
 *
 * Everything is checked strictly, at every level and before a command runs: an
 * unknown attribute, one that the command does not take, a wrong length or a
 * value out of range is an error, which points to the attribute.
 */
#include <linux/in6.h>

#include "ctl/ext_policy.h"
#include "ctl/policy.h"

/* Of either family; the parser checks it against the family given. */
#define ADDR_POLICY							\
	NLA_POLICY_RANGE(NLA_BINARY, sizeof(struct in_addr),		\
			 sizeof(struct in6_addr))

/* Longest name of a state. */
#define STATE_LEN_MAX 15

const struct nla_policy
ip_vs_ext_filter_policy[IPVS_EXT_FILTER_ATTR_MAX + 1] = {
	[IPVS_EXT_FILTER_ATTR_AF]	= { .type = NLA_U16 },
	[IPVS_EXT_FILTER_ATTR_PROTOCOL]	= { .type = NLA_U8 },
	[IPVS_EXT_FILTER_ATTR_VADDR]	= ADDR_POLICY,
	[IPVS_EXT_FILTER_ATTR_VPORT]	= { .type = NLA_U16 },
	[IPVS_EXT_FILTER_ATTR_FWMARK]	= { .type = NLA_U32 },
	[IPVS_EXT_FILTER_ATTR_DEST_AF]	= { .type = NLA_U16 },
	[IPVS_EXT_FILTER_ATTR_DADDR]	= ADDR_POLICY,
	[IPVS_EXT_FILTER_ATTR_DPORT]	= { .type = NLA_U16 },
	[IPVS_EXT_FILTER_ATTR_CADDR]	= ADDR_POLICY,
	[IPVS_EXT_FILTER_ATTR_CPREFIX]	= NLA_POLICY_MAX(NLA_U8, 128),
	[IPVS_EXT_FILTER_ATTR_CPORT]	= { .type = NLA_U16 },
	[IPVS_EXT_FILTER_ATTR_STATE]	= {
		.type = NLA_NUL_STRING, .len = STATE_LEN_MAX,
	},
	[IPVS_EXT_FILTER_ATTR_TEMPLATES] = NLA_POLICY_MAX(NLA_U8, 1),
	[IPVS_EXT_FILTER_ATTR_SERVICE]	=
		NLA_POLICY_NESTED(ip_vs_service_policy),
};

/* GET_INFO and other commands without attributes. */
const struct nla_policy ip_vs_ext_none_policy[IPVS_EXT_ATTR_MAX + 1] = {
};

/* GET_TABLE */
const struct nla_policy ip_vs_ext_table_policy[IPVS_EXT_ATTR_MAX + 1] = {
	[IPVS_EXT_ATTR_SERVICE]	= NLA_POLICY_NESTED(ip_vs_service_policy),
};

/* GET_CONN, KILL_CONN */
const struct nla_policy ip_vs_ext_conns_policy[IPVS_EXT_ATTR_MAX + 1] = {
	[IPVS_EXT_ATTR_FILTER]	= NLA_POLICY_NESTED(ip_vs_ext_filter_policy),
};

/* STAGE.  Operations are checked one by one, since an error names the
 * operation.
 */
const struct nla_policy ip_vs_ext_stage_policy[IPVS_EXT_ATTR_MAX + 1] = {
	[IPVS_EXT_ATTR_OPS]	= { .type = NLA_NESTED },
};

/* COMMIT */
const struct nla_policy ip_vs_ext_commit_policy[IPVS_EXT_ATTR_MAX + 1] = {
	[IPVS_EXT_ATTR_GENERATION]	= { .type = NLA_U32 },
};

/* LISTEN */
const struct nla_policy ip_vs_ext_listen_policy[IPVS_EXT_ATTR_MAX + 1] = {
	[IPVS_EXT_ATTR_EVENTS]	= NLA_POLICY_MASK(NLA_U32, IPVS_EXT_EVENTS_ALL),
};

const struct nla_policy ip_vs_ext_op_policy[IPVS_EXT_OP_ATTR_MAX + 1] = {
	[IPVS_EXT_OP_ATTR_COMMAND]	= { .type = NLA_U8 },
	[IPVS_EXT_OP_ATTR_SERVICE]	= NLA_POLICY_NESTED(ip_vs_service_policy),
	[IPVS_EXT_OP_ATTR_DEST]		= NLA_POLICY_NESTED(ip_vs_dest_policy),
};
