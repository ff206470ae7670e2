// SPDX-License-Identifier: GPL-2.0-only
/*
 * The worked examples of spec/schedulers.md 17, most of them captured from the
 * in-tree module, as scripts.  Servers are A = 10.2.0.1, B = .2 ...; "-" is
 * nobody.
 *
 *	fresh NAME		a new service with this scheduler; mark: one found
 *	markfresh NAME		by mark; v6fresh: IPv6
 *	change NAME		another scheduler
 *	flags N			scheduler flags of the service
 *	add A1 B2/4,2		weight/upper,lower threshold
 *	edit A0 B2/4,2		thresholds stay unless given
 *	del A
 *	udp X Y, tcp X Y	connections and who gets them; tcp are active
 *	close A			its active connections become inactive
 *	close 1 2		those connections do
 *	open A1/256		active/inactive connections that are just there
 *	counts A1/256		who has how many
 *	dst 1A 2B		tcp to 10.9.1.1 ... of a mark service
 *	src 5A			udp from 10.1.0.5, port 0 of no matter
 *	port 5:1024A		udp from 10.1.0.5 port 1024
 *	icmp 5:1024A		an error that quotes our answer to that client
 *	src6 10:2A		udp from fd01::10:2; 10:2/1024A: from that port
 *	log none|plain|full	what the last pick logged
 *	wait MS
 *	draw 3,4=A		with these lots
 */
#include <linux/jiffies.h>
#include <linux/random.h>

#include "host.h"
#include "sched_tests.h"
#include "world.h"

#define MAX_LINES 40
#define MAX_CONNS 1000

struct example {
	const char *title;
	const char *line[MAX_LINES];
};

struct stage {
	const char *line;	/* for messages */
	struct world *w;
	struct { struct server *s; bool active; } conn[MAX_CONNS];
	unsigned int n_conns;
	/* idle connections that open made */
	unsigned int extra[26];
};

static struct server *server(struct stage *st, char letter)
{
	return letter == '-' ? NULL : st->w->by_id[letter - 'A' + 1];
}

static char letter(const struct server *s)
{
	return s ? 'A' + s->id - 1 : '-';
}

static void open_conn(struct stage *st, struct server *s, bool active)
{
	world_bind(s);
	if (active)
		world_activate(s, true);
	st->conn[st->n_conns].s = s;
	st->conn[st->n_conns++].active = active;
}

static void pick(struct stage *st, const struct ip_vs_packet *pkt, char want,
		 bool active)
{
	struct server *s = world_pick(st->w, pkt);

	if (letter(s) != want)
		check_fail("%s: %c got it instead of %c", st->line, letter(s),
			   want);
	if (s)
		open_conn(st, s, active);
}

static void end_stage(struct stage *st)
{
	while (st->n_conns--)
		world_unbind(st->conn[st->n_conns].s,
			     st->conn[st->n_conns].active);
	st->n_conns = 0;
	if (st->w)
		world_free(st->w);
	st->w = NULL;
}

/* --- the words --- */

static void do_fresh(struct stage *st, char *arg, u16 af, u32 mark)
{
	end_stage(st);
	st->w = world_new(af, mark);
	world_schedule(st->w, arg);
}

static void fresh(struct stage *st, char *arg)
{
	do_fresh(st, arg, AF_INET, 0);
}

static void markfresh(struct stage *st, char *arg)
{
	do_fresh(st, arg, AF_INET, 17);
}

static void v6fresh(struct stage *st, char *arg)
{
	do_fresh(st, arg, AF_INET6, 0);
}

static void change(struct stage *st, char *arg)
{
	world_schedule(st->w, arg);
}

static void flags(struct stage *st, char *arg)
{
	st->w->svc.flags = strtoul(arg, NULL, 0);
}

/* "2/4,2": the numbers given; the others stay as they are */
static void numbers(const char *text, char sep, unsigned int *n)
{
	*n++ = strtoul(text, (char **)&text, 10);
	while (*text == sep || *text == ',')
		*n++ = strtoul(text + 1, (char **)&text, 10);
}

