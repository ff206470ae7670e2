// SPDX-License-Identifier: GPL-2.0-only
/*
 * ctlfuzz - everything a user may say to ip_vs, said wrong.
 *
 *   ctlfuzz [-v] SEED COUNT WORLD...
 *
 * A world is a network namespace made by ip-netns(8), or "foreign": user and network
 * namespaces of its own, of user nobody.  In each, at the same time, COUNT things are
 * done that SEED chooses, the same ones from the same seed: requests of both generic
 * netlink families over several sockets, socket options, reads of /proc/net/ip_vs*,
 * writes to net.ipv4.vs, packets that make connections.  -v says what, before it is
 * done.
 *
 * Two things are watched.  What was refused, and what only reads, has changed nothing
 * of the configuration; and no setting is where its user may not set it.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../include/uapi/linux/ip_vs_ext.h"
#include "ctlfuzz.h"

enum {
	SOCKETS = 6,
	WORLDS = 16,
	NOBODY = 65534,
	CHECK_EVERY = 250,	/* messages, then settings are looked at */
	PATIENCE_S = 60,	/* for an answer */
};

/* A generic netlink socket; what one dump leaves unread the next request finds. */
struct wire {
	int fd;
	uint32_t seq;
};

bool verbose;

static uint64_t state;
static const char *world;
static unsigned long done;
static struct wire wires[SOCKETS], watcher;
static uint16_t families[FAMILIES];

/* What this world's user did, and what became of it. */
static struct {
	unsigned long accepted, refused, silent, watched;
	double slowest;
	unsigned long slowest_at;
} sum;

_Noreturn void die(const char *format, ...)
{
	va_list args;

	printf("FAIL: world %s, number %lu: ", world ?: "-", done);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
	_exit(1);
}

/* --- chance --- */

/* xorshift64* */
unsigned int draw(unsigned int bound)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	state = state ?: 1;
	return bound ? (state * 0x2545f4914f6cdd1dULL >> 32) % bound :
		       state * 0x2545f4914f6cdd1dULL >> 32;
}

uint32_t number(void)
{
	static const uint32_t edges[] = {
		0, 1, 2, 7, 127, 128, 255, 256, 1023, 65535, 65536, 0x7fffffff, 0x80000000,
		0xfffffffe, 0xffffffff, 17179869, 17179870,
	};

	return rarely(4) ? draw(0) : edges[draw(ARRAY_SIZE(edges))];
}

void noise(void *to, unsigned int len)
{
	for (uint8_t *byte = to; len--; byte++)
		*byte = draw(256);
}

/* --- telling --- */

void tell(const char *what, int which, const void *data, unsigned int len)
{
	const uint8_t *byte = data;

	if (!verbose)
		return;
	printf("%s %lu %s %d ", world, done, what, which);
	for (unsigned int i = 0; i < len && i < 4096; i++)
		printf("%02x", byte[i]);
	putchar('\n');
	fflush(stdout);
}

