// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words of a command line to one request
 *
 * Which option a word is and which word is its value, popt knows; for lines of
 * nothing but short options, which long files are made of, a few lines here do.
 * The table of commands is here, that of options in rule.c.
 */
#include "args/options.h"

#include "args/hints.h"
#include "args/legal.h"
#include "args/parse.h"
#include "args/rule.h"
#include "model/errors.h"
#include "model/util.h"

#include <errno.h>
#include <limits.h>
#include <popt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INTERVAL_MAX	3600

/**
 * struct scan - a command line while it is read
 * @req: the request so far
 * @popt: where the words come from; NULL for a line of short options
 * @next: the next word of such a line
 * @arg: value of the option read last, or NULL
 * @copy: the same, if it is to be freed
 */
struct scan {
	struct request *req;
	poptContext popt;
	const char **next;
	const char *arg;
	char *copy;
};

/* Appends to the message; only people at a terminal get to see it. */
static void __printf(2, 3) request_advise(struct request *req, const char *fmt, ...)
{
	char *first = req->message, *more;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vasprintf(&more, fmt, args);
	va_end(args);
	if (len < 0)
		return;
	if (!first ||
	    asprintf(&req->message, "%s\nipvsadm: %s", first, more) < 0)
		req->message = first;
	else
		free(first);
	free(more);
}

static void request_advise_value(struct request *req, const char *lname,
				 const char *want, const char *arg)
{
	if (hints_wanted() && *want)
		request_advise(req, "--%s wants %s, not `%s'", lname, want, arg);
}

static enum verdict scan_daemon(struct scan *s, const char *state)
{
	bool start = s->req->cmd == CMD_START_DAEMON;
	uint32_t *out = &s->req->daemon.state;

	if (!strcmp(state, "master")) {
		*out = IP_VS_STATE_MASTER;
	} else if (!strcmp(state, "backup")) {
		*out = IP_VS_STATE_BACKUP;
	} else {
		refuse(s->req, "illegal %s specified",
		       start ? "start-daemon parameter" : "start_daemon");
		request_advise_value(s->req, start ? "start-daemon" : "stop-daemon",
				     "master or backup", state);
		return REQ_REFUSED;
	}
	strcpy(s->req->daemon.ifname, start ? "eth0" : "");
	return REQ_OK;
}

static enum verdict scan_interval(struct scan *s, const char *seconds)
{
	s->req->interval = 1;
	if (!*seconds || parse_number(seconds, 1, INTERVAL_MAX,
				      &s->req->interval))
		return REQ_OK;
	return refuse(s->req, "invalid interval `%s', seconds from 1 to %d",
		      seconds, INTERVAL_MAX);
}

#define STR		POPT_ARG_STRING
#define OPTIONAL	(POPT_ARG_STRING | POPT_ARGFLAG_OPTIONAL)

static const struct {
	enum command cmd;
	const char *lname;
	char sname;
	unsigned int arg;
	enum verdict (*take)(struct scan *s, const char *arg);
} commands[] = {
	{ CMD_ADD_DEST, "add-server", 'a', 0, NULL },
	{ CMD_ADD_SERVICE, "add-service", 'A', 0, NULL },
	{ CMD_EDIT_SERVICE, "edit-service", 'E', 0, NULL },
	{ CMD_DEL_SERVICE, "delete-service", 'D', 0, NULL },
	{ CMD_FLUSH, "clear", 'C', 0, NULL },
	{ CMD_LIST, "list", 'L', 0, NULL },
	{ CMD_LIST, NULL, 'l', 0, NULL },
	{ CMD_DEL_DEST, "delete-server", 'd', 0, NULL },
	{ CMD_EDIT_DEST, "edit-server", 'e', 0, NULL },
	{ CMD_SET, "set", 0, 0, NULL },
	{ CMD_START_DAEMON, "start-daemon", 0, STR, scan_daemon },
	{ CMD_STOP_DAEMON, "stop-daemon", 0, STR, scan_daemon },
	{ CMD_RESTORE, "restore", 'R', 0, NULL },
	{ CMD_SAVE, "save", 'S', 0, NULL },
	{ CMD_ZERO, "zero", 'Z', 0, NULL },
	{ CMD_KILL, "kill", 'K', 0, NULL },
	{ CMD_MONITOR, "monitor", 0, 0, NULL },
	{ CMD_WATCH, "watch", 0, OPTIONAL, scan_interval },
	{ CMD_HELP, "help", 'h', 0, NULL },
	{ CMD_VERSION, "version", 'v', 0, NULL },
};

#define N_COMMANDS	((int)ARRAY_SIZE(commands))

