#!/usr/bin/env bash
# Runs both commands of this project on a bare Debian 12: `npm start` and `npm test`, from a fresh clone of the last
# commit. The system is made by debootstrap (variant minbase) in a temporary folder; Node.js and Rust are the host's.
# Mirror, proxy and certificate settings are the host's too. Needs root, about 15 GB and one to two hours.
#
#   npm run test:bare                   everything
#   npm run test:bare -- --setup-only   only `scripts/setup.sh test`: are all packages named?
#   npm run test:bare -- --start-only   only `npm start`
#   npm run test:bare -- --keep         does not delete the folder
#
# All mounts are made in a mount namespace of their own. They end with it, before the folder is deleted, so the deletion
# can never reach a file of the host.

set -euo pipefail

readonly RELEASE=bookworm
readonly CHECKOUT=/src/token-monitor

# Variables of the host that configure the access to package registries.
readonly NETWORK_VARIABLES=(
  http_proxy https_proxy no_proxy all_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY
  SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS CARGO_HTTP_CAINFO CARGO_HTTP_PROXY
)

REPOSITORY="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
readonly REPOSITORY
readonly RUSTUP="${RUSTUP_HOME:-$HOME/.rustup}"
readonly CARGO="${CARGO_HOME:-$HOME/.cargo}"

main() {
  if [[ "${1:-}" == --in-namespace ]]; then
    run_in_namespace "$2" "$3"
    return
  fi
  local part=all keep=false
  for option in "$@"; do
    case "$option" in
      --setup-only) part=setup ;;
      --start-only) part=start ;;
      --keep) keep=true ;;
      *) fail "usage: npm run test:bare [-- --setup-only | --start-only] [--keep]" ;;
    esac
  done
  ((EUID == 0)) || fail "Root rights are required: chroot and mounts."
  command -v debootstrap >/dev/null || apt-get install -y -qq --no-install-recommends debootstrap debian-archive-keyring >&2
  local folder
  folder="$(mktemp -d)"
  if $keep; then
    log "The system stays in $folder"
  else
    # shellcheck disable=SC2064 # The folder is known now.
    trap "rm -rf --one-file-system -- '$folder'" EXIT
  fi
  trap 'exit 130' INT TERM
  # apt downloads as a user of its own, which has to reach its folders.
  chmod 0755 "$folder"
  make_system "$folder"
  unshare --mount --propagation private --pid --fork --kill-child -- \
    bash "${BASH_SOURCE[0]}" --in-namespace "$folder" "$part"
  log "Passed."
}

make_system() {
  local folder="$1" mirror
  mirror="$(host_sources | head -n1 | cut -d' ' -f1)"
  log "Making a minimal Debian ($RELEASE) in $folder"
  debootstrap --variant=minbase "$RELEASE" "$folder" ${mirror:+"$mirror"} >"$folder.log" 2>&1 ||
    { tail -n 20 "$folder.log" >&2 && fail "debootstrap failed."; }
  rm -f "$folder.log"
  log "$(chroot "$folder" dpkg-query --show | wc -l) packages"
  copy_network_settings "$folder"
  add_node "$folder"
  add_rust "$folder"
  git -c safe.directory='*' clone --quiet --no-hardlinks "$REPOSITORY" "$folder$CHECKOUT"
}

# Prints the host's package sources for the release, one `URI SUITE COMPONENT` per line. Prints nothing on another
# release or system; debootstrap then uses its own default.
host_sources() {
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 2>/dev/null |
    grep -E "/debian(-security)?/? $RELEASE(-updates|-security)? main$" | sort -u | sort -s -t' ' -k2,2 || true
}

