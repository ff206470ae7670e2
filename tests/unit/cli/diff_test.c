// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of rules, and what turns one table into another
 */
#include "cmd/diff.h"
#include "model/change.h"
#include "cmd/ruleset.h"
#include "cli_tests.h"

#include <stdlib.h>
#include <string.h>

static struct table have, want;

static int parse(struct table *table, const char *text)
{
	int bad;

	table_free(table);
	bad = ruleset_parse(table, "PROG", text, strlen(text), text_open());
	text_close();
	return bad;
}

static const char *complaints(const char *text)
{
	FILE *out = text_open();

	table_free(&want);
	CHECK(ruleset_parse(&want, "PROG", text, strlen(text), out) > 0);
	return text_close();
}

static const char *plan(const char *from, const char *to)
{
	struct list changes = { 0 };
	FILE *out;

	CHECK(!parse(&have, from));
	CHECK(!parse(&want, to));
	CHECK(!diff_make(&changes, &have, &want));
	out = text_open();
	diff_print(out, &changes);
	list_free(&changes);
	return text_close();
}

static void test_files(void)
{
	CHECK(!parse(&want, ""));
	CHECK(!want.entries.len);
	CHECK(!parse(&want, "# x\n\n  \n-A -t 192.0.2.1:80\r\n-a -t 192.0.2.1:80 -r 10.0.0.1"));
	CHECK(want.entries.len == 1);
	CHECK(!parse(&want, "-A -f 1\n-A -f 1 -6\n-A -u 192.0.2.1:53\n-A -t 192.0.2.1:53\n"));
	CHECK(want.entries.len == 4);
	CHECK(!parse(&want, "-A -f 1\n-C\n-A -f 1\nipvsadm -A -f 2\n"));
	CHECK(want.entries.len == 2);
	CHECK(parse(&want, "-A -f 1\n-A -f x\n-D -f 1\n-a -f 1 -r 10.0.0.1\n") ==
	      2);
}

/* A file that changes its mind describes what is left in the end. */
static void test_edits(void)
{
	CHECK_TEXT(plan("", "-A -f 1 -s rr\n-A -f 2 -s rr\n-A -f 3 -s rr\n"
			"-a -f 1 -r 10.0.0.1\n-a -f 1 -r 10.0.0.2\n-a -f 1 -r 10.0.0.3\n"
			"-d -f 1 -r 10.0.0.2\n-D -f 2\n-E -f 3 -s lc\n"
			"-e -f 1 -r 10.0.0.3 -w 7\n-A -f 2 -s sed\n-a -f 1 -r 10.0.0.2\n"),
		   "-A -f 1 -s rr\n"
		   "-a -f 1 -r 10.0.0.1:0 -g -w 1\n"
		   "-a -f 1 -r 10.0.0.3:0 -g -w 7\n"
		   "-a -f 1 -r 10.0.0.2:0 -g -w 1\n"
		   "-A -f 3 -s lc\n"
		   "-A -f 2 -s sed\n");
	/* The last one, which nothing has looked for. */
	CHECK_TEXT(plan("", "-A -f 1\n-A -f 2\n-D -f 2\n"), "-A -f 1 -s wlc\n");
	CHECK(!parse(&want, "--set 1 2 3\n-A -f 1\n-C\n--start-daemon master\n"));
	CHECK(!want.entries.len && want.orders.len == 2);
	table_free(&want);
	table_free(&have);
}

