#!/bin/bash
# end-sessions.sh: ends every session with what it started, and the lock files of X servers that are gone.
# What has DISPLAY in its environment belongs to a session, except what an SSH session forwards (it has no XRDP_SESSION).
belongs_to_session() { tr '\0' '\n' <"/proc/$1/environ" 2>/dev/null | grep -q '^XRDP_SESSION='; }

for process in /proc/[0-9]*; do
  pid=${process#/proc/}
  ! belongs_to_session "$pid" || kill -TERM "$pid" 2>/dev/null
done
for attempt in {1..40}; do
  left=()
  for process in /proc/[0-9]*; do ! belongs_to_session "${process#/proc/}" || left+=("${process#/proc/}"); done
  [ ${#left[@]} -gt 0 ] || break
  [ "$attempt" -lt 20 ] || kill -KILL "${left[@]}" 2>/dev/null
  sleep .05
done
rm -f /tmp/.X[0-9]*-lock /tmp/.X11-unix/X[0-9]*
exit 0