copy_network_settings() {
  local folder="$1" file
  cp -L /etc/resolv.conf /etc/hosts "$folder/etc/"
  if [[ -n "$(host_sources)" ]]; then
    host_sources | sed 's/^/deb /' >"$folder/etc/apt/sources.list"
  fi
  for file in /etc/apt/apt.conf /etc/apt/apt.conf.d/*; do
    if [[ -f "$file" ]] && grep -q '^Acquire' "$file"; then
      cp "$file" "$folder/etc/apt/apt.conf.d/"
    fi
  done
  if [[ -f /etc/ssl/certs/ca-certificates.crt ]]; then
    mkdir -p "$folder/etc/ssl/certs" "$folder/usr/local/share/ca-certificates"
    cp /etc/ssl/certs/ca-certificates.crt "$folder/etc/ssl/certs/"
    # The package `ca-certificates` writes its bundle from this folder and from its own list.
    cp /etc/ssl/certs/ca-certificates.crt "$folder/usr/local/share/ca-certificates/host.crt"
  fi
}

add_node() {
  local folder="$1" npm config
  npm="$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")"
  mkdir -p "$folder/usr/local/lib/node_modules" "$folder/usr/local/etc"
  cp -L "$(command -v node)" "$folder/usr/local/bin/node"
  cp -a "$npm" "$folder/usr/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$folder/usr/local/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$folder/usr/local/bin/npx"
  config="$(npm config get globalconfig)"
  if [[ -f "$config" ]]; then cp "$config" "$folder/usr/local/etc/npmrc"; fi
  if [[ -f "$HOME/.npmrc" ]]; then cp -p "$HOME/.npmrc" "$folder/root/.npmrc"; fi
}

# Copies the programs and settings of Cargo. The toolchains and the downloaded crates are mounted later.
add_rust() {
  local folder="$1" file
  mkdir -p "$folder/root/.cargo/registry" "$folder$RUSTUP"
  cp -a "$CARGO/bin" "$folder/root/.cargo/bin"
  for file in config config.toml; do
    if [[ -f "$CARGO/$file" ]]; then cp "$CARGO/$file" "$folder/root/.cargo/"; fi
  done
}

# Process 1 of the namespace: every process it started ends with it.
run_in_namespace() {
  local folder="$1" part="$2"
  mount --bind "$folder" "$folder"
  mount -t proc proc "$folder/proc"
  mount --rbind /sys "$folder/sys"
  mount --rbind /dev "$folder/dev"
  mountpoint -q "$folder/dev/shm" || { mkdir -p "$folder/dev/shm" && mount -t tmpfs tmpfs "$folder/dev/shm"; }
  mount --bind -o ro "$RUSTUP" "$folder$RUSTUP"
  if [[ -d "$CARGO/registry" ]]; then mount --bind "$CARGO/registry" "$folder/root/.cargo/registry"; fi
  # The system becomes the root of the namespace: below a root that was only changed, no user namespace can be made.
  cd "$folder"
  pivot_root . .
  umount --lazy .
  folder=/

  inside "$folder" 'node --version && npm --version && rustc --version' >&2 ||
    fail "The host's Node.js or Rust does not run on a bare Debian."
  if [[ "$part" == setup ]]; then
    inside "$folder" 'bash scripts/setup.sh test && bash scripts/setup.sh test && busctl --version >/dev/null'
    return
  fi
  log "npm start, up to the start of the app: no display yet"
  inside "$folder" 'npm start -- --build-only && target/release/token-monitor --version && target/release/token-monitor doctor'
  if [[ "$part" == all ]]; then
    log "npm test"
    inside "$folder" 'npm test'
  else
    inside "$folder" 'bash scripts/setup.sh test'
  fi
  log "npm start, on an X server of its own"
  inside "$folder" 'xvfb-run --auto-servernum dbus-run-session -- node scripts/lib/start-and-quit.mjs'
}

# Runs a command line in the checkout on the bare system, with the environment of a fresh login.
inside() {
  local folder="$1" command="$2" name settings=()
  for name in "${NETWORK_VARIABLES[@]}"; do
    if [[ -n "${!name:-}" ]]; then settings+=("$name=${!name}"); fi
  done
  chroot "$folder" /usr/bin/env -i HOME=/root USER=root LOGNAME=root SHELL=/bin/bash TERM="${TERM:-dumb}" LANG=C.UTF-8 \
    PATH="/root/.cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
    CARGO_HOME=/root/.cargo RUSTUP_HOME="$RUSTUP" RUSTUP_AUTO_INSTALL=0 "${settings[@]}" \
    bash -euo pipefail -c "cd '$CHECKOUT' && $command"
}

log() {
  echo "test-bare: $*" >&2
}

fail() {
  log "$*"
  exit 1
}

main "$@"
