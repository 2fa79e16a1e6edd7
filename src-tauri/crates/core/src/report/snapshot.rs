//! What surfaces show, made from the ledger at an instant.
//!
//! The only place where figures are put together; a surface adds nothing to them but words and colour.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use rustc_hash::FxHashMap;

use crate::blocks::block::{Anchor, Block, Blocks, Edges};
use crate::blocks::limit_rule::{History, LimitRule};
use crate::interner::{ModelId, RunId, SessionId};
use crate::ledger::session::Session;
use crate::ledger::subagent_run::Run;
use crate::ledger::totals::Ledger;
use crate::quota::{Quota, Window};
use crate::rates::burn_rate::{Burn, in_three_digits};
use crate::rates::forecast::project;
use crate::rates::minute_series;
use crate::report::comparison::compared;
use crate::report::limit_usage::{Allowance, Used};
use crate::report::model::{
    Amount, BillingBlock, BlockSource, Compared, DayStats, LimitUse, ModelStats, NameSource, QuotaStats, Range,
    RunStats, SessionMetadata, SessionStats, WeekStats,
};
use crate::time::calendar;
use crate::time::timestamp::Timestamp;
use crate::tokens::Sum;
use crate::transcript::title::TitleKind;

/// How long after its last line a session still counts as active.
const ACTIVE_SECONDS: f64 = 300.0;

/// Where Claude Code keeps the worktrees it makes.
const WORKTREES: [&str; 2] = ["/.claude/worktrees/", "\\.claude\\worktrees\\"];

/// What people gave their sessions, such as names and labels, by the session's id.
pub type Given = BTreeMap<String, SessionMetadata>;

/// What the blocks that are over came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// In tokens.
    pub tokens: History,
    /// In billionths of a dollar.
    pub cost: History,
}

impl Past {
    /// Of all blocks, as they are at an instant.
    pub fn of(blocks: &[Block], now: Timestamp) -> Self {
        Self {
            tokens: History::of(blocks, now, |block| block.sum.tokens.total()),
            cost: History::of(blocks, now, |block| block.sum.bill.nanos),
        }
    }
}

/// From where a viewer looks: when, from which zone, and what besides the ledger is known.
#[derive(Clone, Copy, Debug)]
pub struct Outlook<'a> {
    /// The instant.
    pub now: Timestamp,
    /// The viewer's zone.
    pub zone: Tz,
    /// How blocks are placed.
    pub anchor: Anchor,
    /// Windows whose times Claude Code named: [`known_edges`].
    pub known: &'a [Edges],
    /// The vendor's own figures.
    pub quota: &'a Quota,
    /// What a block may hold in tokens.
    pub token_limit: LimitRule,
    /// What a block may cost, where that is limited.
    pub cost_limit: Option<LimitRule>,
    /// What the blocks that are over came to.
    pub past: &'a Past,
    /// What people gave their sessions.
    pub given: &'a Given,
}

/// The windows a quota knows the times of, as edges of blocks.
pub fn known_edges(quota: &Quota) -> Vec<Edges> {
    let edges = |known: crate::quota::KnownWindow| {
        let source = if known.source.is_official() { BlockSource::Official } else { BlockSource::LimitMessage };
        Edges { start: known.start.utc(), end: known.end.utc(), source }
    };
    quota.known_windows().map(edges).collect()
}

/// The ledger at an instant, for one viewer.
#[derive(Debug)]
pub struct View<'a> {
    pub(crate) ledger: &'a Ledger,
    pub(crate) outlook: Outlook<'a>,
    burn: Burn,
    block: Option<Block>,
    /// What each session used of the active block.
    shares: FxHashMap<SessionId, Block>,
}

impl<'a> View<'a> {
    /// Looks at a ledger.
    pub fn new(ledger: &'a Ledger, outlook: Outlook<'a>) -> Self {
        let block = active_block(ledger, &outlook);
        let shares = block.as_ref().map(|block| shares(ledger, block)).unwrap_or_default();
        let burn = Burn::at(outlook.now, &ledger.recent);
        Self { ledger, outlook, burn, block, shares }
    }

    /// The rates of use.
    pub fn burn(&self) -> &Burn {
        &self.burn
    }

    /// The active block.
    pub fn current_block(&self) -> Option<BillingBlock> {
        self.block.as_ref().map(|block| self.billing(block))
    }

    /// How much of what the active block may hold is used.
    pub fn block_use(&self) -> Option<LimitUse> {
        let block = self.block.as_ref()?;
        let allowance = self.allowance();
        let official = match (self.outlook.anchor, self.outlook.token_limit) {
            (Anchor::Auto, LimitRule::Auto) => {
                allowance.standing(&Window::FiveHour).filter(|standing| block.contains(standing.at))
            }
            // Blocks that the user placed otherwise are not the ones it is about.
            (Anchor::Auto | Anchor::Estimate | Anchor::Utc, _) => None,
        };
        match official {
            Some(standing) => Some(allowance.official(&Window::FiveHour, &standing)),
            None => allowance.of_block(block, self.outlook.token_limit, Used::Tokens),
        }
    }

