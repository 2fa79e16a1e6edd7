//! The session list: which sessions, and in what order.
//!
//! Pinned ones come first, then active ones, then the order that was asked for. Figures are put together for the
//! rows of a page alone, so ten thousand sessions cost little more than a hundred.

use std::cmp::Reverse;

use crate::interner::{Interner, SessionId};
use crate::ledger::session::Session;
use crate::report::model::SessionSort;
use crate::report::snapshot::View;
use crate::time::timestamp::Timestamp;

/// Which sessions, and in what order.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Words in small letters, each of which a session has to mention. Who searches wants to find, whatever its age
    /// and whether or not it is hidden.
    pub words: Vec<String>,
    /// Those hidden, and those not used since `oldest`, too.
    pub hidden_too: bool,
    /// Sessions not used since then are left out, unless they are pinned.
    pub oldest: Timestamp,
    /// In which order.
    pub sort: SessionSort,
}

impl Wanted {
    /// All that mention each word of a text.
    #[must_use]
    pub fn mentioning(self, text: &str) -> Self {
        Self { words: text.split_whitespace().map(str::to_lowercase).collect(), ..self }
    }
}

/// What sorts a session among others: smaller ones come first.
type Rank<'a> = (bool, bool, Order, Reverse<Option<Timestamp>>, &'a [u8]);

/// What was asked to sort by.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    None,
    Most(Reverse<(bool, u128)>),
    Name(String),
}

impl View<'_> {
    /// The sessions wanted, in their order.
    pub fn sessions(&self, wanted: &Wanted) -> Vec<SessionId> {
        let mentions = Mentions::of(self, &wanted.words);
        let found = self.ledger.sessions.iter().filter(|(id, session)| {
            !session.models.is_empty()
                && match wanted.words.is_empty() {
                    true => wanted.hidden_too || self.is_listed(**id, session, wanted.oldest),
                    false => mentions.all_in(**id, session),
                }
        });
        let mut ranked: Vec<_> = found.map(|(id, session)| (self.rank(*id, session, wanted.sort), *id)).collect();
        ranked.sort_unstable();
        ranked.into_iter().map(|(_, id)| id).collect()
    }

    /// The few sessions last used that are listed, and how many are in all.
    pub fn most_recent(&self, few: usize, oldest: Timestamp) -> (Vec<SessionId>, u64) {
        let (mut top, mut count) = (Vec::with_capacity(few + 1), 0);
        for (id, session) in &self.ledger.sessions {
            if !session.models.is_empty() && self.is_listed(*id, session, oldest) {
                count += 1;
                let rank = (session.recency(), self.ledger.names.sessions.spelling(*id), *id);
                let at = top.partition_point(|known| *known < rank);
                if at < few {
                    top.insert(at, rank);
                    top.truncate(few);
                }
            }
        }
        (top.into_iter().map(|(.., id)| id).collect(), count)
    }

    /// Whether a session stands in the list of those who did not search: neither hidden nor long unused.
    fn is_listed(&self, id: SessionId, session: &Session, oldest: Timestamp) -> bool {
        let used = session.span.is_some_and(|(_, last)| last >= oldest);
        self.given(id).map_or(used, |given| !given.is_hidden && (used || given.is_pinned))
    }

    fn rank(&self, id: SessionId, session: &Session, sort: SessionSort) -> Rank<'_> {
        let pinned = self.given(id).is_some_and(|given| given.is_pinned);
        let order = match sort {
            SessionSort::Recent => Order::None,
            SessionSort::Tokens => Order::Most(Reverse((true, session.sum().tokens.total()))),
            SessionSort::Cost => Order::Most(Reverse(priced(session))),
            SessionSort::Name => Order::Name(self.display_name(id).to_lowercase()),
        };
        let spelling = self.ledger.names.sessions.spelling(id);
        (!pinned, !self.is_active(session), order, session.recency(), spelling)
    }
}

/// What a session costs; one without any price comes after all others.
fn priced(session: &Session) -> (bool, u128) {
    let sum = session.sum();
    (sum.bill.dollars(sum.tokens.total()).is_some(), sum.bill.nanos)
}

/// Which of the names that many sessions share mention each word: they are looked at once, not once a session.
struct Mentions<'v, 'a> {
    view: &'v View<'a>,
    words: Vec<Word<'v>>,
}

/// A word, and of each name of a kind whether it holds it.
struct Word<'v> {
    text: &'v str,
    models: Vec<bool>,
    projects: Vec<bool>,
    branches: Vec<bool>,
}

impl<'v, 'a> Mentions<'v, 'a> {
    fn of(view: &'v View<'a>, words: &'v [String]) -> Self {
        let names = &view.ledger.names;
        // A worktree is a part of its folder's name.
        let shared = |text: &'v String| Word {
            text,
            models: holding(&names.models, text),
            projects: holding(&names.projects, text),
            branches: holding(&names.branches, text),
        };
        Self { view, words: words.iter().map(shared).collect() }
    }

    fn all_in(&self, id: SessionId, session: &Session) -> bool {
        let mut own: Option<Vec<String>> = None;
        self.words.iter().all(|word| {
            session.models.keys().any(|model| word.models[model.0 as usize])
                || session.project.is_some_and(|(_, project)| word.projects[project.0 as usize])
                || session.branch.is_some_and(|(_, branch)| word.branches[branch.0 as usize])
                || own.get_or_insert_with(|| self.own(id)).iter().any(|text| text.contains(word.text))
        })
    }

    /// The texts that belong to one session alone, in small letters.
    fn own(&self, id: SessionId) -> Vec<String> {
        let mut texts = vec![self.view.display_name(id), self.view.ledger.names.sessions.text(id)];
        if let Some(given) = self.view.given(id) {
            texts.extend(given.tags.iter().cloned().chain(given.description.clone()));
        }
        texts.iter().map(|text| text.to_lowercase()).collect()
    }
}

/// Of all names of a kind, whether they hold a word.
fn holding<Id: From<u32> + Into<u32>>(names: &Interner<Id>, word: &str) -> Vec<bool> {
    let texts = names.since(0).map(|(_, spelling)| String::from_utf8_lossy(spelling));
    texts.map(|text| text.to_lowercase().contains(word)).collect()
}
