// SPDX-License-Identifier: GPL-2.0-only
#include "args/legal.h"
#include "args/options.h"
#include "args/rule.h"
#include "model/util.h"
#include "args/split.h"
#include "cli_tests.h"

#include <arpa/inet.h>
#include <string.h>

static enum verdict parse(const char *line, struct request *req)
{
	struct words words = { 0 };
	enum verdict v;

	split_line(&words, "PROG", line, strlen(line));
	v = options_parse(words.argc, words.argv, req);
	split_free(&words);
	return v;
}

static const char *message(const char *line, enum verdict want)
{
	struct request req;
	FILE *out = text_open();

	CHECK(parse(line, &req) == want);
	fputs(req.message ? req.message : "(none)", out);
	request_done(&req);
	return text_close();
}

#define REFUSED(line, text) CHECK_TEXT(message((line), REQ_REFUSED), (text))
#define SCAN(line, text) CHECK_TEXT(message((line), REQ_SCAN), (text))
#define HINT "Try `PROG -h' or 'PROG --help' for more information."
#define TRY(line) CHECK_TEXT(message((line), REQ_TRY), HINT)

/* Whoever gives a bad value is told what a good one is, in one way or another. */
static void test_wants(void)
{
	static const char *const said[] = {
		"scheduler", "mcast-interface", "pe", "sched-flags", "filter",
	};
	char text[80];

	for (int i = 0; i < n_rules; i++) {
		bool other = false;

		rule_want(&rules[i], text, sizeof(text));
		for (size_t j = 0; j < ARRAY_SIZE(said); j++)
			other |= !strcmp(said[j], rules[i].lname);
		CHECK(!*text == (!rules[i].arg || other));
	}
}

static void test_scanner(void)
{
	TRY("-Q");
	TRY("-n -L");
	TRY("foo");
	TRY("--lis");
	TRY("--list=1");
	TRY("-- -L");
	TRY("--start-daemon");
	SCAN("-L -Q", "-Q: unknown option");
	SCAN("-LnQ", "-LnQ: unknown option");
	SCAN("-L --num", "--num: unknown option");
	SCAN("-At", "-At: missing argument");
	SCAN("-L -n=1", "-n=1: option does not take an argument");
	REFUSED("-LC", "invalid option `-LC'");
	REFUSED("-L -h", "invalid option `-h'");
	REFUSED("--start-daemon master --start-daemon backup",
		"invalid option `backup'");
	REFUSED("-L foo", "unexpected argument foo");
	REFUSED("foo -L", "unexpected argument foo");
	REFUSED("-Lnn", "multiple 'numeric' options specified");
	REFUSED("-L -6", "-6 used before -f\n");
	REFUSED("--start-daemon x", "illegal start-daemon parameter specified");
	REFUSED("--stop-daemon x", "illegal start_daemon specified");
	REFUSED("--set 1 2", "--set option requires 3 timeout values");
	REFUSED("--set 1 a 2", "invalid timeout value `a' specified");
	REFUSED("--set 1 2 3 4", "unexpected argument 4");
}

static void test_combinations(void)
{
	REFUSED("-A", "You need to supply the 'service-address' option for the 'add-service' command");
	REFUSED("-C -n", "Illegal 'numeric' option with the 'flush' command");
	REFUSED("-L -c --timeout", "The option 'timeout' conflicts with the 'connection' option in the 'list' command");
	REFUSED("-L -c --stats", "options conflicts in the list command");
	REFUSED("-A -t 192.0.2.1", "Zero port specified for non-persistent service");
	REFUSED("-A -t 192.0.2.1:5 -o", "One-Packet Scheduling is only for UDP virtual services");
	REFUSED("-A -t 192.0.2.1:5 -b sh-port", "incompatible scheduler flag `sh-port'");
	REFUSED("-a -t 192.0.2.1:5 -r ::1", "Different address family is allowed only for tunneling servers");
	REFUSED("-a -t 192.0.2.1:5 -r 192.0.2.2 --tun-csum", "Tunnel options conflict with forward method");
	REFUSED("-a -t 192.0.2.1:5 -r 192.0.2.2 -i --tun-type gue", "You need to supply the 'tun-port' option for the 'gue' tunnel type");
}

