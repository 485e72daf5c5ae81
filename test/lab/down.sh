#!/bin/bash
# down.sh [LAB_NAME]: takes a lab down, also one that was left behind.
exec "$(dirname "$0")/hosts/down.sh" "$@"
