// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a packet does to its connection: state, timeout, flags, the server's
 * count of active connections, the template; and how little it does when
 * nothing changes.
 */
#include "dataplane_tests.h"
#include "conn/conn.h"
#include "server/dest.h"
#include "conn/expiry.h"
#include "net.h"
#include "proto/proto.h"
#include "proto/rows.h"

#define FIN 0x01
#define SYN 0x02
#define RST 0x04
#define PSH 0x08
#define ACK 0x10

static unsigned int sooner_calls;
static int active_count;

void ip_vs_expiry_sooner(struct ip_vs_conn *c)
{
	sooner_calls++;
}

void ip_vs_dest_set_active(struct ip_vs_dest *dest, bool active)
{
	active_count += active ? 1 : -1;
}

/**
 * struct scene - a connection and what is around it
 * @ivn: namespace
 * @dest: server
 * @control: template
 * @c: connection
 */
struct scene {
	struct ip_vs_net ivn;
	struct ip_vs_dest dest;
	struct ip_vs_conn control;
	struct ip_vs_conn c;
};

static void scene_init(struct scene *s, u8 proto)
{
	memset(s, 0, sizeof(*s));
	ip_vs_timeouts_init(&s->ivn.timeouts);
	s->c.ivn = &s->ivn;
	s->c.dest = &s->dest;
	s->c.af = AF_INET;
	s->c.proto = proto;
	s->c.flags = IP_VS_CONN_F_INACTIVE;
	s->c.timeout = IP_VS_TIMEOUT_NEW;
	s->c.stamp = jiffies;
	s->control.flags = IP_VS_CONN_F_TEMPLATE;
	active_count = 0;
	sooner_calls = 0;
	shim_locks_taken = 0;
}

static struct ip_vs_packet packet(u8 proto, u8 flags)
{
	return (struct ip_vs_packet) {
		.af = AF_INET, .proto = proto, .has_l4 = true,
		.tcp_flags = flags,
	};
}

static void tcp_packet(struct scene *s, enum ip_vs_dir dir, u8 flags)
{
	struct ip_vs_packet pkt = packet(IPPROTO_TCP, flags);

	jiffies++;
	ip_vs_proto_track(&s->ivn, &s->c, &pkt, dir);
}

static void udp_packet(struct scene *s, enum ip_vs_dir dir)
{
	struct ip_vs_packet pkt = packet(IPPROTO_UDP, 0);

	jiffies++;
	ip_vs_proto_track(&s->ivn, &s->c, &pkt, dir);
}

static bool inactive(const struct scene *s)
{
	return s->c.flags & IP_VS_CONN_F_INACTIVE;
}

static void tcp_life(void)
{
	struct scene s;

	scene_init(&s, IPPROTO_TCP);
	tcp_packet(&s, IP_VS_DIR_INPUT, SYN);
	CHECK(s.c.state == IP_VS_TCP_SYN_RECV, "state %u", s.c.state);
	CHECK(s.c.timeout == 60 * HZ, "timeout %u", s.c.timeout);
	CHECK(!inactive(&s) && active_count == 1, "a SYN counts as active");
	CHECK(!sooner_calls, "a longer timeout files nothing anew");

	tcp_packet(&s, IP_VS_DIR_OUTPUT, SYN | ACK);
	tcp_packet(&s, IP_VS_DIR_INPUT, ACK);
	CHECK(s.c.state == IP_VS_TCP_ESTABLISHED, "state %u", s.c.state);
	CHECK(s.c.timeout == 900 * HZ && active_count == 1, "established");

	tcp_packet(&s, IP_VS_DIR_INPUT, FIN | ACK);
	CHECK(s.c.state == IP_VS_TCP_CLOSE_WAIT, "state %u", s.c.state);
	CHECK(inactive(&s) && !active_count, "closing is inactive");
	CHECK(sooner_calls == 1, "a shorter timeout is told: %u", sooner_calls);

	tcp_packet(&s, IP_VS_DIR_OUTPUT, FIN | ACK);
	CHECK(s.c.state == IP_VS_TCP_TIME_WAIT, "state %u", s.c.state);
	tcp_packet(&s, IP_VS_DIR_INPUT, SYN);
	CHECK(s.c.state == IP_VS_TCP_SYN_RECV && active_count == 1, "again");
}

static void no_lock(void)
{
	struct scene s;
	unsigned int i;

	scene_init(&s, IPPROTO_TCP);
	tcp_packet(&s, IP_VS_DIR_INPUT, SYN);
	tcp_packet(&s, IP_VS_DIR_INPUT, ACK);
	shim_locks_taken = 0;
	for (i = 0; i < 100; i++) {
		tcp_packet(&s, IP_VS_DIR_INPUT, PSH | ACK);
		tcp_packet(&s, IP_VS_DIR_OUTPUT, ACK);
		CHECK(s.c.stamp == (u32)jiffies, "the stamp is not now");
	}
	CHECK(!shim_locks_taken, "%u locks", shim_locks_taken);
}

