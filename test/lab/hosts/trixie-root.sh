#!/bin/bash
# trixie-root.sh: makes the root of the Debian 13 host with debootstrap, once (about 100 s); later runs find it.
set -euo pipefail
. "$(dirname "$0")/settings.sh"

packages=xrdp,xorgxrdp,openssh-server,sudo,iproute2,procps,xterm,openbox,xauth,dbus
mkdir -p "$(dirname "$TRIXIE_ROOT")"
exec 9>"$TRIXIE_ROOT.lock"
flock 9
[ "$(cat "$TRIXIE_ROOT/etc/usher-lab-packages" 2>/dev/null)" != "$packages" ] || exit 0

# The mirror that this machine's own apt uses for Debian.
mirror=$({ cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true; } |
  sed -nE 's,^(URIs:|deb( +\[[^]]*\])?) *([^ ]+/debian)/?( .*)?$,\3,p' | head -n 1)
[ -n "$mirror" ] || fail 'no Debian mirror in the apt sources of this machine'

echo 'making the Debian 13 root (about 100 s, once)' >&2
rm -rf --one-file-system "$TRIXIE_ROOT" "$TRIXIE_ROOT.new"
unshare --mount --pid --fork --kill-child --mount-proc \
  debootstrap --variant=minbase --include="$packages" trixie "$TRIXIE_ROOT.new" "$mirror" >"$TRIXIE_ROOT.log" 2>&1 ||
  { tail -n 5 "$TRIXIE_ROOT.log" >&2; fail "debootstrap failed, see $TRIXIE_ROOT.log"; }
rm -rf "$TRIXIE_ROOT.new"/var/cache/apt/archives/*.deb
echo "$packages" >"$TRIXIE_ROOT.new/etc/usher-lab-packages"
mv "$TRIXIE_ROOT.new" "$TRIXIE_ROOT"
