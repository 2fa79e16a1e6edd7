//! Support of change events by Linux file systems.

use std::fs;
use std::path::Path;

/// Network and foreign file systems, for which inotify reports only writes of this kernel.
const WITHOUT_EVENTS: [&str; 10] = ["9p", "afs", "ceph", "cifs", "drvfs", "fuse", "fuseblk", "nfs", "nfs4", "smb3"];

/// Returns true if the system reports all changes below a folder.
pub(crate) fn supports_events(folder: &Path) -> bool {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    fs_type_of(&mounts, &folder).is_none_or(|kind| !WITHOUT_EVENTS.contains(&kind) && !kind.starts_with("fuse."))
}

/// Returns the type of the file system that contains a folder.
fn fs_type_of<'a>(mounts: &'a str, folder: &Path) -> Option<&'a str> {
    let mount = |line: &'a str| {
        let (place, kind) = line.split_once(" - ")?;
        Some((place.split(' ').nth(4)?, kind.split(' ').next()?))
    };
    let above = mounts.lines().filter_map(mount).filter(|(place, _)| folder.starts_with(place));
    above.max_by_key(|(place, _)| place.len()).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 22 0:30 / /mnt/c rw - 9p C: rw\n";

    #[test]
    fn the_closest_mount_decides() {
        assert_eq!(fs_type_of(MOUNTS, Path::new("/home/me")), Some("ext4"));
        assert_eq!(fs_type_of(MOUNTS, Path::new("/mnt/c/Users")), Some("9p"));
    }
}