static void new_timeout(void)
{
	struct scene s;

	scene_init(&s, IPPROTO_TCP);
	tcp_packet(&s, IP_VS_DIR_INPUT, SYN);
	tcp_packet(&s, IP_VS_DIR_INPUT, ACK);
	s.ivn.timeouts.tcp[IP_VS_TCP_ESTABLISHED] = 5 * HZ;
	CHECK(s.c.timeout == 900 * HZ, "before a packet");
	tcp_packet(&s, IP_VS_DIR_INPUT, ACK);
	CHECK(s.c.timeout == 5 * HZ && sooner_calls == 1, "after a packet");
}

static void cut_header(void)
{
	struct ip_vs_packet pkt = packet(IPPROTO_TCP, RST);
	struct scene s;

	scene_init(&s, IPPROTO_TCP);
	tcp_packet(&s, IP_VS_DIR_INPUT, SYN);
	pkt.has_l4 = false;
	jiffies += 50;
	ip_vs_proto_track(&s.ivn, &s.c, &pkt, IP_VS_DIR_INPUT);
	CHECK(s.c.state == IP_VS_TCP_SYN_RECV, "state %u", s.c.state);
	CHECK(s.c.stamp == (u32)jiffies, "its time starts anew all the same");
}

static void dead_entry(void)
{
	struct scene s;

	scene_init(&s, IPPROTO_TCP);
	s.c.dead = true;
	tcp_packet(&s, IP_VS_DIR_INPUT, SYN);
	CHECK(!s.c.state && inactive(&s) && !active_count, "it moved");
}

static void without_dest(void)
{
	struct scene s;

	scene_init(&s, IPPROTO_TCP);
	s.c.dest = NULL;
	tcp_packet(&s, IP_VS_DIR_INPUT, SYN);
	CHECK(s.c.state == IP_VS_TCP_SYN_RECV && !active_count, "bypass");
}

static void one_sided(void)
{
	struct scene s;

	scene_init(&s, IPPROTO_TCP);
	s.c.flags |= IP_VS_CONN_F_DROUTE | IP_VS_CONN_F_NOOUTPUT;
	tcp_packet(&s, IP_VS_DIR_INPUT, SYN);
	tcp_packet(&s, IP_VS_DIR_INPUT, ACK);
	tcp_packet(&s, IP_VS_DIR_INPUT, FIN | ACK);
	CHECK(s.c.state == IP_VS_TCP_FIN_WAIT, "state %u", s.c.state);
	CHECK(s.c.flags & IP_VS_CONN_F_NOOUTPUT, "flag lost");
	tcp_packet(&s, IP_VS_DIR_OUTPUT, FIN | ACK);
	CHECK(!(s.c.flags & IP_VS_CONN_F_NOOUTPUT), "an answer was seen");
	CHECK((s.c.flags & IP_VS_CONN_F_FWD_MASK) == IP_VS_CONN_F_DROUTE,
	      "method lost");
	tcp_packet(&s, IP_VS_DIR_INPUT, SYN);
	tcp_packet(&s, IP_VS_DIR_INPUT, ACK);
	tcp_packet(&s, IP_VS_DIR_INPUT, FIN | ACK);
	CHECK(s.c.state == IP_VS_TCP_CLOSE_WAIT, "state %u, now two-sided",
	      s.c.state);
}

/* The flag goes with the first answer, even one that moves no state. */
static void flag_alone(void)
{
	struct scene s;

	scene_init(&s, IPPROTO_TCP);
	s.c.flags |= IP_VS_CONN_F_DROUTE | IP_VS_CONN_F_NOOUTPUT;
	tcp_packet(&s, IP_VS_DIR_INPUT, SYN);
	tcp_packet(&s, IP_VS_DIR_INPUT, ACK);
	tcp_packet(&s, IP_VS_DIR_OUTPUT, ACK);
	CHECK(s.c.state == IP_VS_TCP_ESTABLISHED, "state %u", s.c.state);
	CHECK(!(s.c.flags & IP_VS_CONN_F_NOOUTPUT), "flag kept");
}

static void udp_life(void)
{
	struct scene s;

	scene_init(&s, IPPROTO_UDP);
	s.c.flags |= IP_VS_CONN_F_NOOUTPUT;
	udp_packet(&s, IP_VS_DIR_INPUT);
	CHECK(s.c.timeout == 300 * HZ, "timeout %u", s.c.timeout);
	CHECK(inactive(&s) && !active_count, "UDP is never active");
	shim_locks_taken = 0;
	udp_packet(&s, IP_VS_DIR_OUTPUT);
	CHECK(s.c.flags & IP_VS_CONN_F_NOOUTPUT, "UDP keeps the flag");
	CHECK(!shim_locks_taken, "%u locks", shim_locks_taken);
}

