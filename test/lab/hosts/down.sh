#!/bin/bash
# down.sh [LAB_NAME]: ends everything a lab started, also one left behind by a run that died. Without a name: the only one.
set -uo pipefail
. "$(dirname "$0")/settings.sh"

name=${1:-}
if [ -z "$name" ]; then
  labs=$(ls "$LABS" 2>/dev/null)
  [ -n "$labs" ] || { echo 'no lab is up'; exit 0; }
  [ "$(wc -w <<<"$labs")" = 1 ] || fail "several labs are up, name one:" $labs
  name=$labs
fi
LAB=$(readlink "$LABS/$name") || fail "no lab is called $name"

# A process that the lab started: still there, and not another one with the same pid. A zombie is over.
is_running() {
  [ -n "$2" ] && [ "$(start_of "$1")" = "$2" ] && ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null
}
is_over() { ! is_running "$@"; }

for group in "$LAB"/cgroup/"$name"-*/; do
  [ ! -e "$group/cgroup.freeze" ] || echo 0 >"$group/cgroup.freeze"
done
# Ending a host's or a PC's first process ends its pid namespace, and with it all that ran there.
for file in "$LAB"/processes/*; do
  [ ! -e "$file" ] || ! is_running "${file##*/}" "$(cat "$file")" || kill -KILL "${file##*/}"
done
for file in "$LAB"/processes/*; do
  [ ! -e "$file" ] || wait_for 10 is_over "${file##*/}" "$(cat "$file")" || echo "lab: process ${file##*/} does not end" >&2
done

# The links' far ends went with their namespaces; here is what stays in this one.
for link in $(ip -o link show 2>/dev/null | awk -F '[ :@]+' -v name="$name" '$2 == name || index($2, name "-") == 1 { print $2 }'); do
  ip link del "$link" 2>/dev/null
done

remove_groups() { ! find "$LAB"/cgroup/"$name"-* -depth -type d -exec rmdir {} \; 2>&1 | grep -q .; }
# What a person's shell stands in is busy: that mount goes when the shell leaves.
unmount() { wait_for 5 umount --quiet "$1" 2>/dev/null || umount --lazy "$1"; }
if mountpoint -q "$LAB/cgroup"; then
  for group in "$LAB"/cgroup/"$name"-*/; do
    [ ! -d "$group" ] || wait_for 10 remove_groups || echo "lab: cgroups are left in $LAB/cgroup" >&2
  done
  unmount "$LAB/cgroup"
fi
! mountpoint -q "$LAB" || unmount "$LAB"
rm -f "$LABS/$name"
rmdir "$LABS" 2>/dev/null
rmdir "$LAB" || exit 1
