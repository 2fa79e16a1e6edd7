//! Prints answers: as tables for people, as JSON for programs.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use serde::ser::{Serialize, SerializeMap, Serializer};
use token_monitor_core::report::model::Totals;
use token_monitor_engine::config::Settings;
use token_monitor_engine::{Answer, Ask, SessionQuery};

use crate::args::{AlertWish, Args, Command};
use crate::connect::Desk;
use crate::error::Failure;
use crate::render::tables;

/// How to print.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Printer {
    pub(crate) json: bool,
    pub(crate) colour: bool,
    /// How often a terminal is redrawn, at most; a pipe gets every change.
    pub(crate) beat: Option<Duration>,
}

impl Printer {
    pub(crate) fn new(args: &Args, settings: &Settings) -> Self {
        let terminal = io::stdout().is_terminal();
        let colour = terminal && settings.color_enabled && !args.no_color && std::env::var_os("NO_COLOR").is_none();
        Self { json: args.json, colour, beat: terminal.then_some(settings.refresh_rate) }
    }

    /// Prints one JSON text on one line, whole before anyone reads it.
    pub(crate) fn json(self, value: &impl Serialize) -> Result<(), Failure> {
        let mut line = spelled_out(&serde_json::to_string(value)?);
        line.push('\n');
        write_all(line.as_bytes())
    }

    /// Prints text.
    pub(crate) fn text(self, text: &str) -> Result<(), Failure> {
        write_all(format!("{text}\n").as_bytes())
    }
}

/// JSON with the control characters it would leave as they are: a terminal obeys them.
fn spelled_out(json: &str) -> String {
    let obeyed = |c: char| matches!(c, '\u{7f}'..='\u{9f}');
    let spelled = |c: char| if obeyed(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() };
    if json.contains(obeyed) { json.chars().map(spelled).collect() } else { json.to_owned() }
}

/// A reader that went away is no error of ours.
fn write_all(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        done => done.map_err(Failure::from),
    }
}

/// Asks what a command asks, and prints the answer.
pub(crate) async fn answer(desk: &Desk, command: Command, out: &Printer) -> Result<(), Failure> {
    let tries = matches!(command, Command::Alerts { wish: Some(AlertWish::Test { .. }), .. });
    let answer = desk.core.ask(question(command)).await?;
    match (out.json, &answer) {
        (true, _) => out.answer_as_json(&answer),
        (false, Answer::AlertStatus(status)) if tries => out.text(&tables::tried(status)),
        (false, _) => out.text(&tables::answer(&answer, out.colour)),
    }
}

fn question(command: Command) -> Ask {
    match command {
        Command::Sessions => {
            Ask::Sessions(SessionQuery { limit: usize::MAX, hidden_too: true, ..SessionQuery::default() })
        }
        Command::Blocks { anchor } => Ask::Blocks { anchor: anchor.map(Into::into) },
        Command::Days { timezone } => Ask::Days { zone: timezone },
        Command::Models => Ask::Models,
        Command::Session { session } => Ask::Session { session },
        Command::Backtest => Ask::Backtest,
        Command::Alerts { wish: None, limit } => Ask::Alerts { limit },
        Command::Alerts { wish: Some(AlertWish::Test { rule }), .. } => Ask::TestAlert { rule: rule.into() },
        Command::Alerts { wish: Some(AlertWish::Pause { pause }), .. } => Ask::PauseAlerts { pause: pause.into() },
        Command::Rename { session, name } => Ask::Rename { session, name },
        Command::Settings { .. } => Ask::Settings,
        Command::Describe(args) => args.into(),
        Command::Doctor | Command::Explain(_) => Ask::Health,
        Command::Status | Command::Watch | Command::Statusline { .. } => Ask::Snapshot,
        #[cfg(target_os = "linux")]
        Command::Tray => Ask::Snapshot,
    }
}

impl Printer {
    fn answer_as_json(self, answer: &Answer) -> Result<(), Failure> {
        match answer {
            Answer::Done => self.json(&()),
            Answer::Snapshot(snapshot) => self.json(snapshot),
            Answer::Sessions(page) => self.json(&Rows("sessions", &page.sessions, &page.totals)),
            Answer::Blocks(blocks, totals) => self.json(&Rows("blocks", blocks, totals)),
            Answer::Days(days, totals) => self.json(&Rows("days", days, totals)),
            Answer::Models(models, totals) => self.json(&Rows("models", models, totals)),
            Answer::Session(detail) => self.json(detail),
            Answer::Backtest(found) => self.json(found),
            Answer::Renamed(metadata) => self.json(metadata),
            Answer::Health(health) => self.json(health),
            Answer::BlockHistory(history) => self.json(history),
            Answer::History(history) => self.json(history),
            Answer::Described(metadata) => self.json(metadata),
            Answer::Settings(page) => self.json(page),
            Answer::Alerts(rows) => self.json(&serde_json::json!({ "alerts": rows })),
            Answer::AlertStatus(status) => self.json(status),
            Answer::Diagnostics(found) => self.json(found),
        }
    }
}

/// Rows under their name, and the sums over all of them.
struct Rows<'a, T>(&'static str, &'a [T], &'a Totals);

impl<T: Serialize> Serialize for Rows<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry(self.0, self.1)?;
        map.serialize_entry("totals", self.2)?;
        map.end()
    }
}
