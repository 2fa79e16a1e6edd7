//! The address at which the server listens.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use thiserror::Error;

/// The prefix of the path of a Unix socket.
const UNIX_PREFIX: &str = "unix:";

/// An address at which the server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListenAddress {
    /// An IP address and a port; port 0 for a free one.
    Tcp(SocketAddr),
    /// The path of a Unix socket.
    Unix(PathBuf),
}

/// The error for text that is not an address.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("use an address such as 127.0.0.1:7337, [::1]:7337 or unix:/path/to/socket")]
pub struct ParseListenAddressError;

impl ListenAddress {
    /// Returns true if other computers can connect.
    pub fn is_remote(&self) -> bool {
        match self {
            Self::Tcp(address) => !to_canonical(address.ip()).is_loopback(),
            Self::Unix(_) => false,
        }
    }
}

/// Returns the IPv4 address that an IPv6 address stands for, or the address itself.
fn to_canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

impl FromStr for ListenAddress {
    type Err = ParseListenAddressError;

    fn from_str(text: &str) -> Result<Self, ParseListenAddressError> {
        match text.strip_prefix(UNIX_PREFIX) {
            Some("") => Err(ParseListenAddressError),
            Some(path) => Ok(Self::Unix(path.into())),
            None => text.parse().map(Self::Tcp).map_err(|_| ParseListenAddressError),
        }
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(out, "http://{address}"),
            Self::Unix(path) => write!(out, "{UNIX_PREFIX}{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("127.0.0.1:7337", false)]
    #[case("127.9.9.9:1", false)]
    #[case("[::1]:7337", false)]
    #[case("[::ffff:127.0.0.1]:7337", false)]
    #[case("unix:/run/x/web.sock", false)]
    #[case("0.0.0.0:7337", true)]
    #[case("[::]:7337", true)]
    #[case("192.168.1.5:80", true)]
    fn only_loopback_addresses_and_sockets_are_local(#[case] text: &str, #[case] is_remote: bool) {
        assert_eq!(text.parse::<ListenAddress>().expect("it is an address").is_remote(), is_remote);
    }

    #[rstest]
    #[case("")]
    #[case("7337")]
    #[case("localhost:7337")]
    #[case("127.0.0.1")]
    #[case("127.0.0.1:99999")]
    #[case("unix:")]
    fn other_text_is_refused(#[case] text: &str) {
        assert_eq!(text.parse::<ListenAddress>(), Err(ParseListenAddressError));
    }
}
