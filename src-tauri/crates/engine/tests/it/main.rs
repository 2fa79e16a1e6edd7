//! The engine on real files: logs that grow, shrink, break, move and vanish, and a store that outlives them.

mod actions;
mod bad_input;
mod incremental;
mod kinds;
mod plain;
mod settings;
mod store;
mod watching;
mod world;
