/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What one command line asks for
 */
#ifndef REQUEST_H
#define REQUEST_H

#include "model/filter.h"
#include "model/model.h"
#include "model/util.h"

/** enum command - the rows of the matrix in legal.c, then two texts */
enum command {
	CMD_ADD_SERVICE,
	CMD_EDIT_SERVICE,
	CMD_DEL_SERVICE,
	CMD_FLUSH,
	CMD_LIST,
	CMD_ADD_DEST,
	CMD_DEL_DEST,
	CMD_EDIT_DEST,
	CMD_SET,
	CMD_START_DAEMON,
	CMD_STOP_DAEMON,
	CMD_RESTORE,
	CMD_SAVE,
	CMD_ZERO,
	/* from here on not in ipvsadm 1.31 */
	CMD_KILL,
	CMD_MONITOR,
	CMD_WATCH,
	CMD_LEGAL_MAX,
	CMD_HELP = CMD_LEGAL_MAX,
	CMD_VERSION,
	CMD_MAX
};

/** enum option - the columns of the matrix in legal.c, in checking order */
enum option {
	OPT_NUMERIC,
	OPT_CONNECTION,
	OPT_SERVICE,
	OPT_SCHEDULER,
	OPT_PERSISTENT,
	OPT_NETMASK,
	OPT_SERVER,
	OPT_FORWARD,
	OPT_WEIGHT,
	OPT_U_THRESH,
	OPT_L_THRESH,
	OPT_MCAST_IF,
	OPT_TIMEOUT,
	OPT_DAEMON,
	OPT_STATS,
	OPT_RATE,
	OPT_THRESHOLDS,
	OPT_PERSIST_CONN,
	OPT_NOSORT,
	OPT_SYNCID,
	OPT_EXACT,
	OPT_OPS,
	OPT_PE,
	OPT_SCHED_FLAGS,
	OPT_MCAST_GROUP,
	OPT_MCAST_PORT,
	OPT_MCAST_TTL,
	OPT_SYNC_MAXLEN,
	OPT_TUN_INFO,
	OPT_TUN_TYPE,
	OPT_TUN_PORT,
	OPT_TUN_NOCSUM,
	OPT_TUN_CSUM,
	OPT_TUN_REMCSUM,
	/* from here on not in ipvsadm 1.31 */
	OPT_JSON,
	OPT_PRETTY,
	OPT_FILTER,
	OPT_COUNT,
	OPT_DRAIN,
	OPT_SORT_KEY,
	OPT_REPLACE,
	OPT_CHECK,
	OPT_DROPS,
	OPT_ALL,
	OPT_FORCE,
	OPT_NAMES,
	OPT_MAX
};

/** enum conn_order - in which order connections are listed */
enum conn_order {
	CONN_UNSORTED,
	CONN_BY_EXPIRY,
	CONN_BY_STATE,
	CONN_BY_CLIENT
};

#define SCHED_FLAGS_MAX 128
#define HOST_NAME_SHOWN 60

/**
 * struct request - one command with its options
 * @cmd: the command
 * @prog: argv[0], as it appears in messages
 * @given: bit per enum option
 * @svc: the service, if @given says so
 * @dst: the server, if @given says so
 * @daemon: for the daemon commands
 * @timeouts: for --set
 * @filter: for -L -c and -K
 * @order: for -L -c
 * @interval: for --watch, in seconds
 * @drain: seconds to wait, 0 for no limit
 * @port_unused: port of the server that its method cannot use, or 0
 * @service_name: the service's host if that was written as a name, or ""
 * @server_name: the same of the server
 * @sched_flags: text of -b, read after all words are
 * @message: why it was refused, or NULL
 */
struct request {
	enum command cmd;
	const char *prog;
	uint64_t given;
	struct service svc;
	struct dest dst;
	struct daemon daemon;
	struct timeouts timeouts;
	struct filter filter;
	enum conn_order order;
	uint32_t interval;
	uint32_t drain;
	uint16_t port_unused;
	char service_name[HOST_NAME_SHOWN];
	char server_name[HOST_NAME_SHOWN];
	char sched_flags[SCHED_FLAGS_MAX];
	char *message;
};

/**
 * enum verdict - what became of a command line
 * @REQ_OK: a legal request
 * @REQ_TRY: nothing usable; ends a restore
 * @REQ_SCAN: a bad word; a restore goes on
 * @REQ_REFUSED: a check failed; ends a restore
 */
enum verdict {
	REQ_OK,
	REQ_TRY,
	REQ_SCAN,
	REQ_REFUSED
};

/** enum status - exit statuses */
enum status {
	EXIT_OK = 0,
	EXIT_LIST = 1,
	EXIT_USAGE = 2,
	EXIT_DIFFERS = 2,
	EXIT_TIME = 3,
	EXIT_KILLED = 4,
	EXIT_KERNEL = 255
};

static inline bool has(const struct request *req, enum option opt)
{
	return req->given >> opt & 1;
}

void request_init(struct request *req, const char *prog);
enum verdict refuse(struct request *req, const char *fmt, ...)
	__printf(2, 3);
void request_done(struct request *req);

#endif