static void add(struct stage *st, char *arg)
{
	unsigned int n[3] = {};
	struct server *s;

	numbers(arg + 1, '/', n);
	s = world_add(st->w, *arg - 'A' + 1, n[0]);
	if (n[1])
		world_edit(s, n[0], n[1], n[2]);
}

static void edit(struct stage *st, char *arg)
{
	struct server *s = server(st, *arg);
	unsigned int n[3] = { 0, s->d.u_threshold, s->d.l_threshold };

	numbers(arg + 1, '/', n);
	world_edit(s, n[0], n[1], n[2]);
}

static void del(struct stage *st, char *arg)
{
	world_del(server(st, *arg));
}

static void udp(struct stage *st, char *arg)
{
	struct ip_vs_packet pkt = packet4(0x0a010005, 1024, 0x0a090001, 80,
					  IPPROTO_UDP);

	pick(st, &pkt, *arg, false);
}

static void tcp(struct stage *st, char *arg)
{
	struct ip_vs_packet pkt = packet4(0x0a010005, 1024, 0x0a090001, 80,
					  IPPROTO_TCP);

	pick(st, &pkt, *arg, true);
}

static void close_conns(struct stage *st, char *arg)
{
	unsigned int i, number = strtoul(arg, NULL, 10);

	for (i = 0; i < st->n_conns; i++) {
		if (!st->conn[i].active ||
		    (number ? i + 1 != number : letter(st->conn[i].s) != *arg))
			continue;
		st->conn[i].active = false;
		world_activate(st->conn[i].s, false);
	}
}

static void open_conns(struct stage *st, char *arg)
{
	unsigned int n[2] = {};

	for (numbers(arg + 1, '/', n); n[0]; n[0]--)
		open_conn(st, server(st, *arg), true);
	for (; n[1]; n[1]--)
		open_conn(st, server(st, *arg), false);
}

static void counts(struct stage *st, char *arg)
{
	const struct ip_vs_dest *d = &server(st, *arg)->d;
	unsigned int n[2] = {};

	numbers(arg + 1, '/', n);
	if (atomic_read(&d->active) != n[0] || ip_vs_dest_inactive(d) != n[1])
		check_fail("%s: %c has %d/%d", st->line, *arg,
			   atomic_read(&d->active), ip_vs_dest_inactive(d));
}

static void dst(struct stage *st, char *arg)
{
	unsigned int n = strtoul(arg, &arg, 10);
	struct ip_vs_packet pkt = packet4(0x0a010005, 1024, 0x0a090100 + n, 80,
					  IPPROTO_TCP);

	pick(st, &pkt, *arg, true);
}

static void client(struct stage *st, char *arg, bool quoted)
{
	unsigned int n[2] = {};
	u32 addr;

	numbers(arg, ':', n);
	addr = 0x0a010000 + n[0];
	struct ip_vs_packet pkt =
		quoted ? packet4(0x0a090001, 80, addr, n[1], IPPROTO_UDP) :
			 packet4(addr, n[1], 0x0a090001, 80, IPPROTO_UDP);

	pkt.quoted = quoted;
	pick(st, &pkt, arg[strlen(arg) - 1], false);
}

static void src(struct stage *st, char *arg)
{
	client(st, arg, false);
}

static void icmp(struct stage *st, char *arg)
{
	client(st, arg, true);
}

static void src6(struct stage *st, char *arg)
{
	struct ip_vs_packet pkt = {
		.af = AF_INET6, .proto = IPPROTO_UDP, .has_l4 = true,
		.key.v6 = { .dport = htons(80), .proto = IPPROTO_UDP },
	};
	char who = arg[strlen(arg) - 1], text[64], *slash;

	snprintf(text, sizeof(text), "fd01::%s", arg);
	text[strlen(text) - 1] = 0;
	slash = strchr(text, '/');
	if (slash) {
		*slash = 0;
		pkt.key.v6.sport = htons(atoi(slash + 1));
	}
	if (inet_pton(AF_INET6, text, &pkt.key.v6.saddr) != 1)
		check_fail("%s: not an address", text);
	pick(st, &pkt, who, false);
}

