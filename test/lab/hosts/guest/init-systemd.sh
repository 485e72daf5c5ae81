#!/bin/bash
# init-systemd.sh: becomes systemd as PID 1, without the units that would reach for the outer machine's devices.
set -euo pipefail
units=/etc/systemd/system

masked=(
  systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udev-trigger.service
  systemd-modules-load.service systemd-sysctl.service systemd-timesyncd.service systemd-resolved.service
  systemd-networkd.service networking.service getty.target console-getty.service systemd-remount-fs.service
  postgresql.service cron.service e2scrub_reap.service apt-daily.timer systemd-journal-flush.service
  dev-mqueue.mount dev-hugepages.mount sys-kernel-debug.mount sys-kernel-tracing.mount
  sys-fs-fuse-connections.mount tmp.mount systemd-update-utmp.service
)
for unit in "${masked[@]}"; do ln -sf /dev/null "$units/$unit"; done

cat >"$units/lab-ready.service" <<'UNIT'
[Unit]
After=dbus.service systemd-logind.service systemd-user-sessions.service xrdp.service xrdp-sesman.service ssh.service
[Service]
Type=oneshot
ExecStart=/usr/bin/touch /run/lab/ready
UNIT
cat >"$units/lab.target" <<'UNIT'
[Unit]
Requires=basic.target
After=basic.target
Wants=dbus.socket dbus.service systemd-logind.service systemd-user-sessions.service xrdp.service ssh.service lab-ready.service
AllowIsolate=yes
UNIT

rm -f /etc/machine-id
touch /etc/machine-id
exec /lib/systemd/systemd --system --unit=lab.target --log-target=console --show-status=1
