//! Price lists fetched over the network, if the settings enable it.

pub(crate) mod fetch;
