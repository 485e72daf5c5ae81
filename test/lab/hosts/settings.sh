# settings.sh: sourced by the lab's scripts. All parameters of a lab, and what a host's name says about it.
#   NET       first three octets of the lab's network; by default the first free of 10.213.7 to 10.213.19
#   LAB_NAME  names the bridge and the links, at most 8 characters; differs by default where NET differs
#   LAB       the lab's private directory (a tmpfs while the lab is up)
#   HOSTS     names of the hosts to bring up
# Two labs live side by side when NET, LAB_NAME and LAB differ.
LABS=/run/usher-lab                       # one link per lab that is up: LAB_NAME -> LAB
is_free() { [ -z "$(ip -o -4 addr show to "$1.0/24")" ] && [ ! -e "$LABS/lab${1##*.}" ]; }
# Prints $1 networks for labs, with a space between.
free_nets() { for octet in {7..19}; do ! is_free 10.213.$octet || echo 10.213.$octet; done | head -n "$1" | paste -sd ' '; }
first_free_net() { for octet in {7..19}; do if is_free 10.213.$octet; then echo 10.213.$octet; return; fi; done; }
NET=${NET:-$(first_free_net)}
LAB_NAME=${LAB_NAME:-lab${NET##*.}}
HOSTS=${HOSTS:-xh1 xh2 xv1 xt1 xs1}
TRIXIE_ROOT=/var/cache/usher-lab/trixie
PASSWORD=${PASSWORD:-Passw0rd!}

fail() { echo "lab: $*" >&2; exit 1; }

# Sets octet, root, init, session_type and password_logon of host $1.
describe_host() {
  local number=${1#x?}
  root=/ init=plain session_type=Xorg password_logon=no
  case $1 in
    xh*) octet=$((10 + number)) ;;                               # Debian 12, xrdp 0.9
    xv*) octet=$((20 + number)) session_type=Xvnc ;;             # the same with Xvnc sessions
    xt*) octet=$((30 + number)) root=$TRIXIE_ROOT ;;             # Debian 13, xrdp 0.10
    xs*) octet=$((50 + number)) init=systemd ;;                  # Debian 12 with systemd and logind
    *) fail "no host is called $1: use xh1 (xrdp 0.9), xv1 (Xvnc), xt1 (xrdp 0.10), xs1 (systemd)" ;;
  esac
  [ "$1" != xh2 ] || password_logon=yes
}

# Prints when process $1 started, in clock ticks since boot: with the pid it names a process for good.
start_of() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }

# Notes that the lab started process $1, so that down.sh can end it.
remember_process() { start_of "$1" >"$LAB/processes/$1"; }

# Sets child to the pid of process $1's only child.
child_of() { child=$(tr -d ' ' <"/proc/$1/task/$1/children") && [ -n "$child" ]; }

# wait_for SECONDS COMMAND...: polls until the command succeeds.
wait_for() {
  local end=$((SECONDS + $1)); shift
  until "$@"; do [ $SECONDS -lt $end ] || return 1; sleep .05; done
}
