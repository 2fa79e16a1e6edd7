//! The wordings of limit messages: which limit they name, and which words around it belong to the message.

use std::ops::RangeInclusive;

use crate::quota::QuotaWindow;

/// Removes what Claude Code puts before a limit message.
pub(super) fn strip_context(line: &str) -> &str {
    const COMPACTION: &str = "automatic compaction failed: ";
    let lower = line.to_ascii_lowercase();
    let after_compaction = lower.starts_with("prompt is too long").then(|| lower.find(COMPACTION)).flatten();
    let line = after_compaction.map_or(line, |at| &line[at + COMPACTION.len()..]);
    strip_start(line, "api error: ").unwrap_or(line)
}

/// Returns true for a hint what to do, as opposed to prose.
pub(super) fn is_advice(hint: &str) -> bool {
    const VERBS: [&str; 13] = [
        "run ", "raise ", "ask ", "contact ", "switch ", "upgrade", "visit ", "add ", "buy ", "enable ", "try ",
        "wait", "/",
    ];
    VERBS.iter().any(|verb| strip_start(hint, verb).is_some())
}

/// Returns the plan window and the text of its reset time, such as `your session limit resets 7pm`.
pub(super) fn find_plan_reset(hint: &str) -> Option<(QuotaWindow, &str)> {
    let rest = strip_start(hint, "your ")?;
    let at = rest.to_ascii_lowercase().find(" limit resets ")?;
    let window = match parse_limit_name(&rest[..at], 1..=2)? {
        LimitName::Window(window) => Some(window).filter(QuotaWindow::is_plan)?,
        LimitName::Unnamed => return None,
    };
    Some((window, rest[at + " limit resets ".len()..].trim_end_matches('.')))
}

pub(super) const SEPARATOR: char = '·';

/// Replaces the variants of apostrophes, spaces and separators with one form.
pub(super) fn normalize_punctuation(line: &str) -> String {
    let letter = |c: char| match c {
        '’' | 'ʼ' | '‘' => '\'',
        '∙' | '•' | '⋅' => SEPARATOR,
        '\u{a0}' | '\u{202f}' => ' ',
        other => other,
    };
    let line: String = line.chars().map(letter).collect();
    [" - ", " – ", " — ", ". "].iter().fold(line, |line, dash| line.replace(dash, " · "))
}

/// Returns the text of the reset time of the limit itself, if a hint has one.
pub(super) fn find_reset_text(hint: &str) -> Option<&str> {
    strip_start(hint, "resets ")
        .or_else(|| strip_start(hint, "your limit will reset "))
        .map(|text| text.trim_end_matches('.'))
}

/// Returns the rest of a text that starts with `start`, ignoring case.
fn strip_start<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let head = text.get(..start.len())?;
    head.eq_ignore_ascii_case(start).then(|| &text[start.len()..])
}

/// Returns the part of a text before `end`, ignoring case.
pub(super) fn strip_end<'a>(text: &'a str, end: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(end.len())?;
    text.get(at..)?.eq_ignore_ascii_case(end).then(|| &text[..at])
}

/// The limit named in a message.
pub(super) enum LimitName {
    /// The limit of this window.
    Window(QuotaWindow),
    /// A limit without a name.
    Unnamed,
}

/// Parses the words before the reset time. All words must match.
pub(super) fn parse_limit(words: &str) -> Option<LimitName> {
    let is = |texts: &[&str]| texts.iter().any(|text| words.eq_ignore_ascii_case(text));
    let starts = |texts: &[&str]| texts.iter().any(|text| strip_start(words, text).is_some());
    let needs_credits = strip_end(words, "requires usage credits").is_some_and(|model| !model.is_empty());
    if needs_credits || is(&["you're out of extra usage", "you're out of usage credits"]) {
        return Some(LimitName::Window(QuotaWindow::ExtraUsage));
    }
    let is_organization = is(&["your org is out of usage", "your organization is out of usage"])
        || starts(&[
            "your seat type doesn't include ",
            "your usage allocation has been disabled",
            "your group's usage limit is set to $0",
        ]);
    if is_organization {
        return Some(LimitName::Window(QuotaWindow::Organization));
    }
    let rest = ["you've hit your ", "you've reached your "].iter().find_map(|start| strip_start(words, start));
    match rest {
        Some(rest) => parse_limit_name(strip_end(rest, "limit")?, 1..=2),
        None => parse_limit_name(strip_end(words, "limit reached")?, 2..=2),
    }
}

/// Parses a limit name: `session`, `5-hour`, `weekly`, `monthly spend`, no name, or a model family with or without its
/// version.
///
/// A family is distinguished from prose by its capital letter and by the number of words. A form that could start a
/// sentence must include `weekly`.
fn parse_limit_name(name: &str, family_word_count: RangeInclusive<usize>) -> Option<LimitName> {
    let is_version = |word: &str| word.chars().all(|c| c.is_ascii_digit() || c == '.');
    let is_filler = |word: &str| ["claude", "ai", "usage"].iter().any(|filler| word.eq_ignore_ascii_case(filler));
    let words: Vec<&str> = name.split_whitespace().filter(|word| !is_filler(word) && !is_version(word)).collect();
    let is = |word: &str, names: &[&str]| names.iter().any(|name| word.eq_ignore_ascii_case(name));
    match words.as_slice() {
        [] => Some(LimitName::Unnamed),
        [word] if is(word, &["session", "5-hour", "five-hour"]) => Some(LimitName::Window(QuotaWindow::FiveHour)),
        [word] if is(word, &["weekly", "7-day"]) => Some(LimitName::Window(QuotaWindow::Weekly)),
        [word] if is(word, &["extra"]) => Some(LimitName::Window(QuotaWindow::ExtraUsage)),
        [.., word] if is(word, &["credit", "credits"]) => Some(LimitName::Window(QuotaWindow::ExtraUsage)),
        [.., word] if is(word, &["spend", "spending"]) => Some(LimitName::Window(QuotaWindow::SpendLimit)),
        [owner, ..] if is(owner, &["org's", "organization's", "team's", "group's"]) => {
            Some(LimitName::Window(QuotaWindow::Organization))
        }
        [family, rest @ ..] if family_word_count.contains(&words.len()) => {
            let weekly = rest.iter().all(|word| is(word, &["weekly"]));
            let family =
                Some(family).filter(|family| weekly && family.starts_with(|c: char| c.is_ascii_uppercase()))?;
            QuotaWindow::for_model_family(family).map(LimitName::Window)
        }
        _ => None,
    }
}
