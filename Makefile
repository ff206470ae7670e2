# SPDX-License-Identifier: GPL-2.0-only
#
# ip_vs and ipvsadm: "make help" lists the targets.

# The kernel to build for: the running one if its headers are here, else the
# newest that has headers.
KDIR ?= $(firstword $(wildcard /lib/modules/$(shell uname -r)/build) \
	$(shell ls -d /lib/modules/*/build 2>/dev/null | sort -rV))
DESTDIR ?=
# In ipvsadm/ a relative path would be another.
override DESTDIR := $(abspath $(DESTDIR))
V ?= 0

# What the kernel calls itself; Debian's kernel.release has another number.
RELEASE = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
	$(KDIR)/include/generated/utsrelease.h 2>/dev/null)
MODDIR = $(DESTDIR)/lib/modules/$(RELEASE)/updates
MODPROBE_D = $(DESTDIR)/etc/modprobe.d
PREFIX ?= /usr
INCLUDEDIR ?= $(PREFIX)/include
# A kernel without xtables has no match.
MODULES = ip_vs.ko ip_vs_ftp.ko xt_ipvs.ko
HEADER = include/uapi/linux/ip_vs_ext.h

.PHONY: all module ipvsadm check test unit cli demo bench bench-cli bench-sched \
	bench-tables uml kunit race slow load soak concurrency matrix-test arch-test \
	fuzz-packets fuzz-shapes fuzz-control \
	install uninstall clean help kdir

all: module ipvsadm

kdir:
	@[ -n "$(RELEASE)" ] || { \
		echo "no kernel headers found: run scripts/setup, or set KDIR" >&2; \
		exit 1; }

module: kdir
	@$(MAKE) --no-print-directory -C $(KDIR) M=$(CURDIR) V=$(V) modules

ipvsadm:
	@$(MAKE) --no-print-directory -C ipvsadm

check:
	scripts/setup --test
	scripts/check

# Everything but the sanitizer tier, in emulated machines.
test:
	scripts/setup --test
	@$(MAKE) --no-print-directory -j$(shell nproc) all
	tests/run unit tables netns

unit:
	tests/run unit

cli: ipvsadm
	tests/run cli

uml:
	tests/run kunit uml

kunit:
	tests/run kunit

race: ipvsadm
	tests/run race

slow: all
	tests/run slow

load: all
	tests/run load

# Ten minutes under KASAN and lockdep, ten more with processors in parallel.
concurrency: all
	TEST_SECONDS=$${TEST_SECONDS:-600} \
		TEST_RUNNER='scripts/uml --timeout 3000' \
		tests/run all_at_once_harms_nobody
	TEST_SECONDS=$${TEST_SECONDS:-600} \
		TEST_RUNNER='scripts/vm --parallel --timeout 3000' \
		tests/run all_at_once_harms_nobody

soak: all
	TEST_SECONDS=$${TEST_SECONDS:-1800} \
		TEST_RUNNER='scripts/vm --timeout 4000' \
		tests/run every_request_is_answered_while_all_changes

matrix-test:
	scripts/matrix --test

# The module's unit tests with 32 bits, and big endian.
arch-test:
	scripts/setup --arch
	scripts/arch-test

# A million mutated packets on the sanitizer kernel.
fuzz-packets: ipvsadm
	TEST_PACKETS=$${TEST_PACKETS:-1000000} TEST_TIMEOUT=3500 \
		TEST_RUNNER='scripts/uml --timeout 3600' \
		tests/run mutated_packets_leave_nothing

# A million packets of a grammar, there too.
fuzz-shapes: ipvsadm
	TEST_PACKETS=$${TEST_PACKETS:-1000000} TEST_TIMEOUT=14000 \
		TEST_RUNNER='scripts/uml --timeout 14400' \
		tests/run shaped_packets_leave_nothing

# A million things said to the control plane, there as well.
fuzz-control: ipvsadm
	TEST_MESSAGES=$${TEST_MESSAGES:-1000000} TEST_TIMEOUT=7000 \
		TEST_SEED=$${TEST_SEED:-$(shell date +%s)} \
		TEST_RUNNER='scripts/uml --timeout 7200' \
		tests/run wrong_requests_harm_nobody

demo:
	scripts/demo

bench: module
	scripts/bench

bench-cli: all
	scripts/bench-cli

bench-sched: module
	scripts/bench-sched

bench-tables: module
	scripts/bench-tables

# "updates" is where depmod looks before the distribution's own modules; the
# modprobe file makes the schedulers' module names mean ours.
# Not the kernel's modules_install: it complains of keys and maps that only the
# kernel's own build has.
install: all
	install -d $(MODDIR)
	@for m in $(MODULES); do \
		[ -f kernel/$$m ] || continue; \
		install -m 644 kernel/$$m $(MODDIR) && \
			strip --strip-debug $(MODDIR)/$$m || exit 1; \
	done
	install -D -m 644 scripts/modprobe.conf $(MODPROBE_D)/ip_vs.conf
	$(MAKE) --no-print-directory -C ipvsadm install DESTDIR=$(DESTDIR)
	install -D -m 644 $(HEADER) $(DESTDIR)$(INCLUDEDIR)/linux/ip_vs_ext.h
	@[ -n "$(DESTDIR)" ] || depmod $(RELEASE)

uninstall: kdir
	rm -f $(addprefix $(MODDIR)/,$(MODULES)) $(MODPROBE_D)/ip_vs.conf
	-@rmdir $(MODDIR) 2>/dev/null || true
	rm -f $(DESTDIR)$(INCLUDEDIR)/linux/ip_vs_ext.h
	$(MAKE) --no-print-directory -C ipvsadm uninstall DESTDIR=$(DESTDIR)
	@[ -n "$(DESTDIR)" ] || depmod $(RELEASE)

clean:
	@[ -z "$(RELEASE)" ] || \
		$(MAKE) --no-print-directory -C $(KDIR) M=$(CURDIR) clean
	@[ -z "$(RELEASE)" ] || $(MAKE) --no-print-directory -C $(KDIR) \
		M=$(CURDIR)/tests/tools/softirqs clean
	@[ ! -f ipvsadm/Makefile ] || \
		$(MAKE) --no-print-directory -C ipvsadm clean
	@for m in tests/unit/Makefile tests/unit/*/Makefile; do \
		[ ! -f "$$m" ] || $(MAKE) --no-print-directory -C "$${m%/*}" clean; \
	done

help:
	@echo 'make             build the modules and ipvsadm'
	@echo 'make module      kernel/ip_vs.ko and xt_ipvs.ko for KDIR=$(KDIR)'
	@echo 'make ipvsadm     ipvsadm/ipvsadm'
	@echo 'make demo        a director, two servers and a client, in a virtual machine;'
	@echo '                 MODE=nat, nat6, dr, tun or all; two directors, of which one'
	@echo '                 dies: failover, ecmp'
	@echo 'make test        unit, command line and network tests'
	@echo 'make unit, cli   one tier alone'
	@echo 'make uml         unit and network tests on a kernel full of sanitizers'
	@echo 'make kunit       unit tests inside that kernel, alone'
	@echo 'make race        tests of what happens at the same time, where data races are'
	@echo '                 reported'
	@echo 'make fuzz-packets  a million mutated packets, on the same kernel'
	@echo 'make fuzz-shapes   a million packets of a grammar, there too'
	@echo 'make matrix-test the network tests on 6.1, 6.12 and the newest kernel (hours)'
	@echo 'make arch-test   unit tests of the module with 32 bits, and big endian'
	@echo 'make fuzz-control  a million wrong requests to the control plane, there too'
	@echo 'make slow        long comparisons with the in-tree module'
	@echo 'make load        a million connections, floods, the largest tables'
	@echo 'make concurrency everything that changes at once, beside traffic (twenty minutes)'
	@echo 'make soak        half an hour of real traffic, a change every second'
	@echo 'make bench       instructions a packet: ours, in-tree, plain forwarding'
	@echo 'make bench-cli   restore, list and save a large table: ours and stock'
	@echo 'make bench-sched instructions a new connection, by scheduler and servers'
	@echo 'make bench-tables  add, edit, dump and flush 100,000 servers, against in-tree'
	@echo 'make check       every static gate'
	@echo 'make install     modules, ipvsadm, man pages, services (DESTDIR)'
	@echo 'make uninstall   undo that'
	@echo 'make clean'
	@echo 'scripts/setup installs what a build needs (Debian), "scripts/setup --test" what'
	@echo 'the rest needs; test, demo and check do so themselves.'
