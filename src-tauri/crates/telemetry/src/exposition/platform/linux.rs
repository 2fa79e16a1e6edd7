//! Figures of this process from `/proc`, under the names that all client libraries of Prometheus use.

use std::fs;

use crate::exposition::family::{Family, SampleValue};

/// Returns the figures that can be read.
pub(crate) fn process_families() -> Vec<Family> {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let boot = fs::read_to_string("/proc/stat").ok().and_then(|stat| boot_time(&stat));
    let ticks = rustix::param::clock_ticks_per_second() as f64;
    let times = process_times(&stat);
    let cpu = times.map(|(used, _)| SampleValue::Real(used as f64 / ticks));
    let start = times.zip(boot).map(|((_, start), boot)| SampleValue::Real(boot as f64 + start as f64 / ticks));
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let files = fs::read_dir("/proc/self/fd").ok().map(Iterator::count);
    vec![
        Family::counter(
            "process_cpu_seconds",
            "Processor time of this process in seconds",
            cpu.map(|value| (Vec::new(), value)).into_iter().collect(),
        ),
        Family::single_gauge(
            "process_resident_memory_bytes",
            "Resident memory of this process in bytes",
            resident_bytes(&status).map(SampleValue::Whole),
        ),
        Family::single_gauge(
            "process_open_fds",
            "Open file descriptors of this process",
            // One of them is that of the folder itself.
            files.map(|count| SampleValue::Whole((count as u64).saturating_sub(1))),
        ),
        Family::single_gauge("process_start_time_seconds", "Start of this process in seconds since 1970", start),
    ]
}

/// Returns the used processor time and the start since boot, both in clock ticks: fields 14 and 15 of `stat`, and 22. The
/// name in field 2 may contain spaces and parentheses.
fn process_times(stat: &str) -> Option<(u64, u64)> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_ascii_whitespace().collect();
    let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
    Some((field(14)? + field(15)?, field(22)?))
}

/// Returns the time of the boot in seconds since 1970.
fn boot_time(stat: &str) -> Option<u64> {
    stat.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()
}

fn resident_bytes(status: &str) -> Option<u64> {
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.trim().strip_suffix("kB")?;
    Some(kilobytes.trim().parse::<u64>().ok()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exposition::family::encode;
    use crate::exposition::format::ExpositionFormat;

    #[test]
    fn times_are_found_behind_a_name_with_parentheses() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 4 0 1234 5000 600 18446744073709551615";
        assert_eq!(process_times(stat), Some((300, 1234)));
        assert_eq!(process_times(""), None);
    }

    #[test]
    fn this_process_has_figures() {
        let text = encode(process_families(), ExpositionFormat::PrometheusText);
        let value = |name: &str| -> f64 {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).expect("a sample");
            line.parse().expect("a number")
        };
        assert!(value("process_cpu_seconds_total") >= 0.0);
        assert!(value("process_resident_memory_bytes") > 1e5);
        assert!(value("process_open_fds") >= 3.0);
        let age = chrono::Utc::now().timestamp() as f64 - value("process_start_time_seconds");
        assert!((-2.0..3600.0).contains(&age), "it started {age} seconds ago");
    }
}
