#!/bin/bash
# up.sh: brings a lab up for a person and prints what to try. Parameters: see hosts/settings.sh.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
"$here/install.sh"
. "$here/hosts/settings.sh"
LAB_NAME=$("$here/hosts/up.sh")
LAB=$(readlink "$LABS/$LAB_NAME")
xh1=$(awk 'NR == 1 { print $2 }' "$LAB/hosts.tsv")

cat <<TEXT
lab $LAB_NAME is up in $LAB:

$(while read -r host address _; do printf '  %-4s %s\n' "$host" "$address"; done <"$LAB/hosts.tsv")

  users alice bob carol (password $PASSWORD), dora erik frank (SSH key; sudo: yes, with password, no)

try:
  export HOME=$LAB/home
  ssh -F ~/.ssh/config root@xh1                                       # a host, with its key in ~/.ssh/known_hosts
  $here/clients/connect.sh $LAB_NAME alice $xh1                     # a real FreeRDP client under its own Xvfb
  bin/usher sessions -s ssh://root@$xh1

take it down:
  $here/down.sh $LAB_NAME
TEXT
