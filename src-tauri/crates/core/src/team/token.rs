//! The token of a device: the text that an administrator of a hub gives to a member.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The first part of a token, which names its version.
const PREFIX: &str = "tmh1";

/// The token of a device. `Debug` hides its secret.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceToken {
    /// The id of the organization, a UUID.
    pub organization: [u8; 16],
    /// The id of the device, a UUID.
    pub device: [u8; 16],
    /// The secret that proves the identity of the device.
    pub secret: [u8; 32],
    /// The key of the pseudonyms of projects and sessions, the same in the whole organization. A device does not send it.
    pub pseudonym_key: [u8; 16],
}

/// The error for text that is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("this is no token of a hub")]
pub struct ParseDeviceTokenError;

impl DeviceToken {
    /// Returns the part that is sent with each request, without the key of the pseudonyms.
    pub fn credential(&self) -> String {
        [PREFIX, &to_hex(&self.organization), &to_hex(&self.device), &to_hex(&self.secret)].join(".")
    }

    /// Parses the part that is sent with each request. The key of the pseudonyms is zero.
    ///
    /// # Errors
    ///
    /// If the text is no credential.
    pub fn from_credential(text: &str) -> Result<Self, ParseDeviceTokenError> {
        match *text.split('.').collect::<Vec<_>>() {
            [PREFIX, organization, device, secret] => Ok(Self {
                organization: from_hex(organization)?,
                device: from_hex(device)?,
                secret: from_hex(secret)?,
                pseudonym_key: [0; 16],
            }),
            _ => Err(ParseDeviceTokenError),
        }
    }
}

impl FromStr for DeviceToken {
    type Err = ParseDeviceTokenError;

    fn from_str(text: &str) -> Result<Self, ParseDeviceTokenError> {
        let (credential, key) = text.trim().rsplit_once('.').ok_or(ParseDeviceTokenError)?;
        Ok(Self { pseudonym_key: from_hex(key)?, ..Self::from_credential(credential)? })
    }
}

impl fmt::Display for DeviceToken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.credential(), to_hex(&self.pseudonym_key))
    }
}

impl fmt::Debug for DeviceToken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("DeviceToken(…)")
    }
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex<const N: usize>(text: &str) -> Result<[u8; N], ParseDeviceTokenError> {
    let is_hex = text.len() == 2 * N && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let mut bytes = [0; N];
    for (index, byte) in bytes.iter_mut().enumerate() {
        let digits = text.get(2 * index..2 * index + 2).filter(|_| is_hex).ok_or(ParseDeviceTokenError)?;
        *byte = u8::from_str_radix(digits, 16).map_err(|_| ParseDeviceTokenError)?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> DeviceToken {
        DeviceToken { organization: [1; 16], device: [2; 16], secret: [0xab; 32], pseudonym_key: [4; 16] }
    }

    #[test]
    fn a_token_is_parsed_as_it_was_printed() {
        let text = token().to_string();
        assert_eq!(text.parse(), Ok(token()));
        assert_eq!(format!(" {text}\n").parse(), Ok(token()), "white space of a file");
        let sent = DeviceToken::from_credential(&token().credential()).expect("it is one");
        assert_eq!(sent, DeviceToken { pseudonym_key: [0; 16], ..token() }, "the key is not sent");
    }

    #[test]
    fn other_text_is_no_token() {
        let text = token().to_string();
        for wrong in ["", "tmh1", &text[1..], &text.to_uppercase(), &text[..text.len() - 1], &format!("{text}.00")] {
            assert_eq!(wrong.parse::<DeviceToken>(), Err(ParseDeviceTokenError), "{wrong}");
        }
        assert_eq!(format!("{:?}", token()), "DeviceToken(…)");
    }
}
