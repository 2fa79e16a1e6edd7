//! The engine on real files: logs that grow, shrink, break, move and vanish, and a store that outlives them.

mod actions;
mod bad_input;
mod incremental;
mod kinds;
mod plain;
mod quota;
mod settings;
mod store;
mod told;
mod watching;
mod world;
