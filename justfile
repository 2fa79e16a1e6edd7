# Index of the everyday commands. Every recipe is one command that also works without just.

set shell := ["bash", "-euo", "pipefail", "-c"]
set positional-arguments

# List the recipes
default:
    @just --list

# Build and start the app
start *args:
    npm start -- "$@"

# Run all checks, one part (ui, rust, app), or one step (--only 'Rust: lint')
test *args:
    npm test -- "$@"

# Test one crate (core, store, engine, ipc, tray, cli, app), or its tests whose names contain a text: just rust core alerts::
rust crate *filter:
    cargo test --package "token-monitor-$1" -- "${@:2}"

# Check the lints of one crate
lint crate:
    cargo clippy --package "token-monitor-$1" --all-targets -- --deny warnings

# Format the Rust code
fmt:
    cargo fmt --all

# Run the UI's unit tests, or those of the files whose paths contain a text: just ui pages/sessions
ui *filter:
    npm run ui:test -- "$@"

# Run the UI's browser tests, or those of the files whose paths contain a text
browser *filter:
    npm run ui:browser -- "$@"

# Open the popover's page in a browser with fixture data: http://127.0.0.1:1420
ui-dev:
    npm run ui:dev

# Run the end-to-end tests, or those of one file: just e2e tray --name 'an icon'
e2e *args:
    npm run --silent ui:build
    cargo build --workspace --locked --bins --features tauri/custom-protocol
    npm run test:e2e -- "$@"

# Generate the UI's TypeScript types
bindings:
    cargo test --package token-monitor-core --package token-monitor-engine --features ts bindings

# Accept the changed snapshots of one crate's tests
accept crate:
    INSTA_UPDATE=always cargo test --package "token-monitor-$1"

# Compare the counts with what the real Claude Code was billed by a fake API
test-client *args:
    npm run test:client -- "$@"

# Measure the release build; --smoke for a short run
bench *args:
    npm run bench -- "$@"

# Run every property test with many random inputs (default 20,000)
fuzz *inputs:
    npm run fuzz -- "$@"

# Open and close the popover many times (default 500) and look for leaks; needs a release build
soak *rounds:
    npm run soak -- "$@"

# Kill the program many times (default 1,000) while logs are written; needs a release build
soak-kill *args:
    npm run soak:kill -- "$@"

# Run `npm start` and `npm test` on a bare Debian 12; needs root
bare *args:
    npm run test:bare -- "$@"

# Build for Windows and test under Wine: everything, or some parts (rust, command, kills)
test-windows *args:
    npm run test:windows -- "$@"

# Check what the packages are made from with the linters of the package managers
check-packaging *args:
    npm run check:packaging -- "$@"

# Build the command twice, in two folders, and compare the programs
check-reproducible:
    npm run check:reproducible

# Build packages (deb, rpm, appimage, tree) and test the Debian one
package *kinds:
    npm run package -- "$@"

# Take the screenshots of the documentation
screenshots *args:
    npm run screenshots -- "$@"

# Check licenses, advisories and banned crates
deny:
    cargo deny check