    /// How much of what the active block may cost is used, where that is limited.
    pub fn block_cost_use(&self) -> Option<LimitUse> {
        self.allowance().of_block(self.block.as_ref()?, self.outlook.cost_limit?, Used::Cost)
    }

    /// The tokens the active block will hold at its end.
    pub fn projected_tokens(&self) -> Option<Range> {
        let course = self.allowance().course(self.block.as_ref()?, Used::Tokens);
        let shown = |tokens| in_three_digits(tokens) as f64;
        project(&course).map(|found| Range { low: shown(found.low), high: shown(found.high) })
    }

    /// The vendor's own figures.
    pub fn quota(&self) -> Vec<QuotaStats> {
        self.allowance().quota()
    }

    /// The week that counts: the vendor's where its end is known, else the last seven days.
    pub fn week(&self) -> WeekStats {
        let resets = self.outlook.quota.standing(&Window::Weekly, self.outlook.now).and_then(|week| week.resets);
        let start = resets.unwrap_or(self.outlook.now).earlier(Window::Weekly.length()).slot().start();
        let sum = self.sum_between(start, self.outlook.now);
        WeekStats { start_time: start.utc(), end_time: resets.map(Timestamp::utc), totals: sum.totals() }
    }

    /// Today.
    pub fn today(&self) -> DayStats {
        let Outlook { now, zone, .. } = self.outlook;
        let date = calendar::date(now, zone);
        let tomorrow = date.succ_opt().map(|next| calendar::first_slot(next, zone));
        let today = self.ledger.recent.since(calendar::first_slot(date, zone));
        let sum = today.filter(|(key, _)| tomorrow.is_none_or(|tomorrow| key.slot < tomorrow));
        DayStats { date, totals: sum.map(|(_, bucket)| &bucket.sum).sum::<Sum>().totals() }
    }

    /// What today is compared with; what is usual was worked out before.
    pub fn compared(&self, usual: Option<Amount>) -> Compared {
        compared(self.outlook.now, self.outlook.zone, &self.ledger.recent, usual)
    }

    /// The tokens of each of the last sixty minutes, the oldest first.
    pub fn last_hour(&self) -> Vec<u64> {
        let Outlook { now, .. } = self.outlook;
        minute_series::last_hour(now, self.ledger.recent.since(minute_series::hour_ago(now)))
    }

    /// The figures of one session.
    pub fn session(&self, id: SessionId) -> SessionStats {
        let session = &self.ledger.sessions[&id];
        let (first, last) = session.span.unwrap_or_default();
        let (session_id, given) = (self.ledger.names.sessions.text(id), self.given(id));
        let (name_source, display_name) = self.name(id);
        let (sum, project) = (session.sum(), self.project(session));
        SessionStats {
            tags: given.map(|given| given.tags.clone()).unwrap_or_default(),
            is_pinned: given.is_some_and(|given| given.is_pinned),
            is_hidden: given.is_some_and(|given| given.is_hidden),
            is_muted: given.is_some_and(|given| given.is_muted),
            session_name: given.and_then(|given| given.name.clone()),
            display_name,
            name_source,
            branch: session.branch.map(|(_, branch)| self.ledger.names.branches.text(branch)),
            worktree: project.as_deref().and_then(worktree),
            project_path: project,
            start_time: first.utc(),
            last_activity: last.utc(),
            totals: sum.totals(),
            models_used: self.models(session.models.keys().copied()),
            current_block: self.shares.get(&id).map(|share| self.billing(share)),
            burn_rate: self.burn.of(id),
            is_active: self.is_active(session),
            not_in_logs: session.counter.as_ref().and_then(|counter| counter.beyond(&sum)),
            session_id,
        }
    }

