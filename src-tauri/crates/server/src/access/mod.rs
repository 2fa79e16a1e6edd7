//! Access to the server: which requests are answered, and for whom.

pub(crate) mod credentials;
pub(crate) mod guard;
pub(crate) mod hosts;
pub(crate) mod sign_in_codes;
pub(crate) mod token;
