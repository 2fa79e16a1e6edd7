//! The engine on real files: logs that grow, shrink, break, move and vanish, and a store that outlives them.

mod actions;
mod alerts;
mod bad_input;
mod changing;
mod describe;
mod diagnostics;
mod incremental;
mod kinds;
mod past;
mod plain;
mod quota;
mod settings;
mod store;
mod told;
mod watching;
mod world;
