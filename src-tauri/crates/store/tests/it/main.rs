//! The store as a file: what is in it after a restart, a crash, an attack or an update.

mod alerts;
mod crash;
mod fixture;
mod names;
mod opening;
mod prices;
mod rows;
mod upgrade;