static void assured(void)
{
	struct scene s;

	scene_init(&s, IPPROTO_TCP);
	s.c.control = &s.control;
	tcp_packet(&s, IP_VS_DIR_INPUT, SYN);
	tcp_packet(&s, IP_VS_DIR_OUTPUT, SYN | ACK);
	CHECK(s.control.state == IP_VS_TEMPLATE_NONE, "too early");
	tcp_packet(&s, IP_VS_DIR_INPUT, ACK);
	CHECK(s.control.state == IP_VS_TEMPLATE_ASSURED, "not assured");
	tcp_packet(&s, IP_VS_DIR_INPUT, RST);
	CHECK(s.control.state == IP_VS_TEMPLATE_ASSURED, "not for good");
}

static void assured_udp(void)
{
	struct scene s;

	scene_init(&s, IPPROTO_UDP);
	s.c.control = &s.control;
	udp_packet(&s, IP_VS_DIR_INPUT);
	CHECK(s.control.state == IP_VS_TEMPLATE_NONE, "by a request");
	udp_packet(&s, IP_VS_DIR_OUTPUT);
	CHECK(s.control.state == IP_VS_TEMPLATE_ASSURED, "by an answer");
}

/* Only templates have that state: an FTP control connection has TCP's. */
static void control_conn(void)
{
	struct scene s;

	scene_init(&s, IPPROTO_TCP);
	s.control.flags = 0;
	s.c.control = &s.control;
	tcp_packet(&s, IP_VS_DIR_INPUT, SYN);
	tcp_packet(&s, IP_VS_DIR_INPUT, ACK);
	CHECK(!s.control.state, "state %u", s.control.state);
}

static void opens(void)
{
	struct scene s;
	unsigned int flags;

	scene_init(&s, IPPROTO_TCP);
	for (flags = 0; flags < 256; flags++) {
		struct ip_vs_packet tcp = packet(IPPROTO_TCP, flags);
		struct ip_vs_packet udp = packet(IPPROTO_UDP, 0);

		s.ivn.settings.sloppy_tcp = 0;
		CHECK(ip_vs_proto_opens(&s.ivn, &tcp) ==
		      (!(flags & RST) && flags & SYN), "%02x", flags);
		CHECK(ip_vs_proto_opens(&s.ivn, &udp), "UDP");
		s.ivn.settings.sloppy_tcp = 1;
		CHECK(ip_vs_proto_opens(&s.ivn, &tcp) == !(flags & RST),
		      "%02x, sloppy", flags);
		CHECK(ip_vs_proto_reopens(&tcp) == !!(flags & SYN), "%02x",
		      flags);
		CHECK(!ip_vs_proto_reopens(&udp), "UDP");
	}
}

/* By state and mode, without and with NOOUTPUT. */
static void finished(void)
{
	struct scene s;
	int mode, no_output;
	u8 state;

	scene_init(&s, IPPROTO_TCP);
	for (mode = 0; mode < 8; mode++)
	for (no_output = 0; no_output < 2; no_output++)
	for (state = 0; state < IP_VS_TCP_MAX; state++) {
		bool want = state == IP_VS_TCP_TIME_WAIT ||
			    state == IP_VS_TCP_CLOSE ||
			    (mode & 2 && no_output &&
			     state == IP_VS_TCP_FIN_WAIT);

		s.c.state = state;
		s.c.flags = no_output ? IP_VS_CONN_F_NOOUTPUT : 0;
		CHECK(ip_vs_proto_finished(&s.c, mode) == want,
		      "state %u mode %d", state, mode);
		s.c.control = &s.control;
		CHECK(!ip_vs_proto_finished(&s.c, mode), "controlled");
		s.c.control = NULL;
	}
	s.c.proto = IPPROTO_UDP;
	s.c.state = IP_VS_TCP_CLOSE;
	CHECK(!ip_vs_proto_finished(&s.c, 3), "UDP");
}