static void test_complaints(void)
{
	static const char binary[] = "\n-A\0\n-A -6 -f 1\n";

	CHECK_TEXT(complaints("-A -t 192.0.2.1:80\n-A -t 192.0.2.1:80 -s rr\n"),
		   "ipvsadm: line 2: Service already exists (line 1)\n");
	CHECK_TEXT(complaints("-A -t 192.0.2.1:80\n\n"
			      "-a -t 192.0.2.1:80 -r 10.0.0.1\n"
			      "-a -t 192.0.2.1:80 -r 10.0.0.1:80 -w 3\n"),
		   "ipvsadm: line 4: Destination already exists (line 3)\n");
	CHECK_TEXT(complaints("-a -t 192.0.2.1:80 -r 10.0.0.1\n-Q\n-A -t x\n"
			      "-A -f 1 -Q\n-L\n-A -f 2\n"),
		   "ipvsadm: line 1: Service not defined in a line before\n"
		   "ipvsadm: line 2: Try `PROG -h' or 'PROG --help' for more information.\n"
		   "ipvsadm: line 3: illegal virtual server address[:port] specified\n"
		   "ipvsadm: line 4: -Q: unknown option\n"
		   "ipvsadm: line 5: a command that changes no service, server, timeout or daemon has no place here\n");
	CHECK_TEXT(complaints("-E -f 1\n-D -f 1\n-e -f 1 -r 10.0.0.1\n-A -f 1\n"
			      "-e -f 1 -r 10.0.0.1\n-d -f 1 -r 10.0.0.1\n"
			      "-a -f 1 -r 10.0.0.1\n-e -f 1 -r 10.0.0.1 -x 1 -y 2\n"
			      "-e -f 1 -r 10.0.0.1 --drain\n"),
		   "ipvsadm: line 1: No such service\n"
		   "ipvsadm: line 2: No such service\n"
		   "ipvsadm: line 3: Service not defined in a line before\n"
		   "ipvsadm: line 5: No such destination\n"
		   "ipvsadm: line 6: No such destination\n"
		   "ipvsadm: line 8: the lower threshold is above the upper one\n"
		   "ipvsadm: line 9: a command that changes no service, server, timeout or daemon has no place here\n");
	CHECK_TEXT(complaints("-A -t 192.0.2.1:80\n-a -t 192.0.2.1:80 -r 127.0.0.1 -m\n"
			      "-a -t 192.0.2.1:80 -r localhost:80 -m\n"),
		   "ipvsadm: line 3: Destination already exists (line 2): localhost means 127.0.0.1:80\n");
	CHECK_TEXT(complaints("-A -f 1\n-a -f 1 -r 10.0.0.1 -x 3 -y 4\n"),
		   "ipvsadm: line 2: the lower threshold is above the upper one\n");
	table_free(&want);
	CHECK(ruleset_parse(&want, "PROG", binary, sizeof(binary) - 1,
			    text_open()) == 2);
	CHECK_TEXT(text_close(), "ipvsadm: line 2: zero byte, this is not text\n"
				 "ipvsadm: line 3: -6 used before -f\n");
}

#define WEB "-A -t 192.0.2.1:80 -s rr\n"
#define ONE "-a -t 192.0.2.1:80 -r 10.0.0.1:80 -g -w 1\n"
#define TWO "-a -t 192.0.2.1:80 -r 10.0.0.2:80 -g -w 1\n"

static void test_steps(void)
{
	CHECK_TEXT(plan("", ""), "");
	CHECK_TEXT(plan(WEB ONE TWO, WEB TWO ONE), "");
	CHECK_TEXT(plan("", WEB ONE), WEB ONE);
	CHECK_TEXT(plan(WEB ONE TWO, ""), "-D -t 192.0.2.1:80\n");
	CHECK_TEXT(plan(WEB ONE, WEB TWO),
		   TWO "-d -t 192.0.2.1:80 -r 10.0.0.1:80\n");
	CHECK_TEXT(plan(WEB ONE, "-A -t 192.0.2.1:80 -s wrr\n" ONE),
		   "-E -t 192.0.2.1:80 -s wrr\n");
	CHECK_TEXT(plan(WEB ONE, WEB "-a -t 192.0.2.1:80 -r 10.0.0.1 -x 9 -y 2\n"),
		   "-e -t 192.0.2.1:80 -r 10.0.0.1:80 -g -w 1 -x 9 -y 2\n");
	CHECK_TEXT(plan(WEB ONE, WEB "-a -t 192.0.2.1:80 -r 10.0.0.1 -w 2\n"),
		   "-e -t 192.0.2.1:80 -r 10.0.0.1:80 -g -w 2\n");
	CHECK_TEXT(plan(WEB "-A -f 7\n-a -f 7 -r 10.0.0.1\n", WEB),
		   "-D -f 7\n");
	CHECK_TEXT(plan("-A -f 7\n-a -f 7 -r 10.0.0.1\n", "-A -f 7 -6\n"),
		   "-A -f 7 -6 -s wlc\n-D -f 7\n");
}

/* What makes no difference must not be changed. */
static void test_sameness(void)
{
	CHECK_TEXT(plan("-A -f 1 -M 255.0.0.0\n", "-A -f 1\n"), "");
	CHECK_TEXT(plan("-A -f 1 -p 9 -M 255.0.0.0\n", "-A -f 1 -p 9\n"),
		   "-E -f 1 -s wlc -p 9\n");
	CHECK_TEXT(plan("-A -f 1 -p 9\n", "-A -f 1 -p 10\n"),
		   "-E -f 1 -s wlc -p 10\n");
	CHECK_TEXT(plan("-A -f 1 --pe sip\n", "-A -f 1\n"), "-E -f 1 -s wlc\n");
	CHECK_TEXT(plan("-A -f 1 -s sh -b sh-port\n", "-A -f 1 -s sh\n"),
		   "-E -f 1 -s sh\n");
	CHECK_TEXT(plan("-A -f 1\n-a -f 1 -r 10.0.0.1 -i\n",
			"-A -f 1\n-a -f 1 -r 10.0.0.1 -i --tun-type gre\n"),
		   "-e -f 1 -r 10.0.0.1:0 -i -w 1 --tun-type gre --tun-nocsum\n");
	CHECK_TEXT(plan("-A -f 1\n-a -f 1 -r 10.0.0.1 -i --tun-type gue --tun-port 6\n",
			"-A -f 1\n-a -f 1 -r 10.0.0.1 -i --tun-type gue --tun-port 5\n"),
		   "-e -f 1 -r 10.0.0.1:0 -i -w 1 --tun-type gue --tun-port 5 --tun-nocsum\n");
	CHECK_TEXT(plan("-A -f 1\n-a -f 1 -r 10.0.0.1 -m\n",
			"-A -f 1\n-a -f 1 -r 10.0.0.1 -g\n"),
		   "-e -f 1 -r 10.0.0.1:0 -g -w 1\n");
}

