#!/bin/bash
# init-plain.sh: PID 1 of a host without systemd. Ends only by SIGKILL from outside.
dbus-daemon --system --fork
[ ! -e /usr/share/xrdp/socksetup ] || (. /usr/share/xrdp/socksetup)
/run/lab/restart-sesman.sh

# As whom xrdp runs differs: xrdp on Debian 12, root on Debian 13.
xrdp_user=$(sed -n 's/^User=//p' /lib/systemd/system/xrdp.service)
if [ -n "$xrdp_user" ]; then setpriv --reuid "$xrdp_user" --regid "$xrdp_user" --init-groups xrdp; else xrdp; fi

/usr/sbin/sshd -o PidFile=/run/sshd.pid
touch /run/lab/ready
sleep infinity &
wait $!    # bash as PID 1 reaps what is orphaned
