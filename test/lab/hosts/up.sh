#!/bin/bash
# up.sh: brings up the hosts of a lab (parameters: settings.sh) and waits until each takes SSH and RDP.
# Prints LAB_NAME when all is well; on a failure takes down what it started.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/settings.sh"

[ "$(id -u)" = 0 ] || fail 'must run as root: it makes namespaces, mounts and a bridge'
[ ${#LAB_NAME} -le 8 ] || fail "LAB_NAME=$LAB_NAME is longer than 8 characters"
[ ! -e "$LABS/$LAB_NAME" ] || fail "lab $LAB_NAME is up already in $(readlink "$LABS/$LAB_NAME"): take it down, or choose another NET"
for host in $HOSTS; do describe_host "$host"; done
[ -n "$NET" ] && is_free "$NET" || fail "network ${NET:-10.213.7 to 10.213.19} is already on this machine: choose another NET"

LAB=${LAB:-$(mktemp -d "${TMPDIR:-/tmp}/usher-lab.XXXXXX")}
mkdir -p "$LAB" "$LABS"
ln -s "$LAB" "$LABS/$LAB_NAME"
trap '[ $? = 0 ] || { show_consoles >&2; "$here/down.sh" "$LAB_NAME"; }' EXIT
trap 'exit 130' INT TERM HUP

show_consoles() {
  for host in $HOSTS; do
    [ ! -e "$LAB/hosts/$host/console" ] || { echo "console of $host:"; tail -n 15 "$LAB/hosts/$host/console"; }
  done
}

# The private directory: a tmpfs, and in it a cgroup tree whose groups are the hosts.
mount -t tmpfs -o mode=755 usher-lab "$LAB"
mkdir -p "$LAB"/{cgroup,processes,hosts,clients,home/.ssh}
mount -t cgroup2 cgroup2 "$LAB/cgroup"
cp -r "$here/guest" "$LAB/guest"

# Whoever uses the lab lives in $LAB/home: one key for all users of all hosts.
ssh_dir=$LAB/home/.ssh
chmod 700 "$ssh_dir"
ssh-keygen -q -t ed25519 -N '' -C usher-lab -f "$ssh_dir/id_ed25519"
cp "$ssh_dir/id_ed25519.pub" "$LAB/guest/authorized_keys"
openssl passwd -6 "$PASSWORD" >"$LAB/guest/password-hash"
: >"$ssh_dir/known_hosts"
# Absolute paths, since OpenSSH takes ~ from the passwd entry and not from HOME.
for host in $HOSTS; do
  describe_host "$host"
  printf 'Host %s\n  HostName %s\n' "$host" "$NET.$octet"
done >"$ssh_dir/config"
printf '%s\n' "Host $HOSTS $NET.*" "  IdentityFile $ssh_dir/id_ed25519" "  UserKnownHostsFile $ssh_dir/known_hosts" >>"$ssh_dir/config"

ip link add "$LAB_NAME" address "02:00:00:00:00:01" type bridge
ip addr add "$NET.1/24" dev "$LAB_NAME"
ip link set "$LAB_NAME" up

start_host() {
  local host=$1 address=$NET.$octet dir=$LAB/hosts/$1 group=$LAB/cgroup/$LAB_NAME-$1
  mkdir -p "$dir"/{up,work,root} "$group"
  ssh-keygen -q -t ed25519 -N '' -C "$host" -f "$dir/ssh_host_ed25519_key"
  echo "$host,$address $(cut -d ' ' -f 1,2 "$dir/ssh_host_ed25519_key.pub")" >>"$ssh_dir/known_hosts"

  setsid bash -c 'echo $$ >"$1/cgroup.procs"; shift; exec "$@"' - "$group" \
    unshare --net --mount --pid --uts --ipc --cgroup --fork --kill-child=KILL \
    "$here/enter-root.sh" "$host" "$address" "$LAB" "$root" "$init" "$session_type" "$password_logon" \
    >"$dir/console" 2>&1 </dev/null &
  local outer=$! init_pid
  remember_process $outer
  wait_for 5 child_of $outer || fail "host $host did not start"
  init_pid=$child
  ip link add "$LAB_NAME-$host" type veth peer name eth0 netns "$init_pid"
  ip link set "$LAB_NAME-$host" master "$LAB_NAME" up
  printf '%s\t%s\t%s\t%s\n' "$host" "$address" "$init_pid" "$outer" >>"$LAB/hosts.tsv"
}

is_ready() { [ -e "/proc/$init_pid/root/run/lab/ready" ] && listens_on 22 && listens_on 3389; }

listens_on() { [ -n "$(nsenter --target "$init_pid" --net ss -ltnH "sport = :$1")" ]; }

for host in $HOSTS; do
  describe_host "$host"
  [ "$root" = / ] || "$here/trixie-root.sh"
  start_host "$host"
done
mapfile -t started <"$LAB/hosts.tsv"
for line in "${started[@]}"; do
  read -r host address init_pid _ <<<"$line"
  wait_for 60 is_ready || fail "host $host ($address) is not ready after 60 s"
done
echo "$LAB_NAME"
