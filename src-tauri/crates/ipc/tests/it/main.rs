//! Tests of the socket with a real engine behind it.

#[cfg(unix)]
mod fake_server;
#[cfg(unix)]
mod instance;
#[cfg(unix)]
mod runtime_folder;
#[cfg(unix)]
mod socket;
