//! The permissions of the popover's page, and the content of the packages.
//!
//! A changed permission changes what an attacker in the page could do. The list is repeated here, so that a reviewer sees
//! the change twice.

mod packages;
mod permissions;
mod support;
