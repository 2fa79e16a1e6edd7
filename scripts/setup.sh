#!/usr/bin/env bash
# Installs the packages that are missing to build Token Monitor (`build`), to build and test it (`test`), to build and
# check its packages (`package`), or to test its Windows build under Wine (`windows`): Debian packages, the npm packages of
# the lock file, and for `windows` Rust's standard library for that system. Prints nothing and returns at once if nothing is
# missing. On systems other than Debian and Ubuntu it only lists the packages. It never installs Rust or Node.js, and never
# changes the version of an installed package.

set -euo pipefail
cd "$(dirname "$0")/.."

readonly MIN_RUST=1.90
readonly MIN_NODE=20.19

readonly TO_BUILD=(build-essential ca-certificates file libwebkit2gtk-4.1-dev pkg-config)

# For the private desktop of the tests: an X server, a session bus, a window manager, a panel with a tray, a
# notification service, a WebDriver server, a browser, and programs that take screenshots and send input. `dunstctl`
# calls `busctl`, which is in the package `systemd`. `tmux` is the terminal of the tests of `token-monitor live`. Four
# status bars show the figures; Waybar needs a Wayland compositor, which is `sway`.
# The tests of the hub start a server of `postgresql` of their own.
readonly TO_TEST=(
  adwaita-icon-theme
  chromium-headless-shell
  dbus
  dbus-x11
  desktop-file-utils
  dunst
  faketime
  fonts-dejavu-core
  git
  i3blocks
  imagemagick
  libglib2.0-bin
  openbox
  polybar
  poppler-utils
  postgresql
  python3
  strace
  sway
  systemd
  tmux
  util-linux
  waybar
  webkit2gtk-driver
  wmctrl
  x11-utils
  xauth
  xcompmgr
  xdotool
  xfce4-panel
  xfconf
  xvfb
)

# Packagers and linters for `npm run package` and `npm run check:packaging`.
readonly TO_PACKAGE=(
  appstream
  desktop-file-utils
  dpkg-dev
  lintian
  makepkg
  mandoc
  nix-bin
  pacman-package-manager
  python3-venv
  rpm
  rpmlint
  ruby
  shellcheck
  yamllint
)

# The cross compiler, with which Rust links programs for Windows, and Wine, which runs them here.
readonly TO_TEST_WINDOWS=(
  gcc-mingw-w64-x86-64
  wine64
)

readonly WINDOWS_TARGET=x86_64-pc-windows-gnu

main() {
  local purpose="${1:-build}" packages
  case "$purpose" in
    build) packages=("${TO_BUILD[@]}") ;;
    test) packages=("${TO_BUILD[@]}" "${TO_TEST[@]}") ;;
    package) packages=("${TO_BUILD[@]}" "${TO_TEST[@]}" "${TO_PACKAGE[@]}") ;;
    windows) packages=("${TO_BUILD[@]}" "${TO_TEST[@]}" "${TO_TEST_WINDOWS[@]}") ;;
    *) fail "usage: scripts/setup.sh [build|test|package|windows]" ;;
  esac
  check_tools
  if [[ "$(uname -s)" == Linux ]]; then
    install_debian_packages "${packages[@]}"
  fi
  if [[ "$purpose" == windows ]]; then
    install_windows_library
  fi
  install_npm_packages
}

check_tools() {
  command -v node >/dev/null && command -v npm >/dev/null ||
    fail "Node.js $MIN_NODE or newer is required, with npm. Install it from https://nodejs.org or your system's packages."
  command -v cargo >/dev/null && command -v rustc >/dev/null ||
    fail "Rust $MIN_RUST or newer is required. Install it from https://rustup.rs."
  local node rust
  node="$(node --version)"
  is_at_least "$MIN_NODE" "${node#v}" || fail "Node.js $MIN_NODE or newer is required; found ${node#v}."
  rust="$(rustc --version | cut -d' ' -f2)"
  is_at_least "$MIN_RUST" "$rust" || fail "Rust $MIN_RUST or newer is required; found $rust. Update it with: rustup update stable"
}

install_debian_packages() {
  local missing
  if ! command -v dpkg-query >/dev/null; then
    fail "Cannot install packages on this system. Install the equivalents of these Debian packages: $*"
  fi
  mapfile -t missing < <(list_missing "$@")
  ((${#missing[@]} > 0)) || return 0
  log "Installing Debian packages: ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 ||
    fail "apt-get could not install: ${missing[*]}"
}

# Prints the given packages that are not installed. Calls dpkg-query once for all of them.
list_missing() {
  local installed
  installed=" $(dpkg-query --show --showformat '${Package}=${db:Status-Status} ' "$@" 2>/dev/null || true)"
  local package
  for package in "$@"; do
    [[ "$installed" == *" $package=installed "* ]] || is_replaced "$package" || echo "$package"
  done
}

# Returns true if another program replaces the package: Ubuntu has no chromium-headless-shell.
is_replaced() {
  [[ "$1" == chromium-headless-shell ]] && command -v chromium chromium-browser google-chrome >/dev/null
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "Root rights are required, and sudo is not installed. Run as root: $*"
  fi
}

# Installs Rust's standard library for Windows. Only rustup can add it to a toolchain.
install_windows_library() {
  local library
  library="$(rustc --print sysroot)/lib/rustlib/$WINDOWS_TARGET"
  if [[ -d "$library" ]]; then
    return 0
  fi
  command -v rustup >/dev/null || fail "Rust's standard library for $WINDOWS_TARGET is missing, and rustup is not installed."
  log "Installing Rust's standard library for $WINDOWS_TARGET"
  rustup target add "$WINDOWS_TARGET" >&2 || fail "rustup could not add $WINDOWS_TARGET."
}

# npm records what it installed in node_modules/.package-lock.json. The packages are up to date while that file is newer
# than the lock file.
install_npm_packages() {
  [[ -f package-lock.json ]] || fail "package-lock.json is missing."
  if [[ node_modules/.package-lock.json -nt package-lock.json ]]; then
    return 0
  fi
  log "Installing npm packages"
  npm ci --no-audit --no-fund --loglevel=error >&2 || fail "npm ci failed."
  touch node_modules/.package-lock.json
}

is_at_least() {
  [[ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n1)" == "$1" ]]
}

log() {
  echo "setup: $*" >&2
}

fail() {
  log "$*"
  exit 1
}

main "$@"