static void texts(void)
{
	struct scene s;
	char buf[8];

	scene_init(&s, IPPROTO_UDP);
	CHECK(!strcmp(ip_vs_conn_state_name(&s.c), "UDP"), "UDP");
	s.c.state = 1;
	CHECK(!strcmp(ip_vs_conn_state_name(&s.c), "ERR!"), "no UDP state");
	s.c.proto = IPPROTO_TCP;
	CHECK(!strcmp(ip_vs_conn_state_name(&s.c), "ESTABLISHED"), "TCP");
	CHECK(!strcmp(ip_vs_conn_state_name(&s.control), "NONE"), "template");
	s.control.state = IP_VS_TEMPLATE_ASSURED;
	CHECK(!strcmp(ip_vs_conn_state_name(&s.control), "ASSURED"), "it");
	s.control.state = 2;
	CHECK(!strcmp(ip_vs_conn_state_name(&s.control), "ERR!"), "it");
	CHECK(!strcmp(ip_vs_proto_name(IPPROTO_TCP, buf, 8), "TCP"), "TCP");
	CHECK(!strcmp(ip_vs_proto_name(0, buf, 8), "IP"), "IP");
	CHECK(!strcmp(ip_vs_proto_name(132, buf, 8), "SCTP"), "SCTP");
	CHECK(!strcmp(ip_vs_proto_name(58, buf, 8), "ICMPv6"), "ICMPv6");
	CHECK(!strcmp(ip_vs_proto_name(255, buf, 8), "IP_255"), "IP_255");
}

static void deadlines(void)
{
	struct ip_vs_conn c = { .stamp = jiffies, .timeout = 10 };

	CHECK(!ip_vs_conn_overdue(&c), "in time");
	jiffies += 9;
	CHECK(!ip_vs_conn_overdue(&c), "the last tick");
	jiffies += 1;
	CHECK(ip_vs_conn_overdue(&c), "at the deadline");
	/* Across the wrap of 32 bits. */
	jiffies = 0xfffffff0UL;
	c.stamp = jiffies;
	c.timeout = 0x20;
	jiffies += 0x1f;
	CHECK(!ip_vs_conn_overdue(&c), "before, wrapped");
	jiffies++;
	CHECK(ip_vs_conn_overdue(&c), "after, wrapped");
	CHECK(ip_vs_seconds(UINT_MAX) == S32_MAX, "the longest timeout");
	CHECK(ip_vs_seconds(1) == HZ, "a second");
	jiffies = 1000000;
}

/* A connection that has been idle for minutes, and a FIN that shortens its time. */
static struct ip_vs_conn idle;
static bool judged;

static void idle_for_minutes(void)
{
	idle = (struct ip_vs_conn) { .stamp = jiffies, .timeout = 900 * HZ };
	jiffies += 600 * HZ;
}

static void fin_comes(void)
{
	spin_lock_bh(&idle.lock);
	ip_vs_conn_set_timeout(&idle, 10 * HZ);
	spin_unlock_bh(&idle.lock);
}

static void somebody_looks(void)
{
	judged = true;
	CHECK(!ip_vs_conn_overdue(&idle), "before its new timeout is there");
}

/* @other after each load and before each store of @one.  Returns how many there
 * are.
 */
static unsigned int meet(void (*one)(void), void (*other)(void))
{
	unsigned int n;

	for (n = 1; ; n++) {
		idle_for_minutes();
		shim_when = n;
		shim_other_cpu = other;
		one();
		if (shim_other_cpu)
			break;
	}
	shim_other_cpu = NULL;
	return n - 1;
}

static void deadline_moves(void)
{
	CHECK(meet(somebody_looks, fin_comes) >= 2, "the two loads");
	CHECK(meet(fin_comes, somebody_looks) >= 2, "the two stores");
	CHECK(judged, "looked");
	CHECK(idle.timeout == 10 * HZ, "the FIN has come");
	CHECK(idle.stamp == (u32)jiffies, "with its stamp");

	/* A CPU that stood still between clock and stamp. */
	jiffies -= 5 * HZ;
	ip_vs_conn_touch(&idle);
	jiffies += 5 * HZ;
	CHECK(idle.stamp == (u32)jiffies, "a late packet takes nothing back");
}

const struct test track_tests[] = {
	{ "track: the life of a TCP connection", tcp_life },
	{ "track: 200 packets of an established one take no lock", no_lock },
	{ "track: a new timeout holds from the next packet", new_timeout },
	{ "track: a cut header moves no state", cut_header },
	{ "track: a dead entry stays as it is", dead_entry },
	{ "track: a bypass has no server to count at", without_dest },
	{ "track: direct routing until an answer is seen", one_sided },
	{ "track: the first answer clears NOOUTPUT", flag_alone },
	{ "track: the life of a UDP flow", udp_life },
	{ "track: TCP assures its template when established", assured },
	{ "track: UDP assures its template with an answer", assured_udp },
	{ "track: a controlling connection is no template", control_conn },
	{ "track: what opens a connection, all flags", opens },
	{ "track: when a tuple may be used again", finished },
	{ "track: names of states and protocols", texts },
	{ "track: deadlines, also across the wrap of jiffies", deadlines },
	{ "track: a FIN while somebody looks at the deadline ends nothing",
	  deadline_moves },
	{}
};
