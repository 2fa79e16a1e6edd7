//! Messages to webhooks, signed as the specification Standard Webhooks says.

use std::fmt;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use ring::hmac;
use ureq::Agent;

/// The prefix of a key as text.
const KEY_PREFIX: &str = "whsec_";

/// The time in which a receiver must have answered.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The key with which messages are signed. `Debug` hides it; `Display` is the form that receivers expect.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookKey(pub(crate) Vec<u8>);

impl fmt::Display for WebhookKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{KEY_PREFIX}{}", STANDARD.encode(&self.0))
    }
}

impl fmt::Debug for WebhookKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("WebhookKey(…)")
    }
}

/// Returns the header `webhook-signature` of a message.
pub fn signature_of(key: &WebhookKey, id: &str, seconds: i64, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key.0);
    let tag = hmac::sign(&key, format!("{id}.{seconds}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(tag.as_ref()))
}

/// A message to a webhook.
#[derive(Clone, Debug)]
pub(super) struct WebhookMessage {
    pub(super) url: String,
    pub(super) key: WebhookKey,
    /// The same for each attempt to send the message, so that a receiver can ignore repetitions.
    pub(super) id: String,
    /// JSON.
    pub(super) body: String,
}

impl WebhookMessage {
    /// Sends the message. Returns an error unless the receiver answers with a status of success. Blocks until then.
    pub(super) fn send(&self, now: DateTime<Utc>) -> Result<(), ureq::Error> {
        let agent: Agent = Agent::config_builder().timeout_global(Some(TIMEOUT)).max_redirects(0).build().into();
        let seconds = now.timestamp();
        let request = agent
            .post(&self.url)
            .header("Content-Type", "application/json")
            .header("webhook-id", &self.id)
            .header("webhook-timestamp", seconds.to_string())
            .header("webhook-signature", signature_of(&self.key, &self.id, seconds, &self.body));
        request.send(&self.body).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn a_message_is_signed_as_the_specification_says() {
        let key = WebhookKey(STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64"));
        assert_eq!(key.to_string(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let signature = signature_of(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
