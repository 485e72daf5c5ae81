#!/bin/bash
# up.sh [WORLD]: a Windows-like host on 127.0.0.1:44450 for a person, until Ctrl-C. WORLD is small (the default), big, or
# simulated: our own simulated host behind smbd.
#   PORT, ENCRYPT, SIGNING, MIN_PROTOCOL, MAX_PROTOCOL: see host.sh
#   NTLM, REGISTRY, CLOCK: see host.sh
#   REQUIRE_PRIVACY=true    RPC without packet privacy is refused
#   PIPES                   the pipes there are, with spaces between; without TermSrv_API_service Remote Desktop is off
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
"$here/../install.sh"
world=${1:-small}
[ "$world" = simulated ] || [ -e "$here/worlds/$world.json" ] || {
  echo "no world $world: there are simulated" "$(ls "$here/worlds")" >&2
  exit 2
}

export PORT=${PORT:-44450} ENCRYPT=${ENCRYPT:-desired} SIGNING=${SIGNING:-mandatory}
export MIN_PROTOCOL=${MIN_PROTOCOL:-SMB2_02} MAX_PROTOCOL=${MAX_PROTOCOL:-SMB3_11}
export NTLM=${NTLM:-ntlmv2-only} REGISTRY=${REGISTRY:-yes} CLOCK=${CLOCK:-0}
export ADMIN_PASSWORD=${ADMIN_PASSWORD:-Passw0rd!} PLAIN_PASSWORD=${PLAIN_PASSWORD:-Pla1n-Passw0rd!}
PIPES=${PIPES:-LSM_API_service TermSrv_API_service Ctx_WinStation_API_service SessEnvPublicRpc}
USHER_WINDOWS_LAB_PYTHON=$("$here/python.sh")
export USHER_WINDOWS_LAB_PYTHON

directory=$(mktemp -d /tmp/usher-windows-XXXXXX)
trap 'rm -rf --one-file-system "$directory"' EXIT
trap 'exit 0' INT TERM HUP
world_file=$here/worlds/$world.json
if [ "$world" = simulated ]; then
  world_file=$directory/given-world.json
  echo '{ "clock": "running", "behaviours": ["answers-messages"], "policies": {}, "sessionBehaviours": {} }' >"$world_file"
  export ENDPOINT="node $here/../../../tools/on-node.cjs $here/simulated/endpoint.ts"
fi
cat >"$directory/settings.json" <<JSON
{
  "sockets": "$directory/ncalrpc/np", "log": "$directory/endpoint.log",
  "world": "$world_file", "written_world": "$directory/world.json",
  "pipes": ["${PIPES// /\", \"}"],
  "administrators": ["tsadmin", "root"], "accounts": ["tsadmin", "plain", "root"], "control": "$directory/control", "require_privacy": ${REQUIRE_PRIVACY:-false}
}
JSON

cat <<TEXT
the $world world is on 127.0.0.1:$PORT, in $directory (endpoint.log says what it is asked)

  ORACLE\\tsadmin (password $ADMIN_PASSWORD) may do everything but write the registry,
  ORACLE\\root (the same password) that too, as \`usher drain\` does; ORACLE\\plain (password $PLAIN_PASSWORD) may list

try:
  $USHER_WINDOWS_LAB_PYTHON $here/clients/tstool.py $PORT 'ORACLE/tsadmin:$ADMIN_PASSWORD@127.0.0.1' qwinsta -v

Ctrl-C takes it down.
TEXT
"$here/host.sh" "$directory" &
host=$!
# The key that draining is written to, which Windows has and smbd has not.
make_key() {
  net rpc registry createkey 'HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server' -S 127.0.0.1 -p "$PORT" \
    -U "ORACLE/root%$ADMIN_PASSWORD" --use-kerberos=off --configfile=/dev/null >/dev/null 2>&1
}
if [ "$REGISTRY" = yes ]; then
  for _ in $(seq 40); do
    if make_key; then break; fi
    sleep 0.5
  done
fi
wait $host
