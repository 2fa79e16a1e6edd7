//! Agents at work: the files Claude Code keeps of running sessions, and the sessions that are shown as running.
//!
//! The files are undocumented. A file of another shape, of a print run or with an unknown status shows nothing.

mod registry;
mod running;

pub use registry::{JobFile, ProcessIdentity, RegistryEntry, RegistryFile, parse_job_file, parse_registry_file};
pub use running::{RunningAgent, RunningAgents};
