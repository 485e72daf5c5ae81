#!/bin/bash
# run.sh [vitest arguments]: what `npm run test:lab` calls: installs what the lab needs, tests against real hosts, cleans up.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."

. /etc/os-release
if [ "$(id -u)" != 0 ] || [ "${ID:-}:${VERSION_ID:-}" != debian:12 ]; then
  echo "test:lab needs root on Debian 12 (this is ${PRETTY_NAME:-unknown}, uid $(id -u)): it makes xrdp hosts of namespaces," >&2
  echo 'mounts and a bridge on this machine. Nothing was done.' >&2
  exit 1
fi

began=$SECONDS
"$here/install.sh" && "$here/hosts/trixie-root.sh" || { echo 'the lab could not be installed' >&2; exit 1; }
installed=$SECONDS

# The networks are chosen here, so that what a killed test run leaves behind can be found and ended. Two labs are tested at a time.
. "$here/hosts/settings.sh"
NETS=${NETS:-$(free_nets 2)}
export NETS
labs=$(sed 's/[^ ]*\./lab/g' <<<"$NETS")
for lab in $labs; do
  [ ! -e "$LABS/$lab" ] || fail "lab $lab is up already: take it down with test/lab/down.sh $lab, or choose other NETS"
done
tests=
clean_up() {
  [ -z "$tests" ] || { kill "$tests" && wait "$tests"; } 2>/dev/null
  for lab in $labs; do [ ! -e "$LABS/$lab" ] || "$here/hosts/down.sh" "$lab"; done
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

node tools/on-node.cjs node_modules/vitest/vitest.mjs run --config test/lab/vitest.config.ts "$@" &
tests=$!
wait "$tests"
code=$?
tests=
echo "lab: install $((installed - began)) s, all $((SECONDS - began)) s"
exit $code
