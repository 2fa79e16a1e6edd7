//! Both ends of the socket, with a real engine behind one of them.

#[cfg(unix)]
mod own_folder;
#[cfg(unix)]
mod seat;
#[cfg(unix)]
mod socket;
