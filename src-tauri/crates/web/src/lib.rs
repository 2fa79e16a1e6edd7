//! What the web servers have in common: addresses, connections with limits of number, size and time, responses with problem
//! details, the headers of responses, the files of a page, and the page for signing in.

mod accept;
mod address;
mod connection;
mod problem;
mod security_headers;
mod sign_in_page;
mod static_files;
mod timed_stream;

pub use crate::accept::{ConnectionAcceptor, pause_after};
pub use crate::address::{ListenAddress, ParseListenAddressError};
pub use crate::connection::{ConnectionLimits, ConnectionPlace, TooManyLiveClients};
pub use crate::problem::{PROBLEM_JSON, respond_problem};
pub use crate::security_headers::add_security_headers;
pub use crate::sign_in_page::{
    FORM_MEDIA_TYPE, SIGN_IN_POLICY, SignInForm, is_form, respond_sign_in_form, respond_sign_in_style,
};
pub use crate::static_files::StaticFiles;
