//! Texts that are typed: a search, the name and the tags of a session, the path of a CSV file.

use chrono::{DateTime, Utc};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use token_monitor_core::report::model::SessionChanges;
use token_monitor_engine::Request;

use crate::live::app::App;
use crate::live::app::line_input::LineInput;
use crate::live::app::message::Effect;
use crate::live::app::overlay::{Overlay, Prompt, Purpose};

impl App {
    pub(super) fn open_search(&mut self) {
        self.open_prompt(Purpose::Search, &self.sessions.search.clone());
    }

    pub(super) fn open_rename(&mut self) {
        if let Some(session) = self.sessions.target() {
            let name = session.session_name.clone().unwrap_or_default();
            self.open_prompt(Purpose::Rename { session: session.session_id.clone() }, &name);
        }
    }

    pub(super) fn open_tags(&mut self) {
        if let Some(session) = self.sessions.target() {
            let tags = session.tags.join(", ");
            self.open_prompt(Purpose::Tags { session: session.session_id.clone() }, &tags);
        }
    }

    pub(super) fn open_csv_path(&mut self, now: DateTime<Utc>) {
        let page = self.page.title().to_lowercase();
        let time = self.shown_time(now).format("%Y%m%d-%H%M%S");
        self.open_prompt(Purpose::CsvPath, &format!("token-monitor-{page}-{time}.csv"));
    }

    fn open_prompt(&mut self, purpose: Purpose, text: &str) {
        self.overlay = Overlay::Prompt(Prompt { purpose, input: LineInput::new(text) });
    }

    /// Inserts a pasted text where one is typed. Elsewhere it is ignored, so that its letters are no commands.
    pub(super) fn paste(&mut self, text: &str) -> Vec<Effect> {
        if let Overlay::Prompt(prompt) = &mut self.overlay {
            prompt.input.insert_text(text);
            self.follow_search();
        }
        Vec::new()
    }

    pub(super) fn press_in_prompt(&mut self, key: KeyEvent) -> Vec<Effect> {
        let Overlay::Prompt(prompt) = &mut self.overlay else { return Vec::new() };
        match key.code {
            KeyCode::Enter => return self.finish_prompt(),
            KeyCode::Esc => self.cancel_prompt(),
            KeyCode::Up | KeyCode::Down if prompt.purpose == Purpose::Search => {
                let step = if key.code == KeyCode::Up { -1 } else { 1 };
                self.sessions.move_in_list(|list| list.move_by(step));
            }
            code => {
                edit(&mut prompt.input, code, key.modifiers);
                self.follow_search();
            }
        }
        Vec::new()
    }

    /// Makes the list follow a search that is being typed.
    fn follow_search(&mut self) {
        let Overlay::Prompt(Prompt { purpose: Purpose::Search, input }) = &self.overlay else { return };
        let search = input.text();
        if search != self.sessions.search {
            self.sessions.search = search;
            self.sessions.restart_list();
        }
    }

    fn cancel_prompt(&mut self) {
        let Overlay::Prompt(prompt) = std::mem::take(&mut self.overlay) else { return };
        if prompt.purpose == Purpose::Search {
            self.sessions.search.clear();
            self.sessions.restart_list();
        }
    }

    fn finish_prompt(&mut self) -> Vec<Effect> {
        let Overlay::Prompt(Prompt { purpose, input }) = std::mem::take(&mut self.overlay) else { return Vec::new() };
        let text = input.text();
        match purpose {
            Purpose::Search => Vec::new(),
            Purpose::Rename { session } => {
                let changes = SessionChanges { name: Some(text.trim().to_owned()), ..SessionChanges::default() };
                vec![Effect::Ask(Request::UpdateSession { session, changes })]
            }
            Purpose::Tags { session } => {
                let changes = SessionChanges { tags: Some(split_tags(&text)), ..SessionChanges::default() };
                vec![Effect::Ask(Request::UpdateSession { session, changes })]
            }
            Purpose::CsvPath if text.trim().is_empty() => Vec::new(),
            Purpose::CsvPath => {
                vec![Effect::WriteFile { path: text.trim().to_owned(), contents: self.csv_contents() }]
            }
        }
    }

    fn csv_contents(&self) -> String {
        self.csv(self.latest.at)
    }
}

/// Edits a text by a key.
fn edit(input: &mut LineInput, code: KeyCode, modifiers: KeyModifiers) {
    if modifiers.contains(KeyModifiers::CONTROL) {
        match code {
            KeyCode::Char('a') => input.move_to_start(),
            KeyCode::Char('e') => input.move_to_end(),
            KeyCode::Char('u') => input.delete_to_start(),
            KeyCode::Char('w' | 'h') | KeyCode::Backspace => input.delete_word(),
            _ => {}
        }
        return;
    }
    match code {
        KeyCode::Char(char) => input.insert_text(char.encode_utf8(&mut [0; 4])),
        KeyCode::Backspace => input.delete_backward(),
        KeyCode::Delete => input.delete_forward(),
        KeyCode::Left => input.move_by(-1),
        KeyCode::Right => input.move_by(1),
        KeyCode::Home => input.move_to_start(),
        KeyCode::End => input.move_to_end(),
        _ => {}
    }
}

/// Splits a text at its commas.
fn split_tags(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}
