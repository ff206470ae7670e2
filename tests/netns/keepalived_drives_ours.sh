#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Debian's keepalived on our module: a server that fails its TCP or HTTP check
# leaves the table and comes back; below the quorum the sorry server is in; a
# reload changes what differs and nothing else; a service has a persistence engine.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

keepalived=/usr/sbin/keepalived
[ -x "$keepalived" ] || fail "no keepalived: run scripts/setup --test"
load_module "$module"
[ "$module" = ours ] || must modprobe --ignore-install ip_vs_pe_sip
topo_nat 3

# A server a process, so that each can die alone.
declare -A tcp
serve_tcp() { # RS
	serve tcp "rs$1=10.2.0.1$1:80"
	tcp[$1]=${pids[-1]}
}
for i in 1 2 3; do
	serve_tcp $i
	mkdir "$scratch/www$i"
	echo yes >"$scratch/www$i/alive"
	background on "rs$i" python3 -m http.server --directory "$scratch/www$i" 8080 \
		>/dev/null 2>&1
done
for i in 1 2 3; do
	wait_for 60 on director curl -sf --max-time 5 "http://10.2.0.1$i:8080/alive" ||
		fail "no HTTP server on rs$i"
done

config() { # WEIGHT-OF-RS2
	cat <<-END
		global_defs {
			router_id test
		}
		virtual_server $vip 5060 {
			lb_algo rr
			lb_kind NAT
			persistence_timeout 60
			persistence_engine sip
			protocol UDP
			real_server 10.2.0.11 5060 {
				weight 1
			}
		}
		virtual_server $vip 80 {
			delay_loop 1
			lb_algo wrr
			lb_kind NAT
			protocol TCP
			sorry_server 10.2.0.13 80
			real_server 10.2.0.11 80 {
				weight 3
				TCP_CHECK {
					connect_timeout 10
					delay_before_retry 1
				}
			}
			real_server 10.2.0.12 80 {
				weight $1
				TCP_CHECK {
					connect_timeout 10
					delay_before_retry 1
				}
			}
		}
		virtual_server $vip 8080 {
			delay_loop 1
			lb_algo rr
			lb_kind NAT
			persistence_timeout 50
			protocol TCP
			quorum 2
			sorry_server 10.2.0.13 8080
	END
	for i in 1 2; do
		cat <<-END
				real_server 10.2.0.1$i 8080 {
					weight 1
					HTTP_GET {
						url {
							path /alive
							status_code 200
						}
						connect_timeout 10
						delay_before_retry 1
					}
				}
		END
	done
	echo "}"
}

# "SERVICE SERVER=WEIGHT..." of one service, sorted
servers() { # PORT
	on director "$stock_ipvsadm" -Sn |
		sed -n "s/^-a -t $vip:$1 -r 10.2.0.1\([0-9]\):.* -w \([0-9]*\)$/\1=\2/p" |
		sort | xargs
}
has() { # PORT SERVERS
	[ "$(servers "$1")" = "$2" ]
}
becomes() { # WHAT PORT SERVERS
	wait_for 90 has "$2" "$3" ||
		fail "$1: wanted '$3', the table has '$(servers "$2")': $(tail -20 "$scratch/log")"
}

config 1 >"$scratch/conf"
background on director "$keepalived" --check --dont-fork --log-console --no-syslog \
	--use-file "$scratch/conf" --pid "$scratch/pid" --checkers_pid "$scratch/checkers" \
	>"$scratch/log" 2>&1
becomes "at first" 80 "1=3 2=1"
becomes "at first" 8080 "1=1 2=1"
expect "the services" "-A -t $vip:80 -s wrr
-A -t $vip:8080 -s rr -p 50
-A -u $vip:5060 -s rr -p 60 --pe sip" "$(on director "$stock_ipvsadm" -Sn | grep '^-A' | sort)"

# --- TCP_CHECK, weights, sorry server ---------------------------------------------
kill -9 "${tcp[1]}"
becomes "rs1 died" 80 "2=1"
expect "new connections" "rs2
rs2" "$(on client "$traffic" ask tcp $vip:80 2)"
kill -9 "${tcp[2]}"
becomes "both died" 80 "3=1"
expect "the sorry server" "rs3" "$(on client "$traffic" ask tcp $vip:80 1)"
serve_tcp 1
becomes "rs1 came back" 80 "1=3"
serve_tcp 2
becomes "rs2 came back" 80 "1=3 2=1"
expect "by weight" "3 rs1
1 rs2" "$(on client "$traffic" ask tcp $vip:80 4 | sort | uniq -c | sed 's/^ *//')"

# --- HTTP_GET, quorum -------------------------------------------------------------
rm "$scratch/www1/alive"
becomes "below the quorum" 8080 "3=1"
echo yes >"$scratch/www1/alive"
becomes "quorum again" 8080 "1=1 2=1"

# --- reload -------------------------------------------------------------------------
counted() {
	on director "$stock_ipvsadm" -ln --stats --exact -t $vip:80 |
		awk '/10.1.0.100/ { print $3 } /10.2.0.11/ { print $3 }' | xargs
}
# All connections above; those of rs1 are of the last four. The in-tree module's counters
# lag two seconds behind.
before="7 3"
all_counted() {
	[ "$(counted)" = "$before" ]
}
wait_for 30 all_counted || fail "connections of the service and of rs1: $(counted)"
config 5 >"$scratch/conf"
kill -HUP "$(cat "$scratch/pid")"
becomes "weight changed" 80 "1=3 2=5"
becomes "untouched by the reload" 8080 "1=1 2=1"
expect "counters of the service and of rs1 across the reload" "$before" "$(counted)"
sed -i '/virtual_server.* 8080/,$d' "$scratch/conf"
kill -HUP "$(cat "$scratch/pid")"
becomes "service removed" 8080 ""
expect "the other one stays" "1=3 2=5" "$(servers 80)"
expect "and its counters" "$before" "$(counted)"

# --- the end ------------------------------------------------------------------------
kill -TERM "$(cat "$scratch/pid")"
empty() {
	[ -z "$(on director "$stock_ipvsadm" -Sn)" ]
}
wait_for 60 empty || fail "it left: $(on director "$stock_ipvsadm" -Sn)"
