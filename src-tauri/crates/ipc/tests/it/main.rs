//! Tests of the socket with a real engine behind it.

#[cfg(unix)]
mod fake_server;
mod instance;
mod runtime_folder;
mod socket;
#[cfg(unix)]
mod unix_socket;
