// SPDX-License-Identifier: GPL-2.0-only
#include "model/conn.h"
#include "print/connline.h"
#include "print/listline.h"
#include "print/saveline.h"
#include "cli_tests.h"

#include <arpa/inet.h>
#include <string.h>

#define BIT(opt) (UINT64_C(1) << (opt))

static struct request req;
static struct service svc;
static struct dest dst;

static void reset(uint64_t options)
{
	memset(&req, 0, sizeof(req));
	req.given = BIT(OPT_NUMERIC) | options;
	service_init(&svc);
	svc.protocol = IPPROTO_TCP;
	svc.vip.port = 80;
	inet_pton(AF_INET, "192.0.2.10", &svc.vip.addr);
	strcpy(svc.sched, "rr");
	dest_init(&dst);
	dst.rip.port = 80;
	inet_pton(AF_INET, "10.8.0.2", &dst.rip.addr);
}

static const char *service_line(void)
{
	listline_service(text_open(), &req, &svc);
	return text_close();
}

static const char *dest_line(void)
{
	listline_dest(text_open(), &req, &svc, &dst);
	return text_close();
}

static void counters(struct stats *stats, enum counter first, uint64_t a,
		     uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
	const uint64_t v[] = { a, b, c, d, e };

	memcpy(stats->v + first, v, sizeof(v));
}

static void test_numbers(void)
{
	reset(BIT(OPT_STATS));
	counters(&svc.stats, CNT_CONNS, 99999999, 100000000, 999999999,
		 1000000000, 99999999999);
	CHECK_TEXT(service_line(), "TCP  192.0.2.10:80                99999999  100000K  999999K    1000M   99999M\n");
	counters(&dst.stats, CNT_CONNS, 0, 0, 0, 100000000000, 99999999999999);
	CHECK_TEXT(dest_line(), "  -> 10.8.0.2:80                         0        0        0     100G   99999G\n");
	counters(&svc.stats, CNT_CONNS, 100000000000000, UINT64_MAX, 12345678,
		 123456789, 1234567890123);
	CHECK_TEXT(service_line(), "TCP  192.0.2.10:80                    100T18446744T 12345678  123456K    1234G\n");
	req.given |= BIT(OPT_EXACT);
	CHECK_TEXT(service_line(), "TCP  192.0.2.10:80                100000000000000 18446744073709551615 12345678 123456789 1234567890123\n");
}

static void test_rates(void)
{
	reset(BIT(OPT_RATE));
	counters(&svc.stats, CNT_CPS, 99999999, 100000000, 123456789012,
		 1999999999, 100000000000);
	CHECK_TEXT(service_line(), "TCP  192.0.2.10:80                99999999  100000K     123G    1999M     100G\n");
	counters(&dst.stats, CNT_CPS, 123456789, 123456789, 123456789,
		 123456789, 123456789);
	CHECK_TEXT(dest_line(), "  -> 10.8.0.2:80                  123456789 123456789 123456789  123456K  123456K\n");
	req.given |= BIT(OPT_EXACT);
	CHECK_TEXT(dest_line(), "  -> 10.8.0.2:80                  123456789 123456789 123456789 123456789 123456789\n");
}

static void test_columns(void)
{
	reset(0);
	dst.weight = 1000000;
	dst.fwd = IP_VS_CONN_F_MASQ;
	CHECK_TEXT(dest_line(), "  -> 10.8.0.2:80                  Masq    1000000 0          0         \n");
	reset(BIT(OPT_TUN_INFO));
	dst.fwd = IP_VS_CONN_F_TUNNEL;
	dst.tun_type = IP_VS_CONN_F_TUNNEL_TYPE_GUE;
	dst.tun_port = 65535;
	dst.tun_flags = IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM;
	CHECK_TEXT(dest_line(), "  -> 10.8.0.2:80                  Tunnel  gue:65535:r+c 1      0          0         \n");
	dst.tun_type = 99;
	CHECK_TEXT(dest_line(), "  -> 10.8.0.2:80                  Tunnel  n/a           1      0          0         \n");
	reset(BIT(OPT_THRESHOLDS));
	dst.u_thresh = UINT32_MAX;
	CHECK_TEXT(dest_line(), "  -> 10.8.0.2:80                  4294967295 0          0          0         \n");
	reset(BIT(OPT_PERSIST_CONN));
	dst.persist = 7;
	CHECK_TEXT(dest_line(), "  -> 10.8.0.2:80                  1         7           0          0         \n");
}

