//! The keys and what they do. The help is made of the same table, so that it cannot differ.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::live::app::page::Page;

/// What a key does while nothing is being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Open(Page),
    NextPage,
    PreviousPage,
    Move(Move),
    ShowDetail,
    Back,
    Search,
    NextSort,
    ToggleOlder,
    Rename,
    EditTags,
    Toggle(Flag),
    PauseAlerts,
    Freeze,
    Copy,
    CopyResume,
    WriteCsv,
    ChooseTheme,
    MoveRange(isize),
    NextSplit,
    ToggleMeasure,
    Help,
    Redraw,
    Suspend,
    Quit,
}

/// A movement in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    By(isize),
    ByPage(isize),
    First,
    Last,
}

/// What can be turned on and off for a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flag {
    Pin,
    Mute,
    Hide,
}

/// A line of the help: the keys as they are labeled, what they do, and the pages on which they do it.
pub(crate) struct HelpEntry {
    pub(crate) keys: &'static str,
    pub(crate) text: &'static str,
    pub(crate) pages: &'static [Page],
    /// The word shown beside the key at the bottom of the screen; empty if it is not shown there.
    pub(crate) hint: &'static str,
    codes: &'static [(KeyCode, Action)],
}

const ALL: &[Page] = &Page::ALL;
const SESSIONS: &[Page] = &[Page::Sessions];
const WITH_SESSIONS: &[Page] = &[Page::Now, Page::Sessions];
const LISTS: &[Page] = &[Page::Now, Page::Sessions, Page::Blocks, Page::History];
const HISTORY: &[Page] = &[Page::History];
const WITH_MEASURE: &[Page] = &[Page::Blocks, Page::History];

const fn entry(
    keys: &'static str,
    text: &'static str,
    hint: &'static str,
    pages: &'static [Page],
    codes: &'static [(KeyCode, Action)],
) -> HelpEntry {
    HelpEntry { keys, text, pages, hint, codes }
}

const fn key(char: char) -> KeyCode {
    KeyCode::Char(char)
}

/// All keys, in the order of the help.
pub(crate) const HELP: &[HelpEntry] = &[
    entry(
        "1 2 3 4",
        "Now, Sessions, Blocks, History",
        "",
        ALL,
        &[
            (key('1'), Action::Open(Page::Now)),
            (key('2'), Action::Open(Page::Sessions)),
            (key('3'), Action::Open(Page::Blocks)),
            (key('4'), Action::Open(Page::History)),
        ],
    ),
    entry(
        "Tab, Shift-Tab",
        "next page, previous page",
        "",
        ALL,
        &[(KeyCode::Tab, Action::NextPage), (KeyCode::BackTab, Action::PreviousPage)],
    ),
    entry(
        "j k, arrows",
        "move in a list; also PgUp, PgDn, g, G, Home, End",
        "",
        LISTS,
        &[
            (KeyCode::Down, Action::Move(Move::By(1))),
            (KeyCode::Up, Action::Move(Move::By(-1))),
            (key('j'), Action::Move(Move::By(1))),
            (key('k'), Action::Move(Move::By(-1))),
            (KeyCode::PageDown, Action::Move(Move::ByPage(1))),
            (KeyCode::PageUp, Action::Move(Move::ByPage(-1))),
            (KeyCode::Home, Action::Move(Move::First)),
            (KeyCode::End, Action::Move(Move::Last)),
            (key('g'), Action::Move(Move::First)),
            (key('G'), Action::Move(Move::Last)),
        ],
    ),
    entry(
        "Enter",
        "details of the selected session",
        "details",
        WITH_SESSIONS,
        &[(KeyCode::Enter, Action::ShowDetail)],
    ),
    entry("Esc", "back; end a search", "", ALL, &[(KeyCode::Esc, Action::Back), (KeyCode::Backspace, Action::Back)]),
    entry("/", "search sessions", "search", SESSIONS, &[(key('/'), Action::Search)]),
    entry("s", "sort by recent use, tokens, cost or name", "sort", SESSIONS, &[(key('s'), Action::NextSort)]),
    entry("a", "show older and hidden sessions as well", "all", SESSIONS, &[(key('a'), Action::ToggleOlder)]),
    entry("r", "rename the session", "rename", SESSIONS, &[(key('r'), Action::Rename)]),
    entry("t", "edit its tags", "tags", SESSIONS, &[(key('t'), Action::EditTags)]),
    entry("p", "pin or unpin it", "pin", SESSIONS, &[(key('p'), Action::Toggle(Flag::Pin))]),
    entry("m", "mute or unmute its alerts", "mute", SESSIONS, &[(key('m'), Action::Toggle(Flag::Mute))]),
    entry("h", "hide it, or show it again", "", SESSIONS, &[(key('h'), Action::Toggle(Flag::Hide))]),
    entry(
        "[ ], arrows",
        "shorter range, longer range",
        "range",
        HISTORY,
        &[
            (key('['), Action::MoveRange(-1)),
            (key(']'), Action::MoveRange(1)),
            (KeyCode::Left, Action::MoveRange(-1)),
            (KeyCode::Right, Action::MoveRange(1)),
        ],
    ),
    entry(
        "b",
        "split by model, project, branch, tag or pull request",
        "split",
        HISTORY,
        &[(key('b'), Action::NextSplit)],
    ),
    entry("u", "tokens or cost", "tokens or cost", WITH_MEASURE, &[(key('u'), Action::ToggleMeasure)]),
    entry(
        "f",
        "freeze the figures, or continue",
        "freeze",
        ALL,
        &[(key('f'), Action::Freeze), (key(' '), Action::Freeze)],
    ),
    entry("P", "pause alerts", "", ALL, &[(key('P'), Action::PauseAlerts)]),
    entry("y", "copy the page, or the id of the selected session", "", ALL, &[(key('y'), Action::Copy)]),
    entry("Y", "copy the command that resumes the session", "", WITH_SESSIONS, &[(key('Y'), Action::CopyResume)]),
    entry("e", "write the rows on the screen to a CSV file", "", ALL, &[(key('e'), Action::WriteCsv)]),
    entry("T", "choose a theme", "", ALL, &[(key('T'), Action::ChooseTheme)]),
    entry("Ctrl-L", "draw the screen again", "", ALL, &[]),
    entry("?", "this help", "help", ALL, &[(key('?'), Action::Help), (KeyCode::F(1), Action::Help)]),
    entry("q, Ctrl-C", "quit", "quit", ALL, &[(key('q'), Action::Quit)]),
];

