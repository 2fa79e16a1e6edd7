//! Price lists fetched over the network, only if the settings ask for it.

pub(crate) mod fetch;
