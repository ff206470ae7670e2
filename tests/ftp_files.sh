# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Files go each way between FTP servers and clients, in topo/ftp.sh.

# ftp_file BYTES: what is sent, and where it arrives
ftp_file() {
	mkdir -p "$scratch"/{ftp/up,empty}
	chmod 755 "$scratch" "$scratch/ftp" "$scratch/empty"
	chmod 777 "$scratch/ftp/up"
	head -c "$1" /dev/urandom >"$scratch/ftp/file"
	cat >"$scratch/files.py" <<-'END'
		import ftplib, sys
		host, port, mode, source, got, name = sys.argv[1:]
		with ftplib.FTP(timeout=600) as f:
		    f.connect(host, int(port))
		    f.login()
		    f.set_pasv(mode == 'passive')
		    with open(got, 'wb') as out:
		        f.retrbinary('RETR file', out.write)
		    with open(source, 'rb') as data:
		        f.storbinary('STOR up/' + name, data)
	END
}

# serve_vsftpd NS ADDRESS
serve_vsftpd() {
	cat >"$scratch/vsftpd.conf" <<-END
		listen_ipv6=YES
		anonymous_enable=YES
		no_anon_password=YES
		anon_root=$scratch/ftp
		anon_upload_enable=YES
		anon_umask=022
		write_enable=YES
		connect_from_port_20=YES
		secure_chroot_dir=$scratch/empty
		seccomp_sandbox=NO
		isolate=NO
		isolate_network=NO
		background=NO
		xferlog_enable=NO
	END
	background on "$1" vsftpd "$scratch/vsftpd.conf"
	wait_for 60 on "$1" curl -sf -o /dev/null "ftp://$2/" || fail "vsftpd does not answer"
}

# arrived FILE WHAT: as it was sent; it is removed
arrived() {
	cmp "$scratch/ftp/file" "$1" || fail "$2: other bytes"
	rm -f "$1"
	n_files=$((n_files + 1))
}
n_files=0

url_of() { # ADDRESS PORT
	case $1 in
	*:*) echo "ftp://[$1]:$2" ;;
	*) echo "ftp://$1:$2" ;;
	esac
}

# by_curl WHAT ADDRESS PORT OPTION...: down and up
by_curl() {
	local what="curl, $1" url
	url=$(url_of "$2" "$3")
	shift 3
	must on client curl -sS -m 3000 "$@" -o "$scratch/got" "$url/file"
	arrived "$scratch/got" "$what"
	must on client curl -sS -m 3000 "$@" -T "$scratch/ftp/file" "$url/up/file"
	arrived "$scratch/ftp/up/file" "$what, up"
}

by_ftplib() { # WHAT ADDRESS PORT passive|active
	must on client python3 "$scratch/files.py" "$2" "$3" "$4" \
		"$scratch/ftp/file" "$scratch/got" file
	arrived "$scratch/got" "ftplib, $1"
	arrived "$scratch/ftp/up/file" "ftplib, $1, up"
}

# bytes_counted BYTES: half of the files went up, half came down
bytes_counted() {
	local up down
	read -r up down < <(on director "$ipvsadm" -Ln --stats --exact |
		awk '/->/ && !/Remote/ { up += $6; down += $7 }
			END { printf "%.0f %.0f\n", up, down }')
	[ "$up" -ge $((n_files / 2 * $1)) ] || fail "bytes to the servers: $up"
	[ "$down" -ge $((n_files / 2 * $1)) ] || fail "bytes from the servers: $down"
}
