// SPDX-License-Identifier: GPL-2.0-only
/*
 * Socket options, /proc/net/ip_vs* and net.ipv4.vs.
 *
 * Which files there are, the kernel says.  Buffers end where memory ends, so that a
 * byte too many is a fault, and what lies in front of them must stay as it was.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ip_vs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctlfuzz.h"

#define PROC		"/proc/self/net"
#define SYSCTL		"/proc/sys/net/ipv4/vs"
#define PARAMETERS	"/sys/module/ip_vs/parameters"

enum {
	FILES = 64,
	OPEN = 4,		/* files of /proc kept open meanwhile */
	ROOM = 1 << 16,
	GUARD = 64,		/* bytes in front of a buffer that stay */
	FILLER = 0xa5,
};

/* A setting; @first is what it was when the world was new. */
struct setting {
	char path[128];
	char first[256];
	bool mine;		/* may be written to */
};

static char *procs[FILES];
static struct setting settings[FILES];
static unsigned int n_procs, n_settings;
static int fds[OPEN] = { -1, -1, -1, -1 }, options[3];
static uint8_t *end;		/* of ROOM bytes; behind it is no memory */

/* A parameter of the module; -1: it has none of that name. */
static int bound_of(const char *parameter)
{
	FILE *file = fopen(parameter, "re");
	char text[32] = "-1";

	if (file) {
		if (!fgets(text, sizeof(text), file))
			die("%s cannot be read", parameter);
		fclose(file);
	}
	return atoi(text);
}

static void setting_read(const struct setting *s, char *to, size_t size)
{
	int fd = open(s->path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, to, size - 1);

	if (got < 0)
		die("%s: %s", s->path, strerror(errno));
	to[got] = 0;
	close(fd);
}

/* The names in a folder that begin with @with, as paths, in an order of their own. */
static unsigned int paths_of(const char *folder, const char *with, char **paths)
{
	struct dirent **entries;
	unsigned int n = 0;
	int found = scandir(folder, &entries, NULL, alphasort);

	if (found < 0)
		die("%s: %s", folder, strerror(errno));
	for (int i = 0; i < found; i++) {
		if (n < FILES && entries[i]->d_name[0] != '.' &&
		    !strncmp(entries[i]->d_name, with, strlen(with)) &&
		    asprintf(&paths[n], "%s/%s", folder, entries[i]->d_name) > 0)
			n++;
		free(entries[i]);
	}
	free(entries);
	if (!n)
		die("nothing in %s", folder);
	return n;
}

