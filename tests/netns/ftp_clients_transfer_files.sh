#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Files go each way byte for byte between vsftpd and curl and Python's ftplib: active and
# passive, PASV and EPSV, PORT and EPRT, IPv4 and IPv6; all is counted at the server.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/ftp.sh
. "$here/topo/ftp.sh"
# shellcheck source=tests/ftp_files.sh
. "$here/ftp_files.sh"

size=200000
load_module "$module"
must load_ftp "$module"
topo_ftp 1
must on director "$ipvsadm" -R <<END
-A -t $vip:21 -s rr
-a -t $vip:21 -r 10.2.0.11 -m
-A -t [$vip6]:21 -s rr
-a -t [$vip6]:21 -r [fd02::11]:21 -m
END
ftp_file $size
serve_vsftpd rs1 10.2.0.11
by_curl "EPSV" $vip 21
by_curl "EPSV, IPv6" $vip6 21
by_curl "PASV" $vip 21 --disable-epsv
by_curl "EPRT" $vip 21 --ftp-port -
by_curl "EPRT, IPv6" $vip6 21 --ftp-port -
by_curl "PORT" $vip 21 --ftp-port - --disable-eprt
by_ftplib "passive" $vip 21 passive
by_ftplib "active" $vip 21 active
bytes_counted $size