static void test_services(void)
{
	reset(0);
	svc.flags = IP_VS_SVC_F_PERSISTENT | IP_VS_SVC_F_ONEPACKET |
		    IP_VS_SVC_F_SCHED3;
	svc.timeout = 60;
	svc.netmask = htonl(0xffffff00);
	strcpy(svc.pe, "sip");
	CHECK_TEXT(service_line(), "TCP  192.0.2.10:80 rr (flag-3) persistent 60 mask 255.255.255.0 pe sip ops\n");
	saveline_service(text_open(), &req, &svc);
	CHECK_TEXT(text_close(), "-A -t 192.0.2.10:80 -s rr -p 60 -M 255.255.255.0 --pe sip -o -b flag-3\n");
	reset(0);
	svc.fwmark = UINT32_MAX;
	svc.vip.af = AF_INET6;
	svc.netmask = 128;
	CHECK_TEXT(service_line(), "FWM  4294967295 IPv6 rr\n");
	saveline_service(text_open(), &req, &svc);
	CHECK_TEXT(text_close(), "-A -f 4294967295 -6 -s rr\n");
}

static void test_saved_servers(void)
{
	reset(0);
	dst.fwd = IP_VS_CONN_F_TUNNEL;
	dst.tun_type = IP_VS_CONN_F_TUNNEL_TYPE_GRE;
	dst.tun_flags = IP_VS_TUNNEL_ENCAP_FLAG_CSUM;
	saveline_dest(text_open(), &req, &svc, &dst);
	CHECK_TEXT(text_close(), "-a -t 192.0.2.10:80 -r 10.8.0.2:80 -i -w 1 --tun-type gre --tun-csum\n");
	dst.u_thresh = UINT32_MAX;
	dst.l_thresh = 7;
	saveline_dest(text_open(), &req, &svc, &dst);
	CHECK_TEXT(text_close(), "-a -t 192.0.2.10:80 -r 10.8.0.2:80 -i -w 1 --tun-type gre --tun-csum -x 4294967295 -y 7\n");
	dst.u_thresh = 0;
	dst.l_thresh = 0;
	dst.fwd = IP_VS_CONN_F_LOCALNODE;
	saveline_dest(text_open(), &req, &svc, &dst);
	CHECK_TEXT(text_close(), "-a -t 192.0.2.10:80 -r 10.8.0.2:80 -g -w 1\n");
}

static const char *conn(const char *line)
{
	char copy[512];
	FILE *out = text_open();
	struct conn conn;

	snprintf(copy, sizeof(copy), "%s", line);
	if (conn_read(&conn, copy))
		connline_print(out, &req, &conn);
	else
		fputs("(refused)", out);
	return text_close();
}

static void test_conns(void)
{
	reset(0);
	CHECK_TEXT(conn("TCP 0A090002 9C44 C000020A 1F91 0A080002 1F91 ESTABLISHED     898\n"),
		   "TCP 14:58  ESTABLISHED 10.9.0.2:40004     192.0.2.10:8081    10.8.0.2:8081\n");
	CHECK_TEXT(conn("TCP 2001:0db8:0009:0000:0000:0000:0000:0002 0000 C000020A 0050 2001:0db8:0008:0000:0000:0000:0000:0002 0050 ASSURED          75"),
		   "TCP 01:15  ASSURED     [2001:db8:9::2]:0  192.0.2.10:80      [2001:db8:8::2]:80\n");
	CHECK_TEXT(conn(""), "(refused)");
	CHECK_TEXT(conn("TCP"), "(refused)");
	CHECK_TEXT(conn("TCP x 9C44 C000020A 1F91 0A080002 1F91 S 8"),
		   "(refused)");
	CHECK_TEXT(conn("TCP 0A090002 19C44 C000020A 1F91 0A080002 1F91 S 8"),
		   "(refused)");
	req.given |= BIT(OPT_PERSIST_CONN);
	CHECK_TEXT(conn("UDP 0A090002 0000 C000020A 13C4 0A080002 13C4 NONE             58 sip abc"),
		   "UDP 00:58  NONE        10.9.0.2:0         192.0.2.10:5060    10.8.0.2:5060    sip                abc\n");
}

const struct test lines_tests[] = {
	{ "lines: counters are scaled, or exact", test_numbers },
	{ "lines: rates are scaled, or exact", test_rates },
	{ "lines: columns of servers", test_columns },
	{ "lines: services, listed and saved", test_services },
	{ "lines: servers, saved", test_saved_servers },
	{ "lines: connections", test_conns },
	{}
};
