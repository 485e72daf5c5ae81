#!/bin/bash
# restart-sesman.sh: restarts xrdp-sesman and leaves xrdp alone; on a host without systemd also the first start.
if [ -d /run/systemd/system ]; then exec systemctl restart xrdp-sesman; fi

pid_file=/run/xrdp/xrdp-sesman.pid
if [ -e "$pid_file" ]; then
  old=$(cat "$pid_file")
  kill "$old"
  while [ -e "/proc/$old" ]; do sleep .02; done
fi
exec xrdp-sesman
