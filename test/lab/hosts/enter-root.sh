#!/bin/bash
# enter-root.sh NAME ADDRESS LAB ROOT INIT SESSION_TYPE PASSWORD_LOGON
# First process in a host's namespaces: lays a copy-on-write view of ROOT, moves into it and becomes the host's init.
set -euo pipefail
name=$1 address=$2 lab=$3 lower=$4 init=$5 session_type=$6 password_logon=$7
here=$lab/hosts/$name
R=$here/root

until ip link show eth0 >/dev/null 2>&1; do sleep .02; done
ip link set lo up
ip addr add "$address/24" dev eth0
ip link set eth0 up
hostname "$name"

mount -t overlay overlay -o "lowerdir=$lower,upperdir=$here/up,workdir=$here/work" "$R"
mount -t proc proc "$R/proc"
mount -t sysfs -o "$([ "$init" = systemd ] && echo rw || echo ro)" sysfs "$R/sys"
[ "$init" = plain ] || mount -t cgroup2 cgroup2 "$R/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$R/run"
mount -t tmpfs -o mode=1777 tmpfs "$R/tmp"

mount -t tmpfs -o mode=755 tmpfs "$R/dev"
for device in null zero full random urandom tty fuse; do
  [ -e /dev/$device ] || continue
  touch "$R/dev/$device"
  mount --bind /dev/$device "$R/dev/$device"
done
mkdir "$R/dev/pts" "$R/dev/shm"
mount -t devpts -o newinstance,gid=5,mode=620,ptmxmode=666 devpts "$R/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$R/dev/shm"
ln -s pts/ptmx "$R/dev/ptmx"
ln -s /proc/self/fd "$R/dev/fd"
for fd in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${fd%:*}" "$R/dev/${fd#*:}"; done

cp -r "$lab/guest" "$R/run/lab"
cp "$here"/ssh_host_ed25519_key* "$R/run/lab"
cd "$R"
pivot_root . .
umount -l .
exec env -i container=lab LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  chroot . /bin/bash -c '/run/lab/configure.sh "$@" && exec "/run/lab/init-$0.sh"' \
  "$init" "$name" "$session_type" "$password_logon"