void answered(int error)
{
	if (error)
		sum.refused++;
	else
		sum.accepted++;
	if (verbose)
		printf("  %s\n", error ? strerror(error) : "accepted");
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* --- sockets --- */

static void wire_open(struct wire *wire, bool plain)
{
	const struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	int small = draw(4096), on = 1;

	if (wire->fd > 0)
		close(wire->fd);
	wire->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (wire->fd < 0 || bind(wire->fd, (const struct sockaddr *)&any, sizeof(any)))
		die("no netlink socket: %s", strerror(errno));
	setsockopt(wire->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (plain)
		return;
	if (rarely(4))
		setsockopt(wire->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	if (rarely(2))
		setsockopt(wire->fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	if (rarely(4))
		setsockopt(wire->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	if (rarely(8))
		setsockopt(wire->fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
}

/* Sends what is built behind room for the header, and as @claimed bytes. */
static bool wire_send(struct wire *wire, struct message *m, uint16_t type,
		      uint16_t flags, unsigned int claimed)
{
	struct nlmsghdr *head = (struct nlmsghdr *)m->data;

	*head = (struct nlmsghdr){
		.nlmsg_len = claimed, .nlmsg_type = type,
		.nlmsg_flags = flags, .nlmsg_seq = ++wire->seq,
	};
	return send(wire->fd, m->data, m->len, 0) == (ssize_t)m->len;
}

/*
 * Reads answers until that to the last request is there, at most @limit of them.
 * Returns its errno; -1: it was not there.
 */
static int wire_read(struct wire *wire, unsigned int limit,
		     void (*seen)(const struct nlmsghdr *head))
{
	static char data[1 << 18];
	struct nlmsghdr *head;
	ssize_t got;
	int left;

	while (limit--) {
		got = recv(wire->fd, data, sizeof(data), seen ? 0 : MSG_DONTWAIT);
		if (got < 0 && errno == ENOBUFS)
			continue;
		if (got <= 0)
			return -1;
		left = got;
		for (head = (struct nlmsghdr *)data; NLMSG_OK(head, (unsigned int)left);
		     head = NLMSG_NEXT(head, left)) {
			if (head->nlmsg_seq != wire->seq)
				continue;
			if (head->nlmsg_type == NLMSG_ERROR || head->nlmsg_type == NLMSG_DONE)
				return -*(int *)NLMSG_DATA(head);
			if (seen)
				seen(head);
		}
	}
	return -1;
}

static void family_seen(const struct nlmsghdr *head)
{
	const struct nlattr *attr = (void *)((char *)NLMSG_DATA(head) + GENL_HDRLEN);
	int left = NLMSG_PAYLOAD(head, GENL_HDRLEN);

	while (left >= (int)sizeof(*attr) && attr->nla_len >= sizeof(*attr)) {
		if (attr->nla_type == CTRL_ATTR_FAMILY_ID)
			families[done] = *(const uint16_t *)(attr + 1);
		left -= NLA_ALIGN(attr->nla_len);
		attr = (void *)((char *)attr + NLA_ALIGN(attr->nla_len));
	}
}

static void families_find(void)
{
	static const char *const names[FAMILIES] = { IPVS_GENL_NAME, IPVS_EXT_GENL_NAME };
	static struct message m;

	for (done = 0; done < FAMILIES; done++) {
		const struct genlmsghdr head = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 };
		const struct nlattr attr = {
			.nla_len = sizeof(attr) + 16, .nla_type = CTRL_ATTR_FAMILY_NAME,
		};
		char name[16] = {};

		strcpy(name, names[done]);
		m.len = NLMSG_HDRLEN;
		put(&m, &head, sizeof(head));
		put(&m, &attr, sizeof(attr));
		put(&m, name, sizeof(name));
		if (!wire_send(&watcher, &m, GENL_ID_CTRL, NLM_F_REQUEST | NLM_F_ACK,
			       m.len) ||
		    wire_read(&watcher, 10, family_seen) || !families[done])
			die("no family %s", name);
	}
}

/* --- the configuration, as one number --- */

static uint64_t print;

static void print_bytes(const void *data, unsigned int len)
{
	const uint8_t *byte = data;

	while (len--)
		print = (print ^ *byte++) * 0x100000001b3ULL;
}

/* Counters are not configuration; these are what a nest has of them. */
static bool counter(unsigned int inside, unsigned int type)
{
	if (inside == IPVS_EXT_ATTR_SERVICE)
		return type == IPVS_SVC_ATTR_STATS || type == IPVS_SVC_ATTR_STATS64;
	return inside == IPVS_EXT_ATTR_DEST &&
	       ((type >= IPVS_DEST_ATTR_ACTIVE_CONNS && type <= IPVS_DEST_ATTR_STATS) ||
		type == IPVS_DEST_ATTR_STATS64);
}

static void print_attrs(const void *data, int left, unsigned int inside)
{
	const struct nlattr *attr = data;
	unsigned int type, len;

	while (left >= (int)sizeof(*attr) && attr->nla_len >= sizeof(*attr)) {
		type = attr->nla_type & NLA_TYPE_MASK;
		len = attr->nla_len - sizeof(*attr);
		if (!inside && type <= IPVS_EXT_ATTR_DAEMON)
			print_attrs(attr + 1, len, type);
		else if (!counter(inside, type))
			print_bytes(attr, attr->nla_len);
		left -= NLA_ALIGN(attr->nla_len);
		attr = (const void *)((const char *)attr + NLA_ALIGN(attr->nla_len));
	}
}

static void print_seen(const struct nlmsghdr *head)
{
	print_attrs((char *)NLMSG_DATA(head) + GENL_HDRLEN,
		    NLMSG_PAYLOAD(head, GENL_HDRLEN), 0);
}

static void print_ask(enum family family, uint8_t command, uint16_t flags)
{
	const struct genlmsghdr genl = { .cmd = command, .version = 1 };
	static struct message m;
	int err;

	m.len = NLMSG_HDRLEN;
	put(&m, &genl, sizeof(genl));
	if (!wire_send(&watcher, &m, families[family], NLM_F_REQUEST | NLM_F_ACK | flags,
		       m.len))
		die("cannot ask: %s", strerror(errno));
	err = wire_read(&watcher, ~0U, print_seen);
	if (err)
		die("listing command %u: %s", command,
		    err < 0 ? "no answer" : strerror(err));
}

/* Services, servers, daemons and timeouts. */
static uint64_t configuration(void)
{
	print = 0xcbf29ce484222325ULL;
	print_ask(IPVS_EXT, IPVS_EXT_CMD_GET_TABLE, NLM_F_DUMP);
	print_ask(IPVS, IPVS_CMD_GET_DAEMON, NLM_F_DUMP);
	print_ask(IPVS, IPVS_CMD_GET_CONFIG, 0);
	return print;
}

/* --- what is done --- */

static uint16_t flags_draw(const struct request *r)
{
	uint16_t flags = NLM_F_REQUEST | NLM_F_ACK;

	if (r->dump)
		flags |= NLM_F_DUMP;
	if (rarely(40))
		flags ^= 1U << draw(12);
	return flags;
}

static void request_once(void)
{
	struct wire *wire = &wires[draw(SOCKETS)];
	struct request r;
	static struct message m;
	uint64_t before = 0;
	unsigned int claimed;
	bool watch;
	int err;

	m.len = NLMSG_HDRLEN;
	message_draw(&m, &r);
	if (rarely(100))
		wire_open(wire, false);
	/* What came before is read, or not. */
	if (!rarely(4))
		wire_read(wire, ~0U, NULL);
	watch = rarely(r.family == IPVS_EXT && r.command == IPVS_EXT_CMD_COMMIT ? 2 : 12);
	claimed = m.len;
	if (rarely(200))
		claimed = rarely(2) ? number() : m.len + draw(33) - 16;
	if (watch)
		before = configuration();
	tell(r.family == IPVS ? "ipvs" : "ext", r.command, m.data + NLMSG_HDRLEN,
	     m.len - NLMSG_HDRLEN);
	if (!wire_send(wire, &m, rarely(300) ? number() : families[r.family], flags_draw(&r),
		       claimed)) {
		answered(errno);
		return;
	}
	/* A dump goes on as it is read: some are left in the middle. */
	err = wire_read(wire, r.dump && rarely(3) ? draw(4) : ~0U, NULL);
	if (err < 0)
		sum.silent++;
	else
		answered(err);
	if (!watch || err < 0 || !(err || r.reads))
		return;
	sum.watched++;
	if (configuration() != before)
		die("family %u command %u answered \"%s\" and changed the configuration",
		    r.family, r.command, strerror(err));
}

/* A packet from this host to one of its virtual addresses. */
static void packet_once(void)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(PICK(uint16_t, 53, 80, 21)),
		.sin_addr.s_addr = htonl(0x0a000000 | (rarely(2) ? 1 : 5)),
	};
	bool tcp = rarely(4);
	int fd = socket(AF_INET, (tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK |
			SOCK_CLOEXEC, 0), mark = draw(3);

	if (fd < 0)
		die("no socket: %s", strerror(errno));
	tell(tcp ? "tcp" : "udp", ntohs(to.sin_port), NULL, 0);
	setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark));
	if (tcp)
		connect(fd, (struct sockaddr *)&to, sizeof(to));
	else
		sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof(to));
	close(fd);
}

static void one(void)
{
	unsigned int dice = draw(100);

	if (dice < 70)
		request_once();
	else if (dice < 78)
		option_set_once();
	else if (dice < 82)
		option_get_once();
	else if (dice < 87)
		proc_once();
	else if (dice < 92)
		sysctl_once();
	else
		packet_once();
}

/* --- worlds --- */

static void put_file(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die("%s: %s", name, strerror(errno));
	close(fd);
}

static void enter_foreign(void)
{
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY) || prctl(PR_SET_DUMPABLE, 1) ||
	    unshare(CLONE_NEWUSER | CLONE_NEWNET))
		die("no foreign namespaces: %s", strerror(errno));
	put_file("/proc/self/setgroups", "deny");
	put_file("/proc/self/uid_map", "0 65534 1");
	put_file("/proc/self/gid_map", "0 65534 1");
}