    /// What its user gave a session, if anything.
    pub fn given(&self, id: SessionId) -> Option<&'a SessionMetadata> {
        let Outlook { given, .. } = self.outlook;
        if given.is_empty() {
            None
        } else {
            given.get(&*String::from_utf8_lossy(self.ledger.names.sessions.spelling(id)))
        }
    }

    pub(crate) fn is_active(&self, session: &Session) -> bool {
        session.span.is_some_and(|(_, last)| self.outlook.now.seconds_since(last) < ACTIVE_SECONDS)
    }

    /// What each model answered in one session, by name.
    pub fn session_models(&self, id: SessionId) -> Vec<ModelStats> {
        self.by_model(self.ledger.sessions[&id].models.iter())
    }

    /// The figures of a session's runs, in order of their start.
    pub fn runs(&self, runs: &[(RunId, Run)]) -> Vec<RunStats> {
        let mut rows: Vec<_> = runs.iter().filter(|(_, run)| run.sum.messages > 0).map(|row| self.run(row)).collect();
        rows.sort_by(|a, b| (a.start_time, &a.run_id).cmp(&(b.start_time, &b.run_id)));
        rows
    }

    fn run(&self, (id, run): &(RunId, Run)) -> RunStats {
        let name = self.ledger.names.runs.text(*id);
        let (workflow, run_id) = name.rsplit_once('/').map_or((None, name.as_str()), |(flow, id)| (Some(flow), id));
        let (first, last) = run.span.unwrap_or_default();
        RunStats {
            run_id: run_id.to_owned(),
            workflow: workflow.map(str::to_owned),
            kind: run.kind.clone(),
            start_time: first.utc(),
            last_activity: last.utc(),
            totals: run.sum.totals(),
        }
    }

    /// What to call a session.
    pub fn display_name(&self, id: SessionId) -> String {
        self.name(id).1
    }

    /// What to call a session, and where that comes from: its given name, its title, or where and when it began.
    fn name(&self, id: SessionId) -> (NameSource, String) {
        let session = &self.ledger.sessions[&id];
        if let Some(name) = self.given(id).and_then(|given| given.name.clone()) {
            return (NameSource::User, name);
        }
        match session.title() {
            Some((kind, title)) => (source_of(kind), title.to_owned()),
            None => (NameSource::Project, self.place_and_time(session)),
        }
    }

    fn place_and_time(&self, session: &Session) -> String {
        let began = session.span.unwrap_or_default().0.utc().with_timezone(&self.outlook.zone);
        let began = began.format("%Y-%m-%d %H:%M");
        let project = self.project(session).unwrap_or_default();
        match project.rsplit(['/', '\\']).find(|part| !part.is_empty()) {
            Some(folder) => format!("{folder} {began}"),
            None => began.to_string(),
        }
    }

    /// What each model answered, by name.
    pub fn model_stats(&self) -> Vec<ModelStats> {
        self.by_model(self.ledger.sessions.values().flat_map(|session| &session.models))
    }

    /// A block as surfaces show it.
    pub fn billing(&self, block: &Block) -> BillingBlock {
        block.figures(self.outlook.now, &self.ledger.names.models)
    }

    fn by_model<'m>(&self, rows: impl Iterator<Item = (&'m ModelId, &'m Sum)>) -> Vec<ModelStats> {
        let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
        for (model, sum) in rows {
            sums.entry(self.ledger.names.models.text(*model)).or_default().join(sum);
        }
        sums.into_iter().map(|(model, sum)| ModelStats { model, totals: sum.totals() }).collect()
    }

    fn allowance(&self) -> Allowance<'_> {
        Allowance { outlook: &self.outlook, recent: &self.ledger.recent, burn: &self.burn }
    }

    fn sum_between(&self, from: Timestamp, to: Timestamp) -> Sum {
        let rows = self.ledger.recent.since(from.slot()).filter(|(key, _)| key.slot.start() <= to);
        rows.map(|(_, bucket)| &bucket.sum).sum()
    }

    fn project(&self, session: &Session) -> Option<String> {
        session.project.map(|(_, project)| self.ledger.names.projects.text(project))
    }

    fn models(&self, ids: impl Iterator<Item = ModelId>) -> BTreeSet<String> {
        ids.map(|id| self.ledger.names.models.text(id)).collect()
    }
}

fn source_of(kind: TitleKind) -> NameSource {
    match kind {
        TitleKind::Chosen => NameSource::CustomTitle,
        TitleKind::Given => NameSource::AiTitle,
        TitleKind::Summary => NameSource::Summary,
        TitleKind::Prompt => NameSource::FirstPrompt,
    }
}

/// The name of the worktree a folder lies in.
fn worktree(folder: &str) -> Option<String> {
    let (_, rest) = WORKTREES.iter().find_map(|marker| folder.split_once(marker))?;
    let name = rest.split(['/', '\\']).next()?;
    (!name.is_empty()).then(|| name.to_owned())
}

fn active_block(ledger: &Ledger, outlook: &Outlook<'_>) -> Option<Block> {
    let mut blocks = Blocks::new(outlook.anchor, outlook.known);
    for (key, bucket) in ledger.recent.iter() {
        blocks.add(key, bucket);
    }
    let unused = blocks.unused(outlook.now);
    blocks.finish().into_iter().rev().find(|block| block.contains(outlook.now)).or(unused)
}

fn shares(ledger: &Ledger, block: &Block) -> FxHashMap<SessionId, Block> {
    let mut shares: FxHashMap<SessionId, Block> = FxHashMap::default();
    let end: DateTime<Utc> = block.edges.end;
    for (key, bucket) in ledger.recent.since(Timestamp::from(block.edges.start).slot()) {
        if key.slot.start() < end.into() {
            shares.entry(key.session).or_insert_with(|| Block::empty(block.edges)).add(key, bucket);
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worktree_is_known_by_where_claude_code_puts_them() {
        assert_eq!(worktree("/home/me/app/.claude/worktrees/fix-login/src").as_deref(), Some("fix-login"));
        assert_eq!(worktree(r"C:\app\.claude\worktrees\fix-login").as_deref(), Some("fix-login"));
        assert_eq!(worktree("/home/me/worktrees/x"), None);
    }
}
