// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flow of a run and its exit status
 */
#include "args/options.h"
#include "cmd/replace.h"
#include "cmd/restore.h"
#include "cmd/run.h"
#include "model/errors.h"
#include "model/model.h"
#include "model/request.h"
#include "net/query.h"
#include "net/wire.h"
#include "print/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define VERSION_NEEDED 0x010104

/*
 * Opens closed standard files read-only: a socket must not get their number,
 * and writing to a closed standard output has to fail.
 */
static void open_standard_files(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDONLY);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

static bool load_module(void)
{
	static const char path[] = "/sbin/modprobe";
	char *const argv[] = { (char *)path, "--", "ip_vs", NULL };
	int status;
	pid_t pid;

	pid = fork();
	if (pid < 0)
		return false;
	if (!pid) {
		execve(path, argv, environ);
		_exit(1);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

static void warn_version(uint32_t version)
{
	fprintf(stderr,
		"Warning: IPVS version mismatch: \n"
		"  Kernel compiled with IPVS version %u.%u.%u\n"
		"  ipvsadm v1.31  requires minimum IPVS version %u.%u.%u\n\n",
		NVERSION(version), NVERSION(VERSION_NEEDED));
}

/*
 * The kernel loads the module by its alias. Without the family modprobe is
 * tried as well; without permission it would not help.
 */
static struct wire *try_connect(struct info *info, struct refusal *why)
{
	struct wire *wire = wire_open(why);

	if (!wire && load_module())
		wire = wire_open(why);
	if (wire && query_info(wire, info, why)) {
		wire_close(wire);
		return NULL;
	}
	return wire;
}

static struct wire *connect_kernel(void)
{
	static const char sure[] =
		"Are you sure that IP Virtual Server is built in the kernel or as module?";
	struct info info = { 0 };
	struct refusal why;
	struct wire *wire = try_connect(&info, &why);

	if (!wire) {
		complain("Can't initialize ipvs: %s",
			 refusal_text(CMD_MAX, why.error));
		complain("%s", sure);
		return NULL;
	}
	if (info.version < VERSION_NEEDED)
		warn_version(info.version);
	return wire;
}

/*
 * With --check the status 2 means that the tables differ; errors need another
 * one.
 */
static int verdict_status(const struct request *req, enum verdict v)
{
	if (v != REQ_REFUSED)
		return EXIT_KERNEL;
	return req->cmd == CMD_RESTORE && has(req, OPT_CHECK) ? EXIT_LIST :
								EXIT_USAGE;
}

static int no_kernel_status(int argc, const char **argv)
{
	struct request req;
	enum verdict v;

	/* Without words the command is -L. */
	if (argc < 2)
		return EXIT_USAGE;
	v = options_parse(argc, argv, &req);
	request_done(&req);
	return v || req.cmd != CMD_RESTORE ? EXIT_USAGE :
					     verdict_status(&req, REQ_REFUSED);
}

static int run_restore(struct wire *wire, const struct request *req)
{
	if (has(req, OPT_REPLACE) || has(req, OPT_CHECK))
		return replace_run(wire, req);
	return restore_run(wire, req->prog);
}

static int run_words(struct wire *wire, int argc, const char **argv)
{
	struct request req;
	enum verdict v = options_parse(argc, argv, &req);
	int status;

	if (v) {
		complain("%s", req.message ? req.message :
			       refusal_text(CMD_MAX, ENOMEM));
		status = verdict_status(&req, v);
	} else if (req.cmd == CMD_RESTORE) {
		status = run_restore(wire, &req);
	} else {
		status = run_request(wire, &req);
	}
	request_done(&req);
	return status;
}

static int print_help(const char *prog, enum command cmd)
{
	struct request req = { .cmd = cmd, .prog = prog };

	run_text(&req);
	return EXIT_OK;
}

static int connect_and_run(int argc, const char **argv)
{
	const char *const list[] = { argv[0], "-L", NULL };
	struct wire *wire = connect_kernel();
	int status;

	if (!wire)
		return no_kernel_status(argc, argv);
	if (argc < 2)
		status = run_words(wire, 2, (const char **)list);
	else
		status = run_words(wire, argc, argv);
	wire_close(wire);
	return status;
}

/* A failed write must not end with status 0: the table is not saved. */
static int close_output(int status)
{
	if (!output_flush())
		return status;
	complain("ipvsadm: cannot write: %s", strerror(output_error()));
	return status ? status : EXIT_LIST;
}

int main(int argc, char **argv)
{
	const char **words = (const char **)argv;
	enum command cmd;
	int status;

	if (argc < 1)
		return EXIT_USAGE;
	open_standard_files();
	cmd = argc > 1 ? options_command(argc, words) : CMD_LIST;
	if (cmd == CMD_HELP || cmd == CMD_VERSION)
		status = print_help(words[0], cmd);
	else
		status = connect_and_run(argc, words);
	return close_output(status);
}
