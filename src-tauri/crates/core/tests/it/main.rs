//! The core as the engine uses it: sightings and lines in, totals out.

mod alerts;
mod desk;
mod explain;
mod judged;
mod lines;
mod merging;
mod past;
mod plain;
mod prices;
mod sums;
