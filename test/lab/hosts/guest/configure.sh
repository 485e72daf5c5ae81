#!/bin/bash
# configure.sh NAME SESSION_TYPE PASSWORD_LOGON: runs inside a host before its daemons: users, sshd, xrdp.
set -euo pipefail
name=$1 session_type=$2 password_logon=$3
cd /run/lab

echo "$name" >/etc/hostname
printf '127.0.0.1 localhost %s\n::1 ip6-localhost\n' "$name" >/etc/hosts
: >/etc/fstab
mkdir -p /run/sshd /run/lock /run/user /run/dbus
install -m 664 -g utmp /dev/null /run/utmp
install -m 664 -g utmp /dev/null /var/log/wtmp

# Users: three of the desktop, three that administer by SSH, and names that are hard to parse.
add_user() { useradd --badname --create-home --shell /bin/bash --password "$(cat password-hash)" --comment "$2" "$1"; }
while IFS=: read -r user full_name; do
  add_user "$user" "$full_name" 2>useradd.log || { cat useradd.log >&2; exit 1; }
done <users
usermod -aG ssl-cert xrdp
install -m 440 sudoers /etc/sudoers.d/lab

# Debian's bash reads ~/.bashrc for every command that comes over SSH: root has Debian's own, not that of the outer machine.
for file in bashrc profile; do install -m 644 "/usr/share/base-files/dot.$file" "/root/.$file"; done

rm -f /etc/ssh/ssh_host_*
install -m 600 ssh_host_ed25519_key /etc/ssh/
install -m 644 ssh_host_ed25519_key.pub /etc/ssh/
install -m 644 authorized_keys /etc/ssh/lab_authorized_keys
mkdir -p /etc/ssh/sshd_config.d
printf '%s\n' 'AuthorizedKeysFile /etc/ssh/lab_authorized_keys .ssh/authorized_keys' \
  "PasswordAuthentication $password_logon" 'PermitRootLogin prohibit-password' >/etc/ssh/sshd_config.d/00-lab.conf

# A desktop of a window manager and one terminal, unless the user has one of his own; the session ends when it ends.
printf '#!/bin/sh\n[ ! -x ~/.xsession ] || exec ~/.xsession\nxterm -e bash -l &\nexec openbox\n' >/etc/xrdp/startwm.sh
chmod 755 /etc/xrdp/startwm.sh
# A host is without zenity until a test puts it in its place: the tests of messages are of the box that Usher draws.
[ ! -e /usr/bin/zenity ] || mv /usr/bin/zenity /usr/bin/zenity.hidden

set_ini() { # FILE SECTION KEY VALUE
  sed -i -e "/^\[$2\]/,/^\[/ { /^[#;]*$3=/d }" -e "/^\[$2\]/a $3=$4" "/etc/xrdp/$1"
}
set_ini sesman.ini Logging EnableSyslog false
set_ini sesman.ini Sessions MaxSessions 200
set_ini sesman.ini Sessions MaxDisplayNumber 250
set_ini xrdp.ini Globals autorun "$session_type"
set_ini xrdp.ini Logging EnableSyslog false
[ "$name" = xh2 ] || set_ini xrdp.ini Logging EnableProcessId true    # xh2 keeps Debian's default
install -m 640 -o xrdp -g adm /dev/null /var/log/xrdp.log
install -m 640 -g adm /dev/null /var/log/xrdp-sesman.log
