#!/bin/bash
# open-session.sh USER WIDTHxHEIGHT: opens a session that no client has connected to yet. Makes the user where it is missing.
set -euo pipefail
user=$1 size=$2
id -- "$user" >/dev/null 2>&1 ||
  useradd --create-home --shell /bin/bash --password "$(cat /run/lab/password-hash)" "$user"
type=$(sed -n 's/^autorun=//p' /etc/xrdp/xrdp.ini)
server=()
case $(xrdp --version | head -n 1) in *' 0.9.'*) server=(-s ::1) ;; esac
xrdp-sesrun "${server[@]}" -t "$type" -g "$size" -F 0 "$user"
