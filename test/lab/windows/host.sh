#!/bin/bash
# host.sh DIRECTORY: one Windows-like session host on 127.0.0.1: smbd, and behind its pipe sockets the endpoint. Runs until
# its process or who started it is ended, and nothing of it outlives that: all of it is in a process namespace of its own.
#   PORT                    where smbd listens
#   ENCRYPT                 off, desired or required
#   SIGNING                 mandatory, auto or disabled
#   MIN_PROTOCOL, MAX_PROTOCOL   SMB2_02 SMB2_10 SMB3_00 SMB3_02 SMB3_11
#   ENDPOINT                what serves the pipes, with the settings as its last argument; the Python of endpoint/ by default
#   ADMIN_PASSWORD, PLAIN_PASSWORD   of tsadmin and plain
#   NTLM                    whether NTLM is let in: ntlmv2-only or disabled
#   REGISTRY                whether smbd has its registry: yes or no
#   CLOCK                   seconds that smbd's clock is ahead; behind, where negative
# The directory has settings.json, what the endpoint is to do. Both say in it what happens: smbd.log, endpoint.log.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
directory=$1
if [ -z "${INSIDE:-}" ]; then
  INSIDE=yes exec setpriv --pdeathsig KILL unshare --mount --uts --pid --fork --kill-child --mount-proc "$here/host.sh" "$directory"
fi

hostname oracle
cd "$directory"
# smbd looks its own name up before it answers the first word: a name server that is silent must not hold that up.
printf '127.0.0.1 localhost oracle\n' >hosts
mount --bind hosts /etc/hosts
mkdir -p private state cache lock run ncalrpc/np logs
# smbd serves its own pipes as the user who asks, who must get through to its directories.
chmod 711 .
chmod 755 ncalrpc
chmod 700 private ncalrpc/np

# Samba wants an account of the system behind each of its users.
cp /etc/passwd /etc/group .
printf '%s:x:%s:65534::/nonexistent:/usr/sbin/nologin\n' tsadmin 64001 plain 64002 >>passwd
mount --bind passwd /etc/passwd

cat >smb.conf <<TEXT
[global]
  workgroup = ORACLE
  netbios name = ORACLE
  server role = standalone server
  server string = Usher lab
  interfaces = 127.0.0.1/8
  bind interfaces only = yes
  smb ports = $PORT
  disable netbios = yes
  load printers = no
  disable spoolss = yes
  map to guest = never
  passdb backend = tdbsam
  private dir = $directory/private
  state directory = $directory/state
  cache directory = $directory/cache
  lock directory = $directory/lock
  pid directory = $directory/run
  ncalrpc dir = $directory/ncalrpc
  log file = $directory/logs/smbd
  log level = 0 auth_json_audit:3
  server signing = $SIGNING
  smb encrypt = $ENCRYPT
  server min protocol = $MIN_PROTOCOL
  server max protocol = $MAX_PROTOCOL
  ntlm auth = $NTLM
  rpc start on demand helpers = $REGISTRY
  admin users = tsadmin
TEXT

add_user() { printf '%s\n%s\n' "$2" "$2" | smbpasswd -c smb.conf -s -a "$1" >/dev/null; }
add_user tsadmin "$ADMIN_PASSWORD"
add_user plain "$PLAIN_PASSWORD"
# smbd takes nobody else for an administrator who logs on inside RPC: for its own registry.
add_user root "$ADMIN_PASSWORD"
printf '%s\n' {ORACLE,,.}:{"tsadmin:$ADMIN_PASSWORD","plain:$PLAIN_PASSWORD","root:$ADMIN_PASSWORD"} >ntlm-users
chmod 600 ntlm-users

read -ra serve <<<"${ENDPOINT:-$USHER_WINDOWS_LAB_PYTHON $here/endpoint}"
NTLM_USER_FILE=$directory/ntlm-users "${serve[@]}" "$directory/settings.json" >endpoint.out 2>&1 &
if [ "$CLOCK" != 0 ]; then
  # Only the calendar's clock: timers go on as they do.
  export LD_PRELOAD=/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1 FAKETIME=${CLOCK}s DONT_FAKE_MONOTONIC=1
  case $CLOCK in -*) ;; *) FAKETIME=+$FAKETIME ;; esac
fi
exec smbd --foreground --no-process-group --configfile="$directory/smb.conf" --debug-stdout >smbd.log 2>&1
