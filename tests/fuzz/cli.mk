# SPDX-License-Identifier: GPL-2.0-only
#
# make -f cli.mk run [TIME=seconds]: fuzz the parsers of ipvsadm

SRC		:= ../../ipvsadm
BUILD		:= ../unit/build/fuzz
CC		:= clang
TIME		?= 10
PACKAGES	:= libnl-3.0 libnl-genl-3.0 popt json-c
TARGETS		:= cli_line cli_address cli_reply cli_conn cli_filter

CPPFLAGS	+= -D_GNU_SOURCE -I$(SRC) $(shell pkg-config --cflags $(PACKAGES))
CFLAGS		?= -O1 -g
CFLAGS		+= -std=c11 -Wall -Wextra -fsanitize=fuzzer,address,undefined \
		   -fno-sanitize-recover=undefined
LDLIBS		+= $(shell pkg-config --libs $(PACKAGES))
SOURCES		:= $(filter-out $(SRC)/main.c,$(wildcard $(SRC)/*.c))

run: $(addprefix run-,$(TARGETS))

run-%: $(BUILD)/%
	mkdir -p $(BUILD)/corpus/$*
	$< -max_total_time=$(TIME) -timeout=10 -verbosity=0 -max_len=4096 \
		$(if $(wildcard $*.dict),-dict=$*.dict) \
		-artifact_prefix=$(BUILD)/ $(BUILD)/corpus/$*

$(BUILD)/%: %.c $(SOURCES)
	mkdir -p $(BUILD)
	$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $^ $(LDLIBS)

clean:
	$(RM) -r $(BUILD)

.PHONY: run clean
.PRECIOUS: $(BUILD)/%
