#!/bin/bash
# connect.sh LAB_NAME USER HOST [xfreerdp arguments]: a real FreeRDP client on a PC of its own (network and X server).
# CLIENT_NAME is the PC's name, SIZE its screen's, PASSWORD the user's. Prints: directory, address, pids of the
# PC (outside), of its first process and of xfreerdp.
# It ends with kill -KILL of the PC's pid, or with the lab.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
LAB_NAME=$1 user=$2 host=$3; shift 3
. "$here/../hosts/settings.sh"
LAB=$(readlink "$LABS/$LAB_NAME") || fail "no lab is called $LAB_NAME"
CLIENT_NAME=${CLIENT_NAME:-PC-${user^^}} SIZE=${SIZE:-800x600}
NET=$(awk -F '[\t.]' 'NR == 1 { print $2 "." $3 "." $4 }' "$LAB/hosts.tsv")

octet=101
until mkdir "$LAB/clients/$octet" 2>/dev/null; do
  octet=$((octet + 1))
  [ $octet -lt 255 ] || fail 'all addresses for clients are taken'
done
dir=$LAB/clients/$octet
mkdir -m 1777 "$dir/tmp"

setsid unshare --net --mount --pid --uts --ipc --fork --kill-child=KILL \
  "$here/pc.sh" "$NET.$octet" "$SIZE" "$dir" >"$dir/console" 2>&1 </dev/null &
pc=$!
remember_process $pc
trap '[ $? = 0 ] || { kill -KILL $pc; rm -r "$dir"; }' EXIT
wait_for 5 child_of $pc || fail "the PC did not start: $(cat "$dir/console")"
pc_init=$child
ip link add "$LAB_NAME-c$octet" type veth peer name eth0 netns "$pc_init"
ip link set "$LAB_NAME-c$octet" master "$LAB_NAME" up
wait_for 10 test -s "$dir/tmp/display" || fail "no X server on the PC: $(cat "$dir/console" "$dir/tmp/xvfb.log")"

setsid nsenter --target "$pc_init" --net --mount --pid --uts --ipc \
  env DISPLAY=:1 HOME=/tmp xfreerdp "/v:$host" "/u:$user" "/p:$PASSWORD" "/client-hostname:$CLIENT_NAME" "/size:$SIZE" \
  /cert:ignore /log-level:WARN "$@" >"$dir/tmp/xfreerdp.log" 2>&1 </dev/null &
wait_for 5 child_of $! || fail "xfreerdp did not start: $(cat "$dir/tmp/xfreerdp.log")"
printf '%s\t%s\t%s\t%s\t%s\n' "$dir" "$NET.$octet" "$pc" "$pc_init" "$child"