static void log_was(struct stage *st, char *arg)
{
	static const char *const word[] = {
		[SILENT] = "none", [PLAIN] = "plain", [OVERLOADED] = "full",
	};

	if (strcmp(arg, word[st->w->complaint]))
		check_fail("%s: logged: %s", st->line, word[st->w->complaint]);
}

static void wait_ms(struct stage *st, char *arg)
{
	shim_advance(strtoul(arg, NULL, 10) * HZ / 1000);
}

static void expiration(struct stage *st, char *arg)
{
	st->w->ivn.settings.lblcr_expiration = atoi(arg) * HZ;
}

/* A random number that scales to lot @r of 0 ... @sum. */
static u64 random_for(u64 r, u64 sum)
{
	unsigned int bit;
	u64 quotient = 0;

	/* (r << 64) / (sum + 1), by hand for want of wider numbers */
	for (bit = 0; bit < 64; bit++) {
		r <<= 1;
		quotient <<= 1;
		if (r > sum) {
			r -= sum + 1;
			quotient |= 1;
		}
	}
	return quotient + 1;
}

static void draw(struct stage *st, char *arg)
{
	struct ip_vs_packet pkt = packet4(0x0a010005, 1024, 0x0a090001, 80,
					  IPPROTO_TCP);
	unsigned int r[2], i;
	struct server *s;
	u64 sum = 0;

	for (i = 0; i < st->w->n; i++)
		sum += st->w->order[i]->d.weight;
	numbers(arg, ',', r);
	shim_random[0] = random_for(r[0], sum);
	shim_random[1] = random_for(r[1], sum);
	shim_random_n = 2;
	s = world_pick(st->w, &pkt);
	if (letter(s) != arg[strlen(arg) - 1])
		check_fail("%s: %s: %c", st->line, arg, letter(s));
}

/* --- the interpreter --- */

static const struct {
	const char *word;
	void (*fn)(struct stage *st, char *arg);
} words[] = {
	{ "fresh", fresh }, { "markfresh", markfresh }, { "v6fresh", v6fresh },
	{ "change", change }, { "flags", flags }, { "add", add },
	{ "edit", edit }, { "del", del }, { "udp", udp }, { "tcp", tcp },
	{ "close", close_conns }, { "open", open_conns }, { "counts", counts },
	{ "dst", dst }, { "src", src }, { "port", src }, { "icmp", icmp },
	{ "src6", src6 }, { "log", log_was }, { "wait", wait_ms },
	{ "expiration", expiration }, { "draw", draw },
};

static void play_line(struct stage *st, const char *line)
{
	char copy[256], *word, *arg, *save;
	size_t i;

	snprintf(copy, sizeof(copy), "%s", line);
	st->line = line;
	word = strtok_r(copy, " ", &save);
	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(words[i].word, word))
			break;
	if (i == ARRAY_SIZE(words)) {
		check_fail("no such word: %s", word);
		return;
	}
	while ((arg = strtok_r(NULL, " ", &save)))
		words[i].fn(st, arg);
}

static void play(const void *arg)
{
	const struct example *ex = arg;
	struct stage *st = calloc(1, sizeof(*st));
	size_t i;

	for (i = 0; i < MAX_LINES && ex->line[i]; i++)
		play_line(st, ex->line[i]);
	end_stage(st);
	free(st);
}