/* Each option's number is 1 + its index: commands first, then rules. */
static const struct poptOption *popt_table(void)
{
	static struct poptOption table[N_COMMANDS + RULES_MAX + 1];
	int n = 0;

	if (table[0].val)
		return table;
	for (int i = 0; i < N_COMMANDS; i++, n++)
		table[n] = (struct poptOption){
			.longName = commands[i].lname,
			.shortName = commands[i].sname,
			.argInfo = commands[i].arg,
			.val = n + 1,
		};
	for (int i = 0; i < n_rules; i++, n++)
		table[n] = (struct poptOption){
			.longName = rules[i].lname,
			.shortName = rules[i].sname,
			.argInfo = rules[i].arg,
			.val = n + 1,
		};
	return table;
}

/* The option that a word such as -t is, or NULL. */
static const struct poptOption *short_option(const char *word)
{
	static const struct poptOption *by_letter[UCHAR_MAX + 1];
	static bool filled;

	for (const struct poptOption *o = popt_table(); o->val && !filled; o++)
		by_letter[(unsigned char)o->shortName] = o;
	by_letter[0] = NULL;
	filled = true;
	return word[0] == '-' && word[1] && !word[2] ?
	       by_letter[(unsigned char)word[1]] : NULL;
}

/*
 * Reads one option: a word of two characters, and the next word as its value.
 * An optional value is absent when the next word begins with a dash. Returns
 * false for everything that is left to popt: long options, several options in a
 * word, a value in the same word, a missing value, words that are not options.
 */
static bool short_next(const char ***next, const struct poptOption **option,
		       const char **arg)
{
	const struct poptOption *o = short_option(**next);
	const char *value = o && o->argInfo ? (*next)[1] : NULL;

	if (!o || (value && value[0] == '-' && o->argInfo == STR))
		return false;
	if (value && value[0] == '-')
		value = NULL;
	if (!value && o->argInfo == STR)
		return false;
	*next += value ? 2 : 1;
	*option = o;
	*arg = value;
	return true;
}

static bool is_short(const char **argv)
{
	const struct poptOption *option;
	const char **next = argv + 1;
	const char *arg;

	while (*next)
		if (!short_next(&next, &option, &arg))
			return false;
	return true;
}

#define INSERT		"!#:+"

/*
 * popt replaces this text by the next non-option word; without one it loops for
 * ever.
 */
static const char *find_insert(int argc, const char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strstr(argv[i], INSERT))
			return argv[i];
	return NULL;
}

/**
 * options_hint() - refuse a request with no more than where to get help
 * @req: the request
 *
 * Return: REQ_TRY.
 */
enum verdict options_hint(struct request *req)
{
	refuse(req, "Try `%s -h' or '%s --help' for more information.",
	       req->prog, req->prog);
	return REQ_TRY;
}

static void hint_consider(struct hint *hint, const char *lname)
{
	if (lname)
		hints_consider(hint, lname);
}

static void request_advise_option(struct request *req, const char *word,
				  bool want_command)
{
	struct hint hint;

	if (!hints_wanted() || !word)
		return;
	hints_begin(&hint, word + strspn(word, "-"));
	for (int i = 0; i < N_COMMANDS; i++)
		hint_consider(&hint, commands[i].lname);
	for (int i = 0; i < n_rules && !want_command; i++)
		hint_consider(&hint, rules[i].lname);
	if (*hint.word && hint.word[1] && hint.best)
		request_advise(req, "did you mean --%s?", hint.best);
	else if (want_command)
		request_advise(req, "the first option must be a command, such as %s",
			       "-L, -A or -a");
}

#define SORT		"--sort="
#define SORT_KEY	INT_MAX

/*
 * The number of the next option, with its value in @s->arg; -1 behind the last,
 * or what popt says is wrong. --sort has no value, --sort=KEY has one: to popt the
 * latter is an error, as it is for the tool of old.
 */
static int scan_next(struct scan *s)
{
	const struct poptOption *option;
	int c;

	free(s->copy);
	s->copy = NULL;
	s->arg = NULL;
	if (!s->popt)
		return *s->next && short_next(&s->next, &option, &s->arg) ?
		       option->val : -1;
	c = poptGetNextOpt(s->popt);
	s->copy = poptGetOptArg(s->popt);
	s->arg = s->copy;
	if (c == POPT_ERROR_UNWANTEDARG &&
	    !strncmp(poptBadOption(s->popt, 0), SORT, strlen(SORT)))
		return SORT_KEY;
	return c;
}

static bool scan_begin(struct scan *s, int argc, const char **argv)
{
	s->next = argv + 1;
	if (is_short(argv))
		return true;
	s->popt = poptGetContext("ipvsadm", argc, argv, popt_table(), 0);
	return s->popt;
}

static void scan_end(struct scan *s)
{
	free(s->copy);
	poptFreeContext(s->popt);
}

/* The word read last, for messages. */
static const char *scan_word_read(const struct scan *s)
{
	return s->popt ? poptBadOption(s->popt, 0) : s->next[-1];
}

static enum verdict scan_command(struct scan *s)
{
	int c = scan_next(s);

