#!/bin/bash
# install.sh: installs with apt what the lab uses, on Debian 12 as root. Asks the network only when something is missing.
set -euo pipefail

PACKAGES=(
  xrdp xorgxrdp tigervnc-standalone-server freerdp2-x11 xvfb xdotool wmctrl
  openssh-server openssh-client sudo libpam-systemd dbus
  xterm openbox x11-utils xauth tmux
  iproute2 ethtool util-linux procps python3-minimal openssl
  debootstrap debian-archive-keyring
  # Two desktops, and an editor that asks to save. The window manager of MATE brings zenity with it.
  dbus-x11 xfce4-session xfwm4 mate-session-manager marco mate-settings-daemon-common featherpad
  # A Windows-like host: smbd, and a Python of its own for what answers behind it; clients of the hosts that we simulate.
  samba python3-samba python3-venv smbclient samba-testsuite
  # A clock that is wrong for one program alone.
  libfaketime
)

installed() { dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${PACKAGES[@]}" 2>/dev/null | sed -n 's/^installed //p'; }
missing=$(comm -13 <(installed | sort) <(printf '%s\n' "${PACKAGES[@]}" | sort))
[ -n "$missing" ] || exec "$(dirname "$0")/windows/python.sh" >/dev/null
echo "installing:" $missing

# Maintainer scripts must not start daemons on the outer machine.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

export DEBIAN_FRONTEND=noninteractive
install_missing() { apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 $missing >/dev/null; }
apt-get install -s -qq --no-install-recommends $missing >/dev/null 2>&1 || apt-get update -qq
install_missing || { apt-get update -qq && install_missing; }

# Not at the next boot either: the lab starts smbd itself.
case " $missing " in
  *samba*) ! command -v systemctl >/dev/null || systemctl disable --quiet smbd nmbd samba-ad-dc 2>/dev/null || true ;;
esac

"$(dirname "$0")/windows/python.sh" >/dev/null
