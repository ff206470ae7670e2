// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why something was not done: our own refusals, the kernel's
 *
 * One errno means different things for different commands; the table says
 * which. The texts are known to scripts.
 */
#include "model/errors.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ON(cmd)		(1u << (cmd))
#define ANY		(~0u)
#define ON_SERVER	(ON(CMD_ADD_DEST) | ON(CMD_DEL_DEST) | \
			 ON(CMD_EDIT_DEST))

static const struct {
	int error;
	unsigned int commands;
	const char *text;
} refusals[] = {
	{ EEXIST, ON(CMD_ADD_SERVICE), "Service already exists" },
	{ EEXIST, ON(CMD_ADD_DEST), "Destination already exists" },
	{ EEXIST, ON(CMD_START_DAEMON), "Daemon has already run" },
	{ ENOENT, ON(CMD_ADD_SERVICE) | ON(CMD_EDIT_SERVICE) |
		  ON(CMD_DEL_SERVICE),
	  "Scheduler or persistence engine not found" },
	{ ENOENT, ON(CMD_EDIT_DEST) | ON(CMD_DEL_DEST),
	  "No such destination" },
	{ ESRCH, ON(CMD_EDIT_SERVICE) | ON(CMD_DEL_SERVICE) | ON(CMD_ZERO) |
		 ON(CMD_LIST) | ON(CMD_SAVE), "No such service" },
	{ ESRCH, ON_SERVER, "Service not defined" },
	{ ESRCH, ON(CMD_STOP_DAEMON), "No daemon is running" },
	{ EPERM, ANY, "Permission denied (you must be root)" },
	{ EINVAL, ANY,
	  "Invalid operation.  Possibly wrong module version, address not unicast, ..." },
	{ ENOPROTOOPT, ANY, "Protocol not available" },
	{ ENOMEM, ANY, "Memory allocation problem" },
	{ EOPNOTSUPP, ANY, "Operation not supported with IPv6" },
	{ EAFNOSUPPORT, ANY,
	  "Operation not supported with specified address family" },
	{ EMSGSIZE, ANY, "Module is wrong version" },
};

/**
 * complain() - print a line on stderr
 * @fmt: as for printf, without the newline
 */
void complain(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

/**
 * refusal_text() - what an errno means for a command
 * @cmd: the command, or CMD_MAX for none in particular
 * @error: positive errno
 *
 * Return: a line without newline.
 */
const char *refusal_text(enum command cmd, int error)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++)
		if (refusals[i].error == error &&
		    refusals[i].commands & ON(cmd))
			return refusals[i].text;
	return strerror(error);
}

/**
 * refusal_print() - tell the user that the kernel refused
 * @cmd: the command, or CMD_MAX for none in particular
 * @why: errno and the kernel's words
 *
 * The standing text comes first, the kernel's words on a line of their own.
 * Except where the standing text would mislead: what is not supported is
 * known by the kernel alone, and what could not be read as a whole by us.
 */
void refusal_print(enum command cmd, const struct refusal *why)
{
	if (!why->text[0] ||
	    (why->error != EOPNOTSUPP && why->error != EAGAIN))
		complain("%s", refusal_text(cmd, why->error));
	if (why->text[0])
		complain("ipvsadm: %s", why->text);
}
