//! The names under which the server answers, and the origins whose pages may send requests.
//!
//! Both are exact lists. They stop pages of other sites, also those whose names were made to resolve to this computer.

use std::net::{IpAddr, SocketAddr};

use token_monitor_web::ListenAddress;

/// The port that a browser leaves out of an address.
const HTTP_PORT: u16 = 80;

/// The names and origins that are allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedHosts {
    hosts: Vec<String>,
    origins: Vec<String>,
}

impl AllowedHosts {
    /// Returns those of an address, together with further names such as `monitor.example:8443`, by which a proxy or another
    /// computer reaches it.
    pub fn new(address: &ListenAddress, names: &[String]) -> Self {
        let own = match address {
            ListenAddress::Tcp(address) => own_hosts(*address),
            ListenAddress::Unix(_) => vec!["localhost".to_owned()],
        };
        let mut allowed = Self::default();
        for host in own {
            allowed.origins.push(format!("http://{host}"));
            allowed.hosts.push(host);
        }
        for name in names {
            let host = name.to_ascii_lowercase();
            allowed.origins.extend(["http", "https"].map(|scheme| format!("{scheme}://{host}")));
            allowed.hosts.push(host);
        }
        allowed
    }

    /// Returns true for a name of the server, as it is in the header `Host`.
    pub fn contains_host(&self, host: &str) -> bool {
        self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host))
    }

    /// Returns true for the origin of a page of the server.
    pub fn contains_origin(&self, origin: &str) -> bool {
        self.origins.iter().any(|own| own == origin)
    }
}

/// Returns the names of an IP address and a port. Under an unspecified address they are those of the loopback addresses.
fn own_hosts(address: SocketAddr) -> Vec<String> {
    let ip = address.ip().to_canonical();
    let ips = match ip.is_unspecified() {
        true => vec!["127.0.0.1".to_owned(), "[::1]".to_owned()],
        false => vec![host_of(ip)],
    };
    let is_local = ip.is_loopback() || ip.is_unspecified();
    let names = ips.into_iter().chain(is_local.then(|| "localhost".to_owned()));
    let with_port = names.flat_map(|name| {
        let short = (address.port() == HTTP_PORT).then(|| name.clone());
        [Some(format!("{name}:{}", address.port())), short]
    });
    with_port.flatten().collect()
}

fn host_of(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("127.0.0.1:7337", &["127.0.0.1:7337", "localhost:7337", "LOCALHOST:7337"], &["127.0.0.1", "localhost", "[::1]:7337", "127.0.0.1:80", "evil.example:7337", "127.0.0.1:7337.evil.example", ""])]
    #[case("[::1]:80", &["[::1]:80", "[::1]", "localhost"], &["127.0.0.1", "::1"])]
    #[case("0.0.0.0:7337", &["127.0.0.1:7337", "localhost:7337", "box.lan:7337"], &["0.0.0.0:7337", "192.168.1.5:7337"])]
    #[case("unix:/run/x", &["localhost"], &["x", "127.0.0.1"])]
    fn names_are_an_exact_list(#[case] address: &str, #[case] own: &[&str], #[case] foreign: &[&str]) {
        let hosts = AllowedHosts::new(&address.parse().expect("an address"), &["box.lan:7337".to_owned()]);
        assert!(own.iter().all(|host| hosts.contains_host(host)), "{hosts:?}");
        assert!(!foreign.iter().any(|host| hosts.contains_host(host)), "{hosts:?}");
    }

    #[test]
    fn an_origin_has_a_scheme_and_a_port() {
        let hosts = AllowedHosts::new(&"127.0.0.1:7337".parse().expect("an address"), &[]);
        assert!(hosts.contains_origin("http://localhost:7337"));
        for foreign in ["null", "http://localhost", "https://localhost:7337", "http://127.0.0.1:7338", "localhost:7337"]
        {
            assert!(!hosts.contains_origin(foreign), "{foreign}");
        }
    }
}