/// Returns the action of a key on a page.
pub(crate) fn action_of_key(key: KeyEvent, page: Page) -> Option<Action> {
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return action_of_control(key.code);
    }
    if key.modifiers.contains(KeyModifiers::ALT) {
        return None;
    }
    let entries = HELP.iter().filter(|entry| entry.pages.contains(&page));
    entries.flat_map(|entry| entry.codes).find(|(code, _)| *code == key.code).map(|(_, action)| *action)
}

/// Returns the action of a letter with Ctrl. These work on every page and while a text is typed.
pub(crate) fn action_of_control(code: KeyCode) -> Option<Action> {
    match code {
        KeyCode::Char('c' | 'd') => Some(Action::Quit),
        KeyCode::Char('l') => Some(Action::Redraw),
        KeyCode::Char('z') => Some(Action::Suspend),
        KeyCode::Char('f') => Some(Action::Move(Move::ByPage(1))),
        KeyCode::Char('b') => Some(Action::Move(Move::ByPage(-1))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn press(code: KeyCode, page: Page) -> Option<Action> {
        action_of_key(KeyEvent::new(code, KeyModifiers::NONE), page)
    }

    #[rstest]
    #[case('1', Page::History, Some(Action::Open(Page::Now)))]
    #[case('/', Page::Sessions, Some(Action::Search))]
    #[case('/', Page::Blocks, None)]
    #[case('r', Page::Now, None)]
    #[case('b', Page::History, Some(Action::NextSplit))]
    #[case('G', Page::Blocks, Some(Action::Move(Move::Last)))]
    #[case('x', Page::Now, None)]
    fn a_key_acts_on_its_pages(#[case] char: char, #[case] page: Page, #[case] action: Option<Action>) {
        assert_eq!(press(KeyCode::Char(char), page), action);
    }

    #[test]
    fn control_quits_from_everywhere() {
        let key = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        for page in Page::ALL {
            assert_eq!(action_of_key(key, page), Some(Action::Quit));
        }
    }

    #[test]
    fn no_key_has_two_actions_on_a_page() {
        for page in Page::ALL {
            let entries = HELP.iter().filter(|entry| entry.pages.contains(&page));
            let mut codes: Vec<_> =
                entries.flat_map(|entry| entry.codes).map(|(code, _)| format!("{code:?}")).collect();
            let count = codes.len();
            codes.sort();
            codes.dedup();
            assert_eq!(codes.len(), count, "{page:?}");
        }
    }
}
