//! `token-monitor explain`: what became of every line behind a figure, and why ccusage shows another.
//!
//! It asks for the figure as everybody sees it, then reads the logs itself: the store keeps no lines. What the two
//! differ by is no longer in the logs.

use std::path::PathBuf;

use chrono::{NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use token_monitor_core::audit::{Against, Four, Messages, Own, Part, PeerCommand};
use token_monitor_core::report::model::{SessionStats, SettingsPage};
use token_monitor_core::time::{Timestamp, calendar};
use token_monitor_engine::config::Layers;
use token_monitor_engine::{About, Answer, Ask, Explained, Homes, Refusal, RefusalCode, SessionQuery, explain, zone};

use crate::args::ExplainArgs;
use crate::commands::query::Printer;
use crate::connect::Desk;
use crate::error::Failure;
use crate::render::format::{clean, grouped};
use crate::render::tables::{cells, table};

/// Explains a figure and prints that.
pub(crate) async fn run(layers: Layers, asked: &ExplainArgs, out: &Printer) -> Result<(), Failure> {
    let homes = layers.homes.clone();
    let desk = Desk::open(layers).await?;
    let found = find(&desk, asked).await;
    let page = desk.core.settings().await;
    desk.close()?;
    let ((about, history), named) = (found?, folders(&page?, &homes));
    let against = asked.against.map(|_| asked.command.map_or_else(|| usual(&about), Into::into));
    let explained = explain(&named, &homes, &about, against);
    let no_longer_in_logs = history - explained.own.counted.tokens;
    let explanation = Explanation { about: words(&about), history, no_longer_in_logs, explained };
    match out.json {
        true => out.json(&explanation),
        false => out.text(&text(&explanation, asked.verbose)),
    }
}

/// The folders that whoever answered looks at.
fn folders(page: &SettingsPage, homes: &Homes) -> Vec<PathBuf> {
    let named = page.rows.iter().find(|row| row.key == "claude_config_dirs").and_then(|row| row.value.as_array());
    named.into_iter().flatten().filter_map(|folder| folder.as_str()).map(|folder| homes.expand(folder)).collect()
}

/// What is printed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Explanation {
    /// What it is about, in words.
    about: String,
    /// What everybody is shown of it.
    history: Four,
    /// What of that the logs tell no more.
    no_longer_in_logs: Four,
    #[serde(flatten)]
    explained: Explained,
}

/// What is asked about, and the figure that is shown of it.
async fn find(desk: &Desk, asked: &ExplainArgs) -> Result<(About, Four), Failure> {
    if let Some(session) = &asked.session {
        let session = find_session(desk, session).await?;
        return Ok((About::Session(session.session_id.clone()), Four::from(&session.totals)));
    }
    let zone = match asked.timezone {
        Some(zone) => zone,
        None => desk.core.snapshot().await?.zone.parse().unwrap_or_else(|_| zone::system()),
    };
    let Answer::Days(days, totals) = desk.core.ask(Ask::Days { zone: Some(zone) }).await? else {
        return Err(unexpected());
    };
    if asked.all {
        return Ok((About::All, Four::from(&totals)));
    }
    let date = asked.day.unwrap_or_else(|| today(zone));
    let shown = days.iter().find(|day| day.date == date).map(|day| Four::from(&day.totals));
    Ok((About::Day(date, zone), shown.unwrap_or_default()))
}

fn today(zone: Tz) -> NaiveDate {
    calendar::date(Timestamp::from(Utc::now()), zone)
}

/// The session with this id or name, or the only one whose id begins so.
async fn find_session(desk: &Desk, wanted: &str) -> Result<SessionStats, Failure> {
    let query = SessionQuery { limit: usize::MAX, hidden_too: true, ..SessionQuery::default() };
    let Answer::Sessions(page) = desk.core.ask(Ask::Sessions(query)).await? else { return Err(unexpected()) };
    let named = |session: &&SessionStats| {
        let name = session.session_name.as_ref().map(|name| name.to_lowercase());
        session.session_id == wanted || name.is_some_and(|name| name == wanted.to_lowercase())
    };
    if let Some(session) = page.sessions.iter().find(named) {
        return Ok(session.clone());
    }
    let mut found = page.sessions.into_iter().filter(|session| session.session_id.starts_with(wanted));
    match (found.next(), found.next()) {
        (Some(session), None) => Ok(session),
        (None, _) => Err(not_found(format!("there is no session {wanted}"))),
        (Some(_), Some(_)) => Err(not_found(format!("more than one session begins with {wanted}"))),
    }
}

fn not_found(message: String) -> Failure {
    Refusal::new(RefusalCode::NotFound, message).hint("`token-monitor sessions` lists them.").into()
}

fn unexpected() -> Failure {
    Refusal::new(RefusalCode::Internal, "another question was answered").into()
}

/// The command of ccusage's that people compare with.
fn usual(about: &About) -> PeerCommand {
    match about {
        About::Session(_) => PeerCommand::Session,
        About::Day(..) | About::All => PeerCommand::Daily,
    }
}

