// SPDX-License-Identifier: GPL-2.0-only
/*
 * A table as the kernel gave it and as stock listed it
 */
#include "model/model.h"
#include "args/parse.h"
#include "cli_tests.h"

#include <stdlib.h>
#include <string.h>

static const char *const services_kernel[] = {
	"200.1.1.1:8080",
	"64.0.0.1:8080",
	"1.0.0.1:8080",
	"223.0.0.1:8080",
	"172.16.0.1:8080",
	"128.0.0.1:8080",
	"127.0.0.1:8080",
	"192.168.0.1:8080",
	"10.0.0.1:8080",
	"[2001:db8:0:1::1]:80",
	"[2001:db8::ffff:1]:80",
	"[2001:db8::1]:80",
	"sctp 10.0.0.1:80",
	"203.0.113.1:1",
	"udp 200.1.1.1:80",
	"udp 64.0.0.1:80",
	"udp 1.0.0.1:80",
	"udp 223.0.0.1:80",
	"udp 172.16.0.1:80",
	"udp 128.0.0.1:80",
	"udp 127.0.0.1:80",
	"udp 192.168.0.1:80",
	"udp 10.0.0.1:80",
	"[c000::1]:80",
	"[9000::1]:80",
	"[7000::1]:80",
	"[1::1]:80",
	"[fd00::1]:80",
	"200.1.1.1:80",
	"64.0.0.1:80",
	"1.0.0.1:80",
	"223.0.0.1:80",
	"172.16.0.1:80",
	"128.0.0.1:80",
	"127.0.0.1:80",
	"192.168.0.1:80",
	"10.0.0.1:80",
	"fwm -1 IPv6",
	"fwm -1",
	"fwm 2147483647 IPv6",
	"fwm 2147483647",
	"fwm -2147483647 IPv6",
	"fwm -2147483647",
	"fwm 1 IPv6",
	"fwm 1",
	"fwm 5 IPv6",
	"fwm 5",
	"fwm 10 IPv6",
	"fwm 10",
	NULL
};

static const char *const services_sorted[] = {
	"fwm -1",
	"fwm -1 IPv6",
	"10.0.0.1:80",
	"127.0.0.1:80",
	"127.0.0.1:8080",
	"128.0.0.1:80",
	"128.0.0.1:8080",
	"172.16.0.1:80",
	"172.16.0.1:8080",
	"192.168.0.1:80",
	"192.168.0.1:8080",
	"200.1.1.1:80",
	"200.1.1.1:8080",
	"203.0.113.1:1",
	"223.0.0.1:80",
	"223.0.0.1:8080",
	"1.0.0.1:80",
	"1.0.0.1:8080",
	"10.0.0.1:8080",
	"64.0.0.1:80",
	"64.0.0.1:8080",
	"udp 127.0.0.1:80",
	"udp 128.0.0.1:80",
	"udp 172.16.0.1:80",
	"udp 192.168.0.1:80",
	"udp 200.1.1.1:80",
	"udp 223.0.0.1:80",
	"udp 1.0.0.1:80",
	"udp 10.0.0.1:80",
	"udp 64.0.0.1:80",
	"sctp 10.0.0.1:80",
	"[9000::1]:80",
	"[c000::1]:80",
	"[fd00::1]:80",
	"[1::1]:80",
	"[2001:db8::ffff:1]:80",
	"[2001:db8::1]:80",
	"[2001:db8:0:1::1]:80",
	"[7000::1]:80",
	"fwm 5",
	"fwm 5 IPv6",
	"fwm 10",
	"fwm 10 IPv6",
	"fwm 2147483647",
	"fwm 2147483647 IPv6",
	"fwm -2147483647",
	"fwm -2147483647 IPv6",
	"fwm 1",
	"fwm 1 IPv6",
	NULL
};

static const char *const servers_kernel[] = {
	"[fd00::1]:1",
	"[2001:db8::1]:1",
	"200.1.1.1:8080",
	"200.1.1.1:80",
	"64.0.0.1:8080",
	"64.0.0.1:80",
	"1.0.0.1:8080",
	"1.0.0.1:80",
	"223.0.0.1:8080",
	"223.0.0.1:80",
	"172.16.0.1:8080",
	"172.16.0.1:80",
	"128.0.0.1:8080",
	"128.0.0.1:80",
	"127.9.0.1:8080",
	"127.9.0.1:80",
	"192.168.0.1:8080",
	"192.168.0.1:80",
	"10.0.0.1:8080",
	"10.0.0.1:80",
	NULL
};

static const char *const servers_sorted[] = {
	"127.9.0.1:80",
	"127.9.0.1:8080",
	"128.0.0.1:80",
	"128.0.0.1:8080",
	"172.16.0.1:80",
	"172.16.0.1:8080",
	"192.168.0.1:80",
	"192.168.0.1:8080",
	"200.1.1.1:80",
	"200.1.1.1:8080",
	"223.0.0.1:80",
	"223.0.0.1:8080",
	"[fd00::1]:1",
	"1.0.0.1:80",
	"1.0.0.1:8080",
	"10.0.0.1:80",
	"10.0.0.1:8080",
	"[2001:db8::1]:1",
	"64.0.0.1:80",
	"64.0.0.1:8080",
	NULL
};

static void read_service(const char *text, struct service *svc)
{
	memset(svc, 0, sizeof(*svc));
	svc->protocol = IPPROTO_TCP;
	svc->vip.af = AF_INET;
	if (!strncmp(text, "fwm ", 4)) {
		svc->fwmark = strtoll(text + 4, NULL, 10);
		if (strstr(text, "IPv6"))
			svc->vip.af = AF_INET6;
		return;
	}
	if (!strncmp(text, "udp ", 4))
		svc->protocol = IPPROTO_UDP;
	if (!strncmp(text, "sctp ", 5))
		svc->protocol = IPPROTO_SCTP;
	text = strrchr(text, ' ') ? strrchr(text, ' ') + 1 : text;
	CHECK(parse_endpoint(text, 0, 0, &svc->vip));
}

static void test_services(void)
{
	struct list list = { 0 };
	struct service svc;
	size_t i;

	for (i = 0; services_kernel[i]; i++) {
		read_service(services_kernel[i], &svc);
		CHECK(!list_add(&list, &svc, sizeof(svc)));
	}
	CHECK(!list_sort(&list, service_compare));
	for (i = 0; services_sorted[i]; i++) {
		read_service(services_sorted[i], &svc);
		CHECK(i < list.len && !memcmp(&svc, list.item[i], sizeof(svc)));
	}
	CHECK(i == list.len);
	list_free(&list);
}

static void test_dests(void)
{
	struct list list = { 0 };
	struct dest dst;
	size_t i;

	for (i = 0; servers_kernel[i]; i++) {
		dest_init(&dst);
		CHECK(parse_endpoint(servers_kernel[i], 0, 0, &dst.rip));
		CHECK(!list_add(&list, &dst, sizeof(dst)));
	}
	CHECK(!list_sort(&list, dest_compare));
	for (i = 0; servers_sorted[i]; i++) {
		dest_init(&dst);
		CHECK(parse_endpoint(servers_sorted[i], 0, 0, &dst.rip));
		CHECK(i < list.len && !memcmp(&dst, list.item[i], sizeof(dst)));
	}
	CHECK(i == list.len);
	list_free(&list);
}

static void test_nothing(void)
{
	struct list none = { 0 };

	CHECK(!list_sort(&none, dest_compare));
	list_free(&none);
}

const struct test order_tests[] = {
	{ "order: an empty list", test_nothing },
	{ "order: services", test_services },
	{ "order: servers", test_dests },
	{}
};
