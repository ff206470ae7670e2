#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A namespace without services costs next to nothing, however many CPUs the machine
# has: what packets need comes with the first service.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
[ -z "${UML:-}" ] || skip "red zones and lock classes are not what is measured"

many=200
cat >"$scratch/spaces.py" <<'END_OF_PYTHON'
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
held = []
for _ in range(int(sys.argv[1])):
    if libc.unshare(0x40000000):
        sys.exit("unshare: " + os.strerror(ctypes.get_errno()))
    held.append(os.open("/proc/self/ns/net", os.O_RDONLY))
print("there", flush=True)
sys.stdin.read()
END_OF_PYTHON

# Large allocations and per-CPU areas are not in slabs.
used() {
	awk '/^(SUnreclaim|Percpu|VmallocUsed):/ { n += $2 } END { print n }' /proc/meminfo
}
# Bytes that loading costs with all namespaces that there are. The least of three:
# what others take meanwhile comes on top.
loading() {
	local before cost least=""
	for _ in 1 2 3; do
		unload_module
		before=$(used)
		load_module "$module"
		cost=$((($(used) - before) * 1024))
		[ -n "$least" ] && [ "$least" -le "$cost" ] || least=$cost
	done
	echo "$least"
}
# Once for all: the module itself, caches, work queues with something for each CPU,
# families.
once=$(loading)
# Nothing of a module that went may still be on its way out.
unload_module
coproc python3 "$scratch/spaces.py" $many
pids+=("$COPROC_PID")
read -r answer <&"${COPROC[0]}"
expect "the namespaces" there "$answer"
all=$(loading)
each=$(((all - once) / many))
echo "loading costs $once bytes alone, $all with $many namespaces more: $each bytes" \
	"each; CPUs: $(cat /sys/devices/system/cpu/possible)"

# The files of its settings are written before there is a service: 35 rows of 64
# bytes, as many nodes of 32, a folder, each rounded up to what the kernel gives.
settings=$((4096 + 2048 + 256))
[ "$each" -lt $((4096 + settings)) ] || fail "an empty namespace costs $each bytes"
