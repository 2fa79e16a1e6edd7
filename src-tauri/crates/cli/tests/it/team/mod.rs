//! `push --to` against real hubs on a real PostgreSQL server. The tests fail where none is installed.

mod chaos;
mod corrections;
mod hub_process;
mod levels;
mod limits;
mod proxy;
mod team_harness;