fn words(about: &About) -> String {
    match about {
        About::All => "all time".to_owned(),
        About::Day(date, zone) => format!("{date}, {zone}"),
        About::Session(id) => format!("session {id}"),
    }
}

fn text(explanation: &Explanation, verbose: bool) -> String {
    let Explained { logs, lines, own, against, .. } = &explanation.explained;
    let read = format!("{} lines of {} logs", grouped(u128::from(*lines)), grouped(u128::from(*logs)));
    let mut parts = vec![format!("Explaining {}", explanation.about)];
    parts.push(format!("\nMeasured, from {read}\n{}", own_table(own, verbose)));
    parts.extend(skipped(&explanation.explained));
    match against {
        Some(against) => {
            let title = format!("Against ccusage {} {}, emulated", against.version, against.command.word());
            parts.push(format!("\n{title}\n{}", against_table(explanation, against, verbose)));
        }
        None if explanation.no_longer_in_logs.is_zero() => {}
        None => {
            let [.., total] = figures(explanation.no_longer_in_logs);
            parts.push(format!("\nIn the history but not in the logs: {total} tokens"));
        }
    }
    parts.iter().flat_map(|part| part.lines()).map(clean).collect::<Vec<_>>().join("\n")
}

/// What could not be read, if anything.
fn skipped(explained: &Explained) -> Option<String> {
    let skips = explained.skipped.iter().map(|skip| (skip.words.as_str(), skip.count));
    let skips = skips.chain([("logs that could not be read", explained.unreadable_logs)]);
    let lines: Vec<String> = skips
        .filter(|(_, count)| *count > 0)
        .map(|(words, count)| format!("\n  {words}: {}", grouped(u128::from(count))))
        .collect();
    (!lines.is_empty()).then(|| format!("\nSkipped in all logs{}", lines.concat()))
}

const KINDS: [&str; 5] = ["Input", "Output", "Cache write", "Cache read", "Total"];

fn own_table(own: &Own, verbose: bool) -> String {
    let mut out = table(&[""], &[&["Count"], &KINDS[..]].concat());
    let mut row = |words: &str, count: u64, tokens: Four| {
        let count = if count == 0 { String::new() } else { grouped(u128::from(count)) };
        out.add_row(cells(&[words.to_owned()], &[&[count], &figures(tokens)[..]].concat()));
    };
    row("  lines with usage, each summed", own.naive.lines, own.naive.tokens);
    for (words, part) in not_counted(own).into_iter().filter(|(_, part)| verbose || part.lines > 0) {
        row(words, part.lines, part.tokens);
    }
    if verbose || !own.pieced_together.is_zero() {
        row("+ larger counts on other lines", 0, own.pieced_together);
    }
    row("= messages counted", own.counted.messages, own.counted.tokens);
    for (words, part) in of_what_counts(own).into_iter().filter(|(_, part)| verbose || part.messages > 0) {
        row(words, part.messages, part.tokens);
    }
    out.trim_fmt()
}

fn not_counted(own: &Own) -> [(&'static str, &Part); 7] {
    [
        ("- repeated in the same log", &own.repeated),
        ("- copied to another log", &own.copies),
        ("- replayed aside", &own.replays),
        ("- told again by progress lines", &own.progress),
        ("- synthetic entries", &own.synthetic),
        ("- entries without a time", &own.no_time),
        ("- records of other types", &own.other_types),
    ]
}

fn of_what_counts(own: &Own) -> [(&'static str, &Messages); 3] {
    [
        ("  of it advisor calls", &own.advisors),
        ("  of it by subagents and side questions", &own.aside),
        ("  of it from progress lines alone", &own.progress_alone),
    ]
}

fn against_table(explanation: &Explanation, against: &Against, verbose: bool) -> String {
    let mut out = table(&[""], &KINDS);
    let mut row = |words: &str, figures: [String; 5]| {
        out.add_row(cells(&[words.to_owned()], &figures));
    };
    row("  Token Monitor (measured)", figures(explanation.history));
    if verbose || !explanation.no_longer_in_logs.is_zero() {
        row("  no longer in the logs", changes(Four::default() - explanation.no_longer_in_logs));
    }
    for step in against.steps.iter().filter(|step| verbose || !step.tokens.is_zero()) {
        row(&format!("  {}", step.words), changes(step.tokens));
    }
    row(&format!("= ccusage {} (emulated)", against.command.word()), figures(against.theirs));
    out.trim_fmt()
}

fn all(four: Four) -> [i128; 5] {
    let [input, output, cache_write, cache_read] = four.kinds();
    [input, output, cache_write, cache_read, four.total()]
}

fn figures(four: Four) -> [String; 5] {
    all(four).map(|figure| format!("{}{}", if figure < 0 { "-" } else { "" }, grouped(figure.unsigned_abs())))
}

/// Differences: with their sign, and nothing where there is none.
fn changes(four: Four) -> [String; 5] {
    all(four).map(|change| match change {
        0 => String::new(),
        change => format!("{}{}", if change < 0 { "-" } else { "+" }, grouped(change.unsigned_abs())),
    })
}
