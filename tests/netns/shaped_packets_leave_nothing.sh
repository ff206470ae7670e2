#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: uml
#
# Packets of a grammar meet connections of every kind: the kernel has nothing to report,
# of sound packets all that leaves has the right lengths and checksums, and in the end
# connections, namespaces, the module and all packets are gone.
#
# TEST_PACKETS says how many, TEST_SEED which, TEST_FIRST from which number on; "make
# fuzz-shapes" sends a million.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

load_module "$module"
PYTHONDONTWRITEBYTECODE=1 must python3 "$here/packets/shaped.py" --ko "$our_ko" \
	--ipvsadm "$our_ipvsadm" --packets "${TEST_PACKETS:-20000}" \
	--seed "${TEST_SEED:-1}" --first "${TEST_FIRST:-0}"
