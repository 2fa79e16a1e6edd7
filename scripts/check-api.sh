#!/usr/bin/env bash
# Checks the web server against its own description with schemathesis, on sample data.
#
#   npm run check:api                    with the program in target/debug
#   npm run check:api -- --max-examples 200
#
# Further options go to schemathesis. It is installed from PyPI into a virtual environment outside of this folder, or taken
# from SCHEMATHESIS if that is set.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
program=${TOKEN_MONITOR:-$root/target/debug/token-monitor}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/token-monitor-check-api
version=4.32.5

if [ -z "${SCHEMATHESIS:-}" ]; then
  SCHEMATHESIS=$cache/bin/schemathesis
  [ -x "$SCHEMATHESIS" ] || { python3 -m venv "$cache" && "$cache/bin/pip" install --quiet "schemathesis==$version"; }
fi

work=$(mktemp -d)
# Its caches are written to the current folder.
cd "$work"
export TOKEN_MONITOR_SERVE_TOKEN="check-api-$RANDOM-$RANDOM-$RANDOM"
"$program" serve --demo --listen 127.0.0.1:0 >"$work/out" 2>"$work/log" &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

for _ in $(seq 100); do
  address=$(sed -n 's/^Token Monitor is at \(http:[^;]*\);.*/\1/p' "$work/out")
  [ -n "$address" ] && break
  kill -0 "$server" || { cat "$work/log"; exit 1; }
  sleep 0.1
done

# The streams do not end, so they have tests of their own.
"$SCHEMATHESIS" run "$root/docs/openapi.json" --url "$address" \
  --header "Authorization: Bearer $TOKEN_MONITOR_SERVE_TOKEN" \
  --exclude-path /api/v1/events --exclude-path /api/v1/live "$@"