/* What the old tool does not have: nothing is taken and ignored. */
static void test_new(void)
{
	struct request req;

	REFUSED("-K", "Which connections? You need to supply the 'filter' option for the 'kill' command, or 'all'");
	REFUSED("-K --filter ,", "The filter is empty. To end every connection supply the 'all' option");
	REFUSED("-K --all --filter state=none", "The option 'all' conflicts with the 'filter' option in the 'kill' command");
	REFUSED("-K --filter protocol=x",
		"invalid filter `protocol=x', wanted is tcp, udp, sctp, ah, esp or ip");
	REFUSED("-K --filter service=192.0.2.1,client=2001:db8::1",
		"invalid filter `client=2001:db8::1', wanted is client and service of one address family");
	REFUSED("-K --filter mark=1,mark=2",
		"invalid filter `mark=2', wanted is each key once");
	REFUSED("-K --all --pretty", "The 'pretty' option needs the 'json' option");
	REFUSED("-K --all -n", "Illegal 'numeric' option with the 'kill' command");
	REFUSED("-L --all", "Illegal 'all' option with the 'list' command");
	REFUSED("-L --drops -c", "The option 'drops' conflicts with the 'connection' option in the 'list' command");
	REFUSED("-L --drops --stats", "options conflicts in the list command");
	REFUSED("-L --replace", "Illegal 'replace' option with the 'list' command");
	REFUSED("-S --check", "Illegal 'check' option with the 'save' command");
	REFUSED("-R --replace -j", "Illegal 'json' option with the 'restore' command");
	REFUSED("-e -t 192.0.2.1:80 -r 192.0.2.2 --force", "The 'force' option needs the 'drain' option");
	REFUSED("-d -t 192.0.2.1:80 -r 192.0.2.2 --force", "Illegal 'force' option with the 'delete-server' command");
	REFUSED("--watch 0", "invalid interval `0', seconds from 1 to 3600");
	REFUSED("--watch -j", "Illegal 'json' option with the 'watch' command");
	REFUSED("--watch -L", "invalid option `-L'");
	REFUSED("--monitor --pretty", "Illegal 'pretty' option with the 'monitor' command");
	REFUSED("--watch -n --names", "The option 'names' conflicts with the 'numeric' option in the 'watch' command");
	REFUSED("-L --names", "Illegal 'names' option with the 'list' command");
	CHECK(!parse("--watch -n -t 192.0.2.1:80", &req) && req.interval == 1);
	CHECK(!parse("--watch", &req) && has(&req, OPT_NUMERIC));
	CHECK(!parse("--monitor -c", &req) && has(&req, OPT_NUMERIC));
	CHECK(!parse("--monitor --names", &req) && !has(&req, OPT_NUMERIC));
	CHECK(!parse("--watch 7", &req) && req.interval == 7);
	CHECK(!parse("-K --filter client=192.0.2.0/24", &req));
	CHECK(!parse("-R --replace --check", &req) && has(&req, OPT_CHECK));
	CHECK(!parse("--monitor -c -n", &req) && req.cmd == CMD_MONITOR);
}

static void test_values(void)
{
	struct request req;

	CHECK(!parse("-A -t [2001:db8::1]:80 -p -M 64", &req));
	CHECK(req.svc.vip.af == AF_INET6 && req.svc.netmask == 64);
	CHECK(req.svc.timeout == 360);
	CHECK(!strcmp(req.svc.sched, "wlc"));
	CHECK(!parse("-A -M 64 -t [2001:db8::1]:80 -p 9", &req));
	CHECK(req.svc.netmask == 128 && req.svc.timeout == 9);
	CHECK(!parse("-a -t 192.0.2.1:80 -r 192.0.2.2:8080 -g", &req));
	CHECK(req.dst.rip.port == 80);
	CHECK(!parse("-a -t 192.0.2.1:80 -r 192.0.2.2:8080 -m -w 3", &req));
	CHECK(req.dst.rip.port == 8080 && req.dst.weight == 3);
	CHECK(!parse("-a -r 192.0.2.2 -t 192.0.2.1:80 -m", &req));
	CHECK(req.dst.rip.port == 0);
	CHECK(!parse("-A -f 4294967295 -6 -s abcdefghijklmnopqrst", &req));
	CHECK(req.svc.fwmark == UINT32_MAX && req.svc.vip.af == AF_INET6);
	CHECK(!strcmp(req.svc.sched, "abcdefghijklmno"));
	CHECK(!parse("--set 1 2 3", &req));
	CHECK(req.timeouts.tcp == 1 && req.timeouts.tcp_fin == 2 &&
	      req.timeouts.udp == 3);
	CHECK(!parse("900 --set 120 300", &req) && req.timeouts.tcp == 900);
	CHECK(!parse("--start-daemon backup --mcast-interface abcdefghijklmnopq",
		     &req));
	CHECK(!strcmp(req.daemon.ifname, "abcdefghijklmno"));
	CHECK(!parse("-h -Q", &req) && req.cmd == CMD_HELP);
}

