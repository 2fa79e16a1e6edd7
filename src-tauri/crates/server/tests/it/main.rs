//! Tests of the server over real connections, each with an engine of its own.

mod figures;
mod hostile;
mod http;
mod live;
mod openapi;
mod random_requests;
mod sign_in;
mod test_server;
#[cfg(unix)]
mod unix_socket;