static const struct example all[] = {
	{ "17.1 rr", {
		"fresh rr", "add A1 B1 C1", "udp C B A C B A",
		"edit B0", "udp C A C A C",
		"add D1", "udp A D C A D C",
		"edit B1", "udp B A D C",
		"del C", "udp B A D B A D",
		"add C1", "udp B A C D B",
		"udp A C D",
		"change wlc", "change rr", "udp C D B A C",
		"edit A0 B0 C0 D0", "udp - -", "log plain",
		"edit A1 C3", "udp A C A C",
		"fresh rr", "add A1 B1 C1", "udp C B", "del B", "udp A C A",
	} },
	{ "17.2 wrr", {
		"fresh wrr", "add A1 B2 C4", "udp C B A C C C B C B A C C C B",
		"edit C1", "udp B C B A B C B A",
		"edit B0", "udp C A C A",
		"fresh wrr", "add A2 B4 C6", "udp C B A C C B C B A C C B",
		"add D3", "udp D C B D C B A D C B A C C C B",
		"del C", "udp B D B D B A D B A",
		"fresh wrr", "add A4 B3 C2 D1",
		"udp D C B A A B A C B A D C B A A B A C B A",
		"fresh wrr", "add A3 B1 C2", "udp C B A A C A C B A A C A",
		"edit A3/1", "udp C C B C C B",
		"edit A3/0", "udp C B A A C A C B",
		"fresh wlc", "add A1 B2 C4", "change wrr",
		"udp C C C B C B A C C C B C B A",
		"edit A0 B0 C0", "udp - -", "log plain",
		"fresh wrr", "add A1", "open A0/1", "edit A1/1", "udp - -",
		"log full",
	} },
	{ "17.3 lc", {
		"fresh lc", "add A1 B1 C5", "tcp C B A C B A",
		"counts C2/0 B2/0 A2/0",
		"close 1 2", "counts C1/1 B1/1 A2/0",
		"tcp C B A C", "counts C3/1 B2/1 A3/0",
		"edit A0", "tcp B C B", "counts C4/1 B4/1 A3/0",
		"markfresh lc", "add B1 A1", "open A1/0 B0/256", "udp B A B",
	} },
	{ "17.4 wlc", {
		"fresh wlc", "add A1 B2 C3", "tcp C B A C B C C B A C B C",
		"counts C6/0 B4/0 A2/0",
		"close C", "counts C0/6 B4/0 A2/0",
		"tcp C C C C C C", "counts C6/6 B4/0 A2/0",
	} },
	{ "17.5 sed", {
		"fresh sed", "add A1 B2 C3", "tcp C B C C B A C B C C B A",
		"counts C6/0 B4/0 A2/0",
		"close C", "tcp C C C C", "counts C4/6 B4/0 A2/0",
	} },
	{ "17.6 nq", {
		"fresh nq", "add A1 B2 C3", "tcp C B A C C B C B C C B A",
		"counts C6/0 B4/0 A2/0",
		"close A", "tcp A A C B", "counts C7/0 B5/0 A2/2",
		"fresh nq", "add A1 B9", "tcp B A B B",
	} },
	{ "17.7 fo", {
		"fresh fo", "add A1 B5 C5", "tcp C C C",
		"edit C5/4", "tcp C B B",
		"edit B0", "tcp A A A",
		"edit C5/9", "tcp C C C",
	} },
	{ "17.8 ovf", {
		"fresh ovf", "add A1 B2 C3", "tcp C C C C B B B A A - - -",
		"counts C4/0 B3/0 A2/0",
		"close C", "tcp C C C", "counts C3/4 B3/0 A2/0",
		"fresh ovf", "add A2 B2", "tcp B B B A A A -",
	} },
	{ "17.9 lblc", {
		"markfresh lblc", "add A1 B2 C3",
		"dst 1C 2B 3A 1C 1C 2B 3A 3A 3A 1C 1C 1C 3A 3A",
		"edit C8", "dst 1C 2B 3A 4C 3A 3A",
		"edit C0", "dst 1B 1B",
		"edit C8", "dst 1B",
		"markfresh lblc", "add A1", "dst 1A 1A 2A",
		"add B8", "dst 1B 1B 2B 1B 1B 1B 1B 2B 2B 1B 1B 1B",
		"add C30", "dst 1C 1C 2C 1C",
		"del C", "dst 1B 1B",
		"add C30", "dst 1C 1C 2C",
		"markfresh lblc", "add A20/2", "dst 1A 1A",
		"add B20", "dst 1A 1A 2B",
	} },
	{ "17.10 lblcr", {
		"markfresh lblcr", "expiration 5", "add A1 B2 C3",
		"dst 1C 1C 1C 1C 1B 1B 1B 1A",
		"dst 2A 3C", "counts C5/0 B3/0 A2/0",
		"edit A30 B30 C30", "dst 1A 1A 1B", "counts C5/0 B4/0 A4/0",
		"wait 5500", "dst 1A 1B",
		"wait 5500", "dst 1A 1B 1B",
		"wait 5500", "dst 1B 1B 1B",
		"markfresh lblcr", "add A0", "dst 1-", "log none",
		"edit A1", "dst 1A", "edit A0", "dst 1-", "log plain",
	} },
	{ "17.11 dh", {
		"markfresh dh", "add A1 B2 C3",
		"dst 1C 2B 3C 4A 5A 6B 7C 8B 9C 10C 11A 12B",
		"edit C0", "dst 1- 2B 3- 4A 5A 6B 7- 8B 9- 10- 11A 12B",
	} },
	{ "17.12 sh", {
		"fresh sh", "add A1 B2 C3",
		"src 2B 3A 4C 5A 6C 7C 8C 9C 10C 11C 12B 13C",
		"edit C0", "src 2A 3B 4A 5B 6B 7- 8B 9- 10B 11A 12B 13A",
		"flags 8", "src 2A 3B 4A 5B 6B 7B 8B 9B 10B 11A 12B 13A",
		"fresh sh", "flags 16", "add A1 B2 C3",
		"port 2:5201C 3:5202C 4:5203C 5:5204A 6:5205A 7:5206B",
		"port 8:5207B 9:5208B 10:5209C 11:5210C 12:5211C 13:5212C",
		"fresh sh", "flags 16", "add A1 B1 C1",
		"icmp 30:6000C 31:6001C 32:6002A 33:6003C 34:6004A 35:6005A",
		"icmp 36:6006B 37:6007A",
		"port 30:6000C 31:6001C 32:6002A 33:6003C 34:6004A 35:6005A",
		"v6fresh sh", "flags 16", "add A1 B2 C3",
		"src6 10:2/20001B 11:3/20002B 12:4/20003C 13:5/20004B",
		"src6 14:6/20005C 15:7/20006C 16:8/20007C 17:9/20008C",
		"src6 18:10/20009C 19:11/20010B",
	} },
	{ "17.13 mh", {
		"fresh mh", "add A1 B2 C3",
		"src 2B 3B 4A 5C 6C 7C 8B 9C 10A 11C 12C 13B",
		"edit C0", "src 2B 3B 4A 5- 6- 7- 8B 9- 10A 11- 12- 13B",
		"flags 8", "src 2B 3B 4A 5B 6B 7B 8B 9A 10A 11A 12B 13B",
		"fresh mh", "flags 16", "add A1 B2 C3",
		"port 2:5341C 3:5342C 4:5343B 5:5344C 6:5345A 7:5346B",
		"port 8:5347B 9:5348C 10:5349B 11:5350C 12:5351C 13:5352B",
		"v6fresh mh", "add A1 B2 C3",
		"src6 10:2C 11:3C 12:4A 13:5B 14:6C 15:7A 16:8C 17:9A 18:10B",
		"src6 19:11B",
		"fresh mh", "add A0", "src 2- 3- 4-", "add B2",
		"src 2B 3B 4B 5B", "edit A2", "edit A0",
		"src 50- 51- 52B 53- 54B 55B 56B 57B 58B 59- 60B 61B 62-",
		"src 63B 64B 65B 66- 67B 68B 69B 70- 71- 72B 73B",
	} },
	{ "17.14 twos", {
		"fresh twos", "add A1 B2 C3", "draw 0,5=C 5,0=B 1,1=C 6,6=A",
		"open C1", "draw 3,4=B",
		"fresh twos", "add A1 B2 C3", "open B1", "draw 4,6=A",
		"fresh twos", "add A1 B2 C3", "open A1 C1", "draw 6,2=C 2,6=C",
		"fresh twos", "add A1 B2 C3", "open B2 C3", "draw 4,3=B 3,4=C",
		"fresh twos", "add A1 B2 C3", "open C5", "draw 1,1=C",
		"fresh twos", "add A1 B2 C3", "open B3 A2", "draw 5,6=B 6,5=B",
	} },
};

void examples(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(all); i++)
		check_test(all[i].title, play, &all[i]);
}