/* Lines of as many words are read by the same context: none leaves anything behind. */
static void test_one_after_another(void)
{
	struct request req;

	CHECK(!parse("-a -t 10.0.0.1:80 -r 10.0.0.2:81 -m -w 7", &req));
	CHECK(req.cmd == CMD_ADD_DEST && req.dst.fwd == IP_VS_CONN_F_MASQ &&
	      req.dst.weight == 7 && req.dst.rip.port == 81);
	request_done(&req);
	REFUSED("-a -t 10.0.0.1:80 -r 10.0.0.2 -w x -m",
		"illegal weight specified");
	REFUSED("-a -t 10.0.0.1:80 -r 10.0.0.2 -m a b",
		"unexpected argument a");
	SCAN("-a -t 10.0.0.1:80 -r 10.0.0.2 -g -w", "-w: missing argument");
	CHECK(!parse("-a -u 10.0.0.3:53 -r 10.0.0.4 -w 0 -i", &req));
	CHECK(req.svc.protocol == IPPROTO_UDP && req.svc.vip.port == 53 &&
	      req.dst.fwd == IP_VS_CONN_F_TUNNEL && !req.dst.weight &&
	      req.dst.rip.port == 53);
	request_done(&req);
	CHECK(!parse("-A -t 10.0.0.1:80 -s wlc -p 60 -M 255.0.0.0", &req));
	CHECK(req.svc.timeout == 60 && req.svc.netmask == htonl(0xff000000));
	request_done(&req);
	CHECK(!parse("-A -t 10.0.0.1:80 -s rr -p", &req));
	CHECK(req.svc.timeout == 360);
	request_done(&req);
}

/* popt would look for another word for ever. */
static void test_insert(void)
{
	const char *state[] = { "x", "--start-daemon", "!#:+", "-x", NULL };

	REFUSED("-a -t 10.0.0.1:80 -r !#:+ -m",
		"!#:+ stands for nothing: `!#:+'");
	REFUSED("-A -s rr --tcp-service=10.0.0.1:!#:+ -p",
		"!#:+ stands for nothing: `--tcp-service=10.0.0.1:!#:+'");
	CHECK(options_command(4, state) == CMD_MAX);
}

static void test_commands(void)
{
	const char *help[] = { "x", "-h", NULL }, *none[] = { "x", "-Q", NULL };

	CHECK(options_command(2, help) == CMD_HELP);
	CHECK(options_command(2, none) == CMD_MAX);
}

/* The same request, or the same refusal? */
static bool same_outcome(const char *line, const char *other)
{
	struct request a, b;
	enum verdict v = parse(line, &a), w = parse(other, &b);
	bool same = v == w && a.cmd == b.cmd && a.given == b.given &&
		    !memcmp(&a.svc, &b.svc, sizeof(a.svc)) &&
		    !memcmp(&a.dst, &b.dst, sizeof(a.dst)) &&
		    !strcmp(a.message ? a.message : "",
			    b.message ? b.message : "");

	request_done(&a);
	request_done(&b);
	return same;
}

/* A long name of the command makes popt read the line. */
static void test_short_lines(void)
{
	static const char *const commands[][2] = {
		{ "-A", "--add-service" }, { "-E", "--edit-service" },
		{ "-a", "--add-server" }, { "-e", "--edit-server" },
		{ "-d", "--delete-server" }, { "-D", "--delete-service" },
		{ "-L", "--list" }, { "-Z", "--zero" }, { "-S", "--save" },
	};
	/* An address behind each -t, -u and -r: a word would be looked up. */
	static const char *const words[] = {
		"-t 10.0.0.1:80", "-u [2001:db8::1]:80", "-r 10.0.0.2:81",
		"-r 10.0.0.2", "-f 7", "-6", "-s rr", "-s", "-b flag-1", "-p",
		"-p 300", "-M 255.255.255.0", "-m", "-g", "-i", "-w 7", "-w",
		"-x 0", "-y", "-o", "-n", "-c", "-j", "-A", "-L", "7", "-5",
		"-", "--", "-Q", "-w5", "-mw", "-p300", "--weight",
		"--persistent",
	};
	unsigned int state = 1, read = 0;

	for (int i = 0; i < 50000; i++) {
		char rest[200] = "", line[240], other[240];
		const char *const *cmd;
		struct request req;

		state = state * 1103515245 + 12345;
		cmd = commands[(state >> 16) % ARRAY_SIZE(commands)];
		for (int n = (state >> 8) % 9; n > 0; n--) {
			state = state * 1103515245 + 12345;
			strcat(strcat(rest, " "),
			       words[(state >> 16) % ARRAY_SIZE(words)]);
		}
		snprintf(line, sizeof(line), "%s%s", cmd[0], rest);
		snprintf(other, sizeof(other), "%s%s", cmd[1], rest);
		CHECK(same_outcome(line, other), "%s", line);
		read += !parse(line, &req);
		request_done(&req);
	}
	CHECK(read > 500);
}

const struct test options_tests[] = {
	{ "options: what is no option", test_scanner },
	{ "options: a bad value is told what a good one is", test_wants },
	{ "options: options that do not go together", test_combinations },
	{ "options: values are kept", test_values },
	{ "options: options that the old tool does not have", test_new },
	{ "options: no line leaves anything behind", test_one_after_another },
	{ "options: what popt would expand for ever is refused", test_insert },
	{ "options: the command of a line", test_commands },
	{ "options: popt reads a line of short options the same", test_short_lines },
	{}
};
