#!/bin/bash
# python.sh: prints the Python of the Windows lab: a venv with impacket and pyspnego, made once for each requirements.txt.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
wanted=$(sha256sum "$here/requirements.txt" | cut -c 1-12)
venv=${XDG_CACHE_HOME:-$HOME/.cache}/usher/windows-lab/venv-$wanted
if [ ! -e "$venv/ready" ]; then
  mkdir -p "$(dirname "$venv")"
  exec 9>"$venv.lock"
  flock 9
  if [ ! -e "$venv/ready" ]; then
    rm -rf "$venv"
    /usr/bin/python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt" >&2
    touch "$venv/ready"
  fi
fi
echo "$venv/bin/python"
