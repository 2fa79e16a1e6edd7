//! Both ends of the socket, with a real engine behind one of them.

#[cfg(unix)]
mod socket;
