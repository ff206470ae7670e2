#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
#
# Mutants of every packet in tests/packets/ meet services of every kind: the kernel
# has nothing to report, and all connections, namespaces and the module go.
#
# TEST_PACKETS says how many, TEST_SEED which; "make fuzz-packets" sends a million.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

load_module "$module"
PYTHONDONTWRITEBYTECODE=1 must python3 "$here/packets/fuzz.py" --ko "$our_ko" \
	--mutate "$here/out/mutate" --ipvsadm "$our_ipvsadm" \
	--packets "${TEST_PACKETS:-20000}" --seed "${TEST_SEED:-1}"
