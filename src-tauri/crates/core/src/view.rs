//! What surfaces show, made from the ledger at an instant.
//!
//! The only place where figures are put together; a surface adds nothing to them but words and colour.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use rustc_hash::FxHashMap;

use crate::block::{Anchor, Block, Blocks};
use crate::burn::Burn;
use crate::day;
use crate::figures::{BillingBlock, DayStats, ModelStats, SessionStats};
use crate::ledger::Ledger;
use crate::moment::Moment;
use crate::names::{ModelId, SessionId};
use crate::session::Session;
use crate::tokens::Sum;

/// How long after its last line a session still counts as active.
const ACTIVE_SECONDS: f64 = 300.0;

/// The names people gave, by session.
pub type GivenNames = BTreeMap<String, String>;

/// The ledger at an instant, for one viewer.
#[derive(Debug)]
pub struct View<'a> {
    ledger: &'a Ledger,
    given: &'a GivenNames,
    now: Moment,
    zone: Tz,
    anchor: Anchor,
    burn: Burn,
    block: Option<Block>,
    /// What each session used of the active block.
    shares: FxHashMap<SessionId, Block>,
}

impl<'a> View<'a> {
    /// Looks at a ledger.
    pub fn new(ledger: &'a Ledger, given: &'a GivenNames, now: Moment, zone: Tz, anchor: Anchor) -> Self {
        let block = active_block(ledger, now, anchor);
        let shares = block.as_ref().map(|block| shares(ledger, block)).unwrap_or_default();
        let burn = Burn::at(now, &ledger.recent);
        Self { ledger, given, now, zone, anchor, burn, block, shares }
    }

    /// The rates of use.
    pub fn burn(&self) -> &Burn {
        &self.burn
    }

    /// The active block.
    pub fn current_block(&self) -> Option<BillingBlock> {
        self.block.as_ref().map(|block| self.billing(block))
    }

    /// Today.
    pub fn today(&self) -> DayStats {
        let date = day::date(self.now, self.zone);
        let tomorrow = date.succ_opt().map(|next| day::first_slot(next, self.zone));
        let mut sum = Sum::default();
        for (key, bucket) in self.ledger.recent.since(day::first_slot(date, self.zone)) {
            if tomorrow.is_none_or(|tomorrow| key.slot < tomorrow) {
                sum.join(&bucket.sum());
            }
        }
        DayStats { date, totals: sum.totals() }
    }

    /// The sessions that have messages and pass a test, most recent first.
    pub fn sessions(&self, pass: impl Fn(SessionId, &Session) -> bool) -> Vec<SessionId> {
        let rows = self.ledger.sessions.iter();
        let mut found: Vec<_> = rows
            .filter(|(id, session)| !session.models.is_empty() && pass(**id, session))
            .map(|(id, session)| (session.recency(), *id))
            .collect();
        found.sort_unstable_by(|a, b| {
            let spelling = |id: SessionId| self.ledger.names.sessions.spelling(id);
            a.0.cmp(&b.0).then_with(|| spelling(a.1).cmp(spelling(b.1)))
        });
        found.into_iter().map(|(_, id)| id).collect()
    }

    /// The few sessions last used that have messages and pass a test, and how many there are in all.
    pub fn most_recent(&self, few: usize, pass: impl Fn(&Session) -> bool) -> (Vec<SessionId>, u64) {
        let (mut top, mut count) = (Vec::with_capacity(few + 1), 0);
        for (id, session) in &self.ledger.sessions {
            if !session.models.is_empty() && pass(session) {
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

    /// The figures of one session.
    pub fn session(&self, id: SessionId) -> SessionStats {
        let session = &self.ledger.sessions[&id];
        let (first, last) = session.span.unwrap_or_default();
        let session_id = self.ledger.names.sessions.text(id);
        SessionStats {
            session_name: self.given.get(&session_id).cloned(),
            display_name: self.display_name(id),
            project_path: self.project(session),
            start_time: first.utc(),
            last_activity: last.utc(),
            totals: session.sum().totals(),
            models_used: self.models(session.models.keys().copied()),
            current_block: self.shares.get(&id).map(|share| self.billing(share)),
            burn_rate: self.burn.of(id),
            is_active: self.now.seconds_since(last) < ACTIVE_SECONDS,
            session_id,
        }
    }

    /// What to call a session: its given name, its title, or where and when it began.
    pub fn display_name(&self, id: SessionId) -> String {
        let session = &self.ledger.sessions[&id];
        let given = self.given.get(&self.ledger.names.sessions.text(id)).cloned();
        given.or_else(|| session.title().map(str::to_owned)).unwrap_or_else(|| {
            let began = session.span.unwrap_or_default().0.utc().with_timezone(&self.zone).format("%Y-%m-%d %H:%M");
            let project = self.project(session).unwrap_or_default();
            match project.rsplit(['/', '\\']).find(|part| !part.is_empty()) {
                Some(folder) => format!("{folder} {began}"),
                None => began.to_string(),
            }
        })
    }

    /// Whether a session's names, project or models hold a text, whatever its case.
    pub fn mentions(&self, id: SessionId, text: &str) -> bool {
        let session = &self.ledger.sessions[&id];
        let holds = |hay: &str| hay.to_lowercase().contains(text);
        holds(&self.display_name(id))
            || holds(&self.ledger.names.sessions.text(id))
            || self.project(session).is_some_and(|project| holds(&project))
            || session.models.keys().any(|&model| holds(&self.ledger.names.models.text(model)))
    }

    /// What each model answered, by name.
    pub fn model_stats(&self) -> Vec<ModelStats> {
        let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
        for (model, sum) in self.ledger.sessions.values().flat_map(|session| &session.models) {
            sums.entry(self.ledger.names.models.text(*model)).or_default().join(sum);
        }
        sums.into_iter().map(|(model, sum)| ModelStats { model, totals: sum.totals() }).collect()
    }

    /// A block as surfaces show it.
    pub fn billing(&self, block: &Block) -> BillingBlock {
        block.figures(self.anchor, self.now, &self.ledger.names.models)
    }

    fn project(&self, session: &Session) -> Option<String> {
        session.project.map(|(_, project)| self.ledger.names.projects.text(project))
    }

    fn models(&self, ids: impl Iterator<Item = ModelId>) -> BTreeSet<String> {
        ids.map(|id| self.ledger.names.models.text(id)).collect()
    }
}

fn active_block(ledger: &Ledger, now: Moment, anchor: Anchor) -> Option<Block> {
    let mut blocks = Blocks::new(anchor);
    for (key, bucket) in ledger.recent.iter() {
        blocks.add(key, bucket);
    }
    blocks.finish().into_iter().rev().find(|block| block.contains(now))
}

fn shares(ledger: &Ledger, block: &Block) -> FxHashMap<SessionId, Block> {
    let mut shares: FxHashMap<SessionId, Block> = FxHashMap::default();
    for (key, bucket) in ledger.recent.since(Moment::from(block.start).slot()) {
        if key.slot.start() < block.end.into() {
            shares.entry(key.session).or_insert_with(|| block.emptied()).add(key, bucket);
        }
    }
    shares
}
