#!/bin/bash
# pc.sh ADDRESS WIDTHxHEIGHT DIR: first process of a PC's namespaces: a network card, an X server on :1 with the
# screen's pixels in DIR/tmp/screen, and nothing else. Ends only by SIGKILL from outside.
set -euo pipefail
address=$1 size=$2 dir=$3

until ip link show eth0 >/dev/null 2>&1; do sleep .02; done
ip link set lo up
ip addr add "$address/24" dev eth0
ip link set eth0 up
hostname "pc${address##*.}"

mount -t proc proc /proc
mount --bind "$dir/tmp" /tmp
mkdir /tmp/screen
exec 9>/tmp/display
Xvfb :1 -displayfd 9 -screen 0 "${size}x24" -nolisten tcp -fbdir /tmp/screen >/tmp/xvfb.log 2>&1 &
exec 9>&-
wait $!