/* The kernel says of a server that is this host that it is local. */
static void test_local(void)
{
	struct list changes = { 0 };
	struct svc_entry *entry;
	struct server *server;

	CHECK(!parse(&have, WEB ONE));
	CHECK(!parse(&want, WEB ONE));
	entry = have.entries.item[0];
	server = entry->servers.item[0];
	server->dst.fwd = IP_VS_CONN_F_LOCALNODE;
	CHECK(!diff_make(&changes, &have, &want) && !changes.len);
	CHECK(!parse(&want, WEB "-a -t 192.0.2.1:80 -r 10.0.0.1 -m\n"));
	CHECK(!diff_make(&changes, &have, &want) && changes.len == 1);
	list_free(&changes);
}

/* A random table, as text: few enough things that two have much in common. */
static char *random_table(unsigned int *seed)
{
	static const char *const scheds[] = { "rr", "wrr", "lc" };
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	for (int i = 1; i < 12; i++) {
		if (rand_r(seed) % 3 == 0)
			continue;
		fprintf(out, "-A -f %d -s %s\n", i, scheds[rand_r(seed) % 3]);
		for (int j = 1; j < 9; j++)
			if (rand_r(seed) % 3)
				fprintf(out, "-a -f %d -r 10.0.0.%d -m -w %d\n",
					i, j, rand_r(seed) % 3);
	}
	fclose(out);
	return text;
}

static void apply(struct table *table, const struct change *change)
{
	struct server *server = NULL;
	struct svc_entry *entry;

	CHECK(!table_find(table, change->svc, &entry));
	CHECK(!entry == (change->cmd == CMD_ADD_SERVICE));
	if (change->dst && entry) {
		CHECK(!entry_find(entry, change->dst, &server));
		CHECK(!server == (change->cmd == CMD_ADD_DEST));
	}
	switch (change->cmd) {
	case CMD_ADD_SERVICE:
		CHECK(table_add(table, change->svc, 0));
		break;
	case CMD_EDIT_SERVICE:
		entry->svc = *change->svc;
		break;
	case CMD_ADD_DEST:
		CHECK(!entry_add(entry, change->dst, 0));
		break;
	case CMD_EDIT_DEST:
		server->dst = *change->dst;
		break;
	case CMD_DEL_SERVICE:
	case CMD_DEL_DEST:
		/* Marked, for copy_kept(). */
		if (change->dst)
			server->dst.weight = UINT32_MAX;
		else
			entry->svc.timeout = UINT32_MAX;
		break;
	default:
		CHECK(false);
	}
}

static void copy_kept(struct table *to, const struct table *from)
{
	for (size_t i = 0; i < from->entries.len; i++) {
		const struct svc_entry *entry = from->entries.item[i];
		struct svc_entry *copy;

		if (entry->svc.timeout == UINT32_MAX)
			continue;
		copy = table_add(to, &entry->svc, 0);
		for (size_t j = 0; j < entry->servers.len; j++) {
			const struct server *server = entry->servers.item[j];

			if (server->dst.weight != UINT32_MAX)
				entry_add(copy, &server->dst, 0);
		}
	}
}

/* The plan leads there, and from there nothing is left to do. */
static void test_random(void)
{
	unsigned int seed = 7;

	for (int round = 0; round < 200; round++) {
		struct list changes = { 0 };
		struct table result = { 0 };
		char *from = random_table(&seed), *to = random_table(&seed);

		CHECK(!parse(&have, from) && !parse(&want, to));
		CHECK(!diff_make(&changes, &have, &want));
		for (size_t i = 0; i < changes.len; i++)
			apply(&have, changes.item[i]);
		copy_kept(&result, &have);
		list_free(&changes);
		CHECK(!diff_make(&changes, &result, &want));
		CHECK(!changes.len);
		list_free(&changes);
		table_free(&result);
		free(from);
		free(to);
	}
}

const struct test diff_tests[] = {
	{ "diff: files of rules", test_files },
	{ "diff: what a file changes again", test_edits },
	{ "diff: complaints about a file", test_complaints },
	{ "diff: steps from one table to another", test_steps },
	{ "diff: what makes no difference is not changed", test_sameness },
	{ "diff: a server that is this host", test_local },
	{ "diff: random tables become each other", test_random },
	{}
};