	if (c < 1 || c > N_COMMANDS) {
		options_hint(s->req);
		request_advise_option(s->req, c == -1 ? "" : scan_word_read(s), true);
		return REQ_TRY;
	}
	s->req->cmd = commands[c - 1].cmd;
	if (!commands[c - 1].take)
		return REQ_OK;
	return commands[c - 1].take(s, s->arg ? s->arg : "");
}

static enum verdict scan_option(struct scan *s, const struct rule *rule)
{
	enum verdict v = REQ_OK;
	char want[80];

	if (rule->opt != OPT_MAX) {
		if (has(s->req, rule->opt))
			return refuse(s->req, "multiple '%s' options specified",
				      option_name(rule->opt));
		s->req->given |= UINT64_C(1) << rule->opt;
	}
	if (rule->take)
		v = rule->take(s->req, rule, s->arg);
	if (v && s->arg) {
		rule_want(rule, want, sizeof(want));
		request_advise_value(s->req, rule->lname, want, s->arg);
	}
	return v;
}

static enum verdict scan_sort_key(struct scan *s)
{
	const char *key = scan_word_read(s) + strlen(SORT);

	s->req->given |= UINT64_C(1) << OPT_SORT_KEY;
	if (parse_conn_order(key, &s->req->order))
		return REQ_OK;
	return refuse(s->req, "invalid sort key `%s', wanted is expire, state or client",
		      key);
}

static enum verdict scan_word(struct scan *s, int c)
{
	if (c == SORT_KEY)
		return scan_sort_key(s);
	if (c > N_COMMANDS)
		return scan_option(s, &rules[c - N_COMMANDS - 1]);
	return refuse(s->req, "invalid option `%s'",
		      scan_word_read(s));
}

static enum verdict scan_options(struct scan *s)
{
	enum verdict v = REQ_OK;
	int c;

	while (!v && (c = scan_next(s)) >= 0)
		v = scan_word(s, c);
	if (v || c == -1)
		return v;
	refuse(s->req, "%s: %s",
	       poptBadOption(s->popt, POPT_BADOPTION_NOALIAS),
	       poptStrerror(c));
	if (c == POPT_ERROR_BADOPT)
		request_advise_option(s->req,
				      poptBadOption(s->popt, POPT_BADOPTION_NOALIAS),
				      false);
	return REQ_SCAN;
}

static enum verdict scan_timeouts(struct scan *s)
{
	uint32_t *const out[] = {
		&s->req->timeouts.tcp,
		&s->req->timeouts.tcp_fin,
		&s->req->timeouts.udp
	};
	enum verdict v = REQ_OK;
	const char *word[3];

	for (int i = 0; i < 3; i++) {
		word[i] = poptGetArg(s->popt);
		if (!word[i])
			return refuse(s->req,
				      "--set option requires 3 timeout values");
	}
	for (int i = 0; i < 3 && !v; i++) {
		v = rule_timeout(s->req, word[i], 0, out[i]);
		if (v)
			request_advise_value(s->req, "set", "seconds from 0 to 2678400",
					     word[i]);
	}
	return v;
}

static enum verdict scan_line(struct scan *s)
{
	enum verdict v = scan_command(s);
	const char *rest;

	if (v || s->req->cmd >= CMD_LEGAL_MAX)
		return v;
	v = scan_options(s);
	if (!v && s->req->cmd == CMD_SET)
		v = scan_timeouts(s);
	if (v)
		return v;
	rest = s->popt ? poptGetArg(s->popt) : NULL;
	if (rest)
		return refuse(s->req, "unexpected argument %s", rest);
	return legal_check(s->req);
}

/**
 * options_parse() - read a command line
 * @argc: number of words, program name included
 * @argv: the words
 * @req: what they ask for; request_done() when finished with it
 *
 * Return: REQ_OK, or what became of it, with @req->message set.
 */
enum verdict options_parse(int argc, const char **argv, struct request *req)
{
	const char *insert = find_insert(argc, argv);
	struct scan s = { .req = req };
	enum verdict v;

	request_init(req, argv[0]);
	if (insert)
		return refuse(req, "%s stands for nothing: `%s'",
			      INSERT, insert);
	if (scan_begin(&s, argc, argv))
		v = scan_line(&s);
	else
		v = refuse(req, "%s", refusal_text(CMD_MAX, ENOMEM));
	scan_end(&s);
	return v;
}

/**
 * options_command() - look ahead for the command, quietly
 * @argc: number of words, program name included
 * @argv: the words
 *
 * Return: the command, or CMD_MAX if the first option is none.
 */
enum command options_command(int argc, const char **argv)
{
	struct scan s = { 0 };
	int c = -1;

	if (!find_insert(argc, argv) && scan_begin(&s, argc, argv))
		c = scan_next(&s);
	scan_end(&s);
	return c < 1 || c > N_COMMANDS ? CMD_MAX : commands[c - 1].cmd;
}