void files_open(void)
{
	const long page = sysconf(_SC_PAGESIZE);
	char *paths[FILES];
	struct stat st;

	n_procs = paths_of(PROC, "ip_vs", procs);
	n_settings = paths_of(SYSCTL, "", paths);
	for (unsigned int i = 0; i < n_settings; i++) {
		struct setting *s = &settings[i];

		snprintf(s->path, sizeof(s->path), "%s", paths[i]);
		if (stat(s->path, &st))
			die("%s: %s", s->path, strerror(errno));
		s->mine = st.st_mode & 0222;
		setting_read(s, s->first, sizeof(s->first));
	}
	end = mmap(NULL, ROOM + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		   -1, 0);
	if (end == MAP_FAILED || mprotect(end + ROOM, page, PROT_NONE))
		die("no memory");
	end += ROOM;
	options[0] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	options[1] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	options[2] = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

/* Limits of a foreign namespace are those it began with. */
void settings_check(void)
{
	const int threads = bound_of(PARAMETERS "/foreign_sync_threads");
	bool foreign = false;
	char text[256];

	for (unsigned int i = 0; i < n_settings; i++)
		foreign |= !settings[i].mine;
	for (unsigned int i = 0; i < n_settings; i++) {
		const struct setting *s = &settings[i];
		const char *name = strrchr(s->path, '/') + 1;

		setting_read(s, text, sizeof(text));
		if (!s->mine && strcmp(text, s->first))
			die("%s was %s and is %s", s->path, s->first, text);
		if (!foreign)
			continue;
		if (!strcmp(name, "conn_max") && atoi(text) > atoi(s->first))
			die("conn_max was %s and is %s", s->first, text);
		if (!strcmp(name, "sync_ports") && threads >= 0 && atoi(text) > threads &&
		    atoi(text) > 1)
			die("sync_ports is %s", text);
	}
}

/* --- buffers --- */

/* @len bytes at the end of memory, with the filler in front. */
static uint8_t *buffer(unsigned int len, int fill)
{
	uint8_t *at = end - len;

	memset(at - GUARD, FILLER, GUARD);
	memset(at, fill, len);
	return at;
}

static void buffer_check(const uint8_t *at, const char *what, int which)
{
	for (int i = 1; i <= GUARD; i++)
		if (at[-i] != FILLER)
			die("%s %d wrote in front of its buffer", what, which);
}

static void fill(uint8_t *at, unsigned int len, const void *data, unsigned int size)
{
	memcpy(at, data, len < size ? len : size);
}

/* --- socket options --- */

struct set {
	struct ip_vs_service_user service;
	struct ip_vs_dest_user dest;
};

static void service_user(struct ip_vs_service_user *u)
{
	static const char *const names[] = {
		"rr", "wrr", "wlc", "mh", "sh", "lblc", "none", "nosuch", "",
	};

	*u = (struct ip_vs_service_user){
		.protocol = PICK(uint16_t, 6, 17, 17, 132, 0, 47),
		.addr = htonl(0x0a000000 | (rarely(2) ? 1 : 5)),
		.port = htons(PICK(uint16_t, 53, 80, 21, 0)),
		.fwmark = rarely(5) ? 1 + draw(2) : 0,
		.flags = rarely(4) ? number() : 0,
		.timeout = rarely(4) ? number() : 300,
		.netmask = rarely(4) ? number() : ~0U,
	};
	if (rarely(20))
		noise(u->sched_name, sizeof(u->sched_name));
	else
		strcpy(u->sched_name, names[draw(ARRAY_SIZE(names))]);
}

static void dest_user(struct ip_vs_dest_user *u)
{
	*u = (struct ip_vs_dest_user){
		.addr = htonl(0x0a00000b + draw(6)),
		.port = htons(PICK(uint16_t, 53, 80, 8080, 0)),
		.conn_flags = rarely(6) ? number() : draw(5),
		.weight = rarely(6) ? number() : draw(5),
		.u_threshold = rarely(6) ? number() : 0,
		.l_threshold = rarely(6) ? number() : 0,
	};
}

void option_set_once(void)
{
	const int opt = IP_VS_BASE_CTL - 1 + draw(IP_VS_SO_SET_MAX - IP_VS_BASE_CTL + 4);
	unsigned int len, claimed;
	struct set set;
	uint8_t *at;

	service_user(&set.service);
	dest_user(&set.dest);
	if (opt == IP_VS_SO_SET_TIMEOUT)
		set.service = (struct ip_vs_service_user){ .protocol = number() };
	len = opt == IP_VS_SO_SET_ADDDEST || opt == IP_VS_SO_SET_EDITDEST ||
	      opt == IP_VS_SO_SET_DELDEST ? sizeof(set) :
	      opt == IP_VS_SO_SET_FLUSH ? 0 : opt == IP_VS_SO_SET_TIMEOUT ?
	      sizeof(struct ip_vs_timeout_user) : sizeof(set.service);
	if (opt == IP_VS_SO_SET_FLUSH && !rarely(4))
		len = 1;
	if (opt == IP_VS_SO_SET_STARTDAEMON || opt == IP_VS_SO_SET_STOPDAEMON) {
		struct ip_vs_daemon_user daemon = {
			.state = rarely(4) ? (int)number() : 1 + (int)draw(2),
			.syncid = number(),
		};

		strcpy(daemon.mcast_ifn, rarely(4) ? "gone" : "d0");
		if (rarely(10))
			noise(daemon.mcast_ifn, sizeof(daemon.mcast_ifn));
		memcpy(&set, &daemon, sizeof(daemon));
		len = sizeof(daemon);
	}
	if (rarely(5))
		len = draw(rarely(8) ? 8192 : 96);
	at = buffer(len, 0);
	fill(at, len, &set, sizeof(set));
	if (rarely(20))
		noise(at, len);
	claimed = rarely(40) ? number() : len;
	tell("set", opt - IP_VS_BASE_CTL, at, len);
	answered(setsockopt(options[rarely(10) ? draw(3) : 0], IPPROTO_IP, opt, at, claimed) ?
		 errno : 0);
	buffer_check(at, "set", opt);
}

void option_get_once(void)
{
	static const unsigned int sizes[] = {
		64, sizeof(struct ip_vs_getinfo), 8 + 104 * 8, 104, 24 + 96 * 6, 64,
		sizeof(struct ip_vs_timeout_user), 2 * sizeof(struct ip_vs_daemon_user),
	};
	const int opt = IP_VS_BASE_CTL - 1 + draw(ARRAY_SIZE(sizes) + 3), which =
		opt - IP_VS_BASE_CTL;
	unsigned int len = which >= 0 && which < (int)ARRAY_SIZE(sizes) ? sizes[which] : 64;
	struct ip_vs_get_dests ask = {};
	socklen_t claimed, written;
	uint8_t *at;
	int err;

	if (rarely(4))
		len = draw(rarely(8) ? 32768 : 200);
	at = buffer(len, FILLER);
	ask.protocol = PICK(uint16_t, 6, 17, 132);
	ask.addr = htonl(0x0a000000 | (rarely(2) ? 1 : 5));
	ask.port = htons(PICK(uint16_t, 53, 80, 21, 0));
	ask.fwmark = rarely(5) ? 1 + draw(2) : 0;
	ask.num_dests = rarely(3) ? number() : len > 24 ? (len - 24) / 96 : 0;
	fill(at, len, &ask, sizeof(ask));
	if (opt == IP_VS_SO_GET_SERVICES) {
		ask.num_dests = rarely(3) ? number() : len > 8 ? (len - 8) / 104 : 0;
		fill(at, len, &ask.num_dests, sizeof(ask.num_dests));
	}
	claimed = rarely(30) ? number() : len;
	written = claimed;
	tell("get", which, at, len < 24 ? len : 24);
	err = getsockopt(options[rarely(10) ? draw(3) : 0], IPPROTO_IP, opt, at, &written) ?
	      errno : 0;
	answered(err);
	buffer_check(at, "get", opt);
	if (!err && written > claimed)
		die("get %d says that it wrote %u bytes of %u", which, written, claimed);
}

/* --- /proc/net/ip_vs* --- */

void proc_once(void)
{
	const unsigned int slot = draw(OPEN), len = rarely(3) ? draw(40) : draw(ROOM - GUARD);
	static const off_t offsets[] = {
		-1, 0, 1, 63, 64, 65, 127, 128, 4095, 4096, 4097, 65536, 0x7fffffff, 0x100000000,
		0x7fffffffffffffff,
	};
	const off_t offset = rarely(2) ? draw(9000) : offsets[draw(ARRAY_SIZE(offsets))];
	uint8_t *at;
	ssize_t got;

	if (fds[slot] < 0 || rarely(4)) {
		const char *path = procs[draw(n_procs)];

		if (fds[slot] >= 0)
			close(fds[slot]);
		fds[slot] = open(path, (rarely(30) ? O_RDWR : O_RDONLY) | O_CLOEXEC);
		if (fds[slot] < 0) {
			answered(errno);
			return;
		}
	}
	at = buffer(len, 0);
	tell("proc", slot, &offset, sizeof(offset));
	switch (draw(4)) {
	case 0:
		got = pread(fds[slot], at, len, offset);
		break;
	case 1:
		got = lseek(fds[slot], offset, draw(3));
		break;
	case 2:
		got = rarely(20) ? write(fds[slot], "0\n", 2) :
		      read(fds[slot], at, rarely(20) ? len + draw(9000) : len);
		break;
	default:
		while ((got = read(fds[slot], at, len ? len : 1)) > 0)
			if (got > (ssize_t)(len ? len : 1))
				die("read more than there was room for");
	}
	answered(got < 0 ? errno : 0);
	buffer_check(at, "proc", slot);
}

/* --- net.ipv4.vs --- */

/* Text that may be a number, a few, a list of CPUs, or nothing of the kind. */
static unsigned int text_draw(char *to, unsigned int room)
{
	static const char *const words[] = {
		"", " ", "\n", "0", "1", "3", "-1", "+1", "00000000000000000000001", "0x10", "1e3",
		"1 2", "3 50", "50 3", "0 0", "1,2", "0-1", "0-", "-", "0-99999", "0,0,0", "all",
		"2147483647", "2147483648", "4294967295", "4294967296", "-2147483648",
		"-2147483649", "9223372036854775808", "99999999999999999999999999", "1x", "x1",
		"1\t2\t3", "nan", "%d", "1 ", " 1",
	};
	unsigned int len, n;

	switch (draw(8)) {
	case 0:
		n = draw(room < 5000 ? room : 5000);
		memset(to, PICK(char, '1', ' ', '0', '-', '\n', ',', 'x', 0), n);
		return n;
	case 1:
		n = draw(24);
		noise(to, n);
		return n;
	case 2:
		return snprintf(to, room, "%d%s", (int)number(), rarely(2) ? "\n" : "");
	default:
		len = snprintf(to, room, "%s%s", words[draw(ARRAY_SIZE(words))],
			       rarely(2) ? "\n" : "");
		return rarely(20) ? len + 1 : len;
	}
}

void sysctl_once(void)
{
	const struct setting *s = &settings[draw(n_settings)];
	char *text = (char *)buffer(ROOM / 2, 0);
	unsigned int len;
	uint8_t *at;
	ssize_t got;
	int fd;

	fd = open(s->path, (rarely(4) ? O_RDONLY : O_WRONLY) | O_CLOEXEC);
	if (fd < 0) {
		answered(errno);
		return;
	}
	len = text_draw(text, ROOM / 4);
	/* at the end of memory */
	at = end - len;
	memmove(at, text, len);
	tell(strrchr(s->path, '/') + 1, len, at, len);
	got = rarely(12) ? pwrite(fd, at, len, number()) : write(fd, at, len);
	if (got >= 0 && rarely(12))
		got = write(fd, at, len);
	if (got < 0 && errno == EBADF) {
		len = draw(rarely(3) ? 4096 : 12);
		at = buffer(len, 0);
		got = pread(fd, at, len, rarely(2) ? number() : 0);
		buffer_check(at, "sysctl", 0);
	}
	answered(got < 0 ? errno : 0);
	close(fd);
}
