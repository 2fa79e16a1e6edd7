//! Sanitizes the texts of notifications.
//!
//! Alerts are sanitized when they are created. This is repeated here, since notifications can have other sources.

use token_monitor_core::alerts::{MAX_BODY_LEN, MAX_TITLE_LEN};
use token_monitor_core::text::sanitize;

/// Sanitizes and truncates a title.
pub(crate) fn clean_title(text: &str) -> String {
    sanitize::sanitize_name(text, MAX_TITLE_LEN)
}

/// Sanitizes and truncates a body, keeping its lines.
pub(crate) fn clean_body(text: &str) -> String {
    sanitize::sanitize_lines(text, MAX_BODY_LEN)
}

/// Escapes a text for services that interpret markup. The text must be truncated before, so that no escape is split.
#[cfg(any(target_os = "linux", test))]
pub(crate) fn escape_markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped() {
        assert_eq!(escape_markup("<b>R&D</b> &amp;"), "&lt;b&gt;R&amp;D&lt;/b&gt; &amp;amp;");
        let long = escape_markup(&clean_body(&"&".repeat(300)));
        assert!(long.ends_with("&amp;…"), "an escape was split: {long}");
    }
}