static void enter(const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die("%s: %s", path, strerror(errno));
	close(fd);
}

static void settle(void)
{
	if (system("ip link set lo up && ip link add d0 type dummy &&"
		   "ip addr add 10.0.0.1/24 dev d0 && ip addr add 10.0.0.5/32 dev d0 &&"
		   "ip addr add fd00::1/64 dev d0 nodad && ip link set d0 up &&"
		   "for i in 11 12 13 14; do"
		   " ip neigh add 10.0.0.$i lladdr 02:00:00:00:00:01 dev d0; done"))
		die("no device");
}

static void run(unsigned long count)
{
	double began, took;

	if (!strcmp(world, "foreign"))
		enter_foreign();
	else
		enter(world);
	settle();
	wire_open(&watcher, true);
	families_find();
	files_open();
	for (unsigned int i = 0; i < SOCKETS; i++)
		wire_open(&wires[i], false);
	for (done = 0; done < count; done++) {
		began = now();
		one();
		took = now() - began;
		if (took > sum.slowest) {
			sum.slowest = took;
			sum.slowest_at = done;
		}
		if (done % CHECK_EVERY == CHECK_EVERY - 1)
			settings_check();
	}
	settings_check();
	printf("# %s: %lu done; %lu accepted, %lu refused, %lu without an answer; ",
	       world, done, sum.accepted, sum.refused, sum.silent);
	printf("nothing had changed after %lu; the longest took %.2f s (number %lu)\n",
	       sum.watched, sum.slowest, sum.slowest_at);
	/* One that refuses everything would prove nothing. */
	if (sum.accepted < count / 10 || sum.refused < count / 10)
		die("too few were accepted, or refused");
	if (sum.watched < count / 100)
		die("too few were watched");
}

int main(int argc, char **argv)
{
	unsigned long count;
	uint64_t seed;
	int i, status, bad = 0;

	if (argc > 1 && !strcmp(argv[1], "-v")) {
		verbose = true;
		argv++, argc--;
	}
	if (argc < 4 || argc > 3 + WORLDS)
		die("usage: ctlfuzz [-v] SEED COUNT WORLD...");
	seed = strtoull(argv[1], NULL, 0);
	count = strtoul(argv[2], NULL, 0);
	printf("# ctlfuzz %s %s", argv[1], argv[2]);
	for (i = 3; i < argc; i++)
		printf(" %s", argv[i]);
	putchar('\n');
	fflush(stdout);
	for (i = 3; i < argc; i++) {
		if (fork())
			continue;
		world = argv[i];
		state = (seed * 2 + 1) * 0x9e3779b97f4a7c15ULL + i;
		for (unsigned int warm = 0; warm < 16; warm++)
			draw(0);
		run(count);
		fflush(stdout);
		_exit(0);
	}
	while (wait(&status) > 0)
		bad |= status;
	return bad != 0;
}
