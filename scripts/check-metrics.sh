#!/usr/bin/env bash
# Checks the metrics with a real Prometheus and decodes what is pushed with OpenTelemetry's own messages: the text, the
# board, the alert rules, and that counters grow by what was really used. It takes about eight minutes.
#
#   npm run check:metrics
#
# Prometheus is Debian's and is installed where it is missing, which needs root. OpenTelemetry's messages for Python are
# installed into a virtual environment below target/.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly ENVIRONMENT=target/check-metrics
readonly PACKAGE=opentelemetry-proto==1.45.2

main() {
  if ! command -v promtool >/dev/null; then
    apt-get install --yes --no-install-recommends prometheus >/dev/null
  fi
  if [[ ! -x $ENVIRONMENT/bin/python ]]; then
    python3 -m venv "$ENVIRONMENT"
    "$ENVIRONMENT/bin/pip" install --quiet "$PACKAGE"
  fi
  promtool check rules docs/grafana/alerts.yaml
  cargo build --quiet --package token-monitor-cli --package token-monitor-telemetry --bins --examples
  "$ENVIRONMENT/bin/python" scripts/check-metrics.py "${CARGO_TARGET_DIR:-target}/debug"
}

main
