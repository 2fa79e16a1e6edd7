#!/usr/bin/env bash
# Installs what is missing to build Token Monitor (`build`), or to build and test it (`test`): Debian packages and the
# npm packages of the lock file. Silent and quick when nothing is missing. Installs packages on Debian and Ubuntu only;
# elsewhere it names them and stops. It never installs Rust or Node, and never changes a version that is there.

set -euo pipefail
cd "$(dirname "$0")/.."

readonly OLDEST_RUST=1.90

readonly TO_BUILD=(build-essential ca-certificates file libwebkit2gtk-4.1-dev pkg-config)

# A display, a bus, a window manager, a panel with a tray, a driver for the web view, a browser, and eyes and hands.
readonly TO_TEST=(
  adwaita-icon-theme
  chromium-headless-shell
  dbus
  dbus-x11
  desktop-file-utils
  dunst
  fonts-dejavu-core
  git
  imagemagick
  libglib2.0-bin
  openbox
  python3
  util-linux
  webkit2gtk-driver
  wmctrl
  x11-utils
  xauth
  xdotool
  xfce4-panel
  xfconf
  xvfb
)

main() {
  local packages
  case "${1:-build}" in
    build) packages=("${TO_BUILD[@]}") ;;
    test) packages=("${TO_BUILD[@]}" "${TO_TEST[@]}") ;;
    *) fail "usage: scripts/setup.sh [build|test]" ;;
  esac
  need_tools
  if [[ "$(uname -s)" == Linux ]]; then
    install_debian_packages "${packages[@]}"
  fi
  install_npm_packages
}

need_tools() {
  command -v npm >/dev/null || fail "Node.js 20.19 or newer is needed: https://nodejs.org"
  command -v cargo >/dev/null || fail "Rust $OLDEST_RUST or newer is needed: https://rustup.rs"
  local version
  version="$(rustc --version | cut -d' ' -f2)"
  is_at_least "$OLDEST_RUST" "$version" || fail "Rust $OLDEST_RUST or newer is needed, this is $version: rustup update stable"
}

install_debian_packages() {
  local missing
  if ! command -v dpkg-query >/dev/null; then
    fail "on this system please install yourself what Debian calls: $*"
  fi
  mapfile -t missing < <(missing_of "$@")
  ((${#missing[@]} > 0)) || return 0
  say "Installing Debian packages: ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 ||
    fail "apt-get could not install: ${missing[*]}"
}

# Prints those of the given packages that are not installed; one question to dpkg for all of them.
missing_of() {
  local installed
  installed=" $(dpkg-query --show --showformat '${Package}=${db:Status-Status} ' "$@" 2>/dev/null || true)"
  local package
  for package in "$@"; do
    [[ "$installed" == *" $package=installed "* ]] || is_replaced "$package" || echo "$package"
  done
}

# Ubuntu has no such package; any of these serves.
is_replaced() {
  [[ "$1" == chromium-headless-shell ]] && command -v chromium chromium-browser google-chrome >/dev/null
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "this needs root, and sudo is not there: $*"
  fi
}

# npm writes its own note of what it installed; a checkout or a pull that changes the lock file makes that note older.
install_npm_packages() {
  [[ -f package-lock.json ]] || fail "package-lock.json is missing"
  if [[ node_modules/.package-lock.json -nt package-lock.json ]]; then
    return 0
  fi
  say "Installing npm packages"
  npm ci --no-audit --no-fund --loglevel=error >&2 || fail "npm ci failed"
  touch node_modules/.package-lock.json
}

is_at_least() {
  [[ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n1)" == "$1" ]]
}

say() {
  echo "setup: $*" >&2
}

fail() {
  say "$*"
  exit 1
}

main "$@"
