//! The read-only view of the engine that queries get.

use token_monitor_core::report::model::{AvailableUpdate, Problem, ProblemCode, ReportCompleteness};
use token_monitor_core::report::{BlockHistoryStats, SnapshotBuilder, ViewContext};
use token_monitor_core::time::Timestamp;

use crate::actor::history_cache::HistoryCache;
use crate::actor::live_settings::LiveSettings;
use crate::actor::reported_problems::ReportedProblems;
use crate::actor::scanner::Scanner;
use crate::actor::storage::Storage;
use crate::alert_outbox::AlertOutbox;

/// A read-only view of the engine.
#[derive(Clone, Copy)]
pub(crate) struct EngineView<'a> {
    pub(crate) live: &'a LiveSettings,
    pub(crate) storage: &'a Storage,
    pub(crate) scanner: &'a Scanner,
    pub(crate) history: &'a HistoryCache,
    pub(crate) alerts: &'a AlertOutbox,
    pub(crate) reported: &'a ReportedProblems,
    pub(crate) update: Option<&'a AvailableUpdate>,
    pub(crate) revision: u64,
}

impl<'a> EngineView<'a> {
    /// Returns the builder of public figures at an instant.
    pub(crate) fn builder(&self, now: Timestamp) -> SnapshotBuilder<'a> {
        self.builder_with_stats(now, &self.history.stats)
    }

    /// Returns the builder with the given statistics of past blocks.
    pub(crate) fn builder_with_stats(&self, now: Timestamp, stats: &'a BlockHistoryStats) -> SnapshotBuilder<'a> {
        let (store, settings) = (&self.storage.ledger_store, &self.live.settings);
        let accounts = &store.accounts;
        let context = ViewContext {
            now,
            zone: self.live.zone,
            placement: settings.anchor,
            known_windows: &store.confirmed_windows,
            quota: store.quota.primary(accounts),
            account_quotas: &store.quota,
            accounts,
            token_limit: settings.token_limit,
            cost_limit: settings.cost_limit,
            block_history: stats,
            metadata: &store.session_metadata,
            running: self.scanner.agents.agents(),
            notes: &self.scanner.quota_files.session_notes,
        };
        SnapshotBuilder::new(&store.ledger, context)
    }

    /// Returns the time of last use before which sessions are not listed.
    pub(crate) fn oldest_listed(&self, now: Timestamp) -> Timestamp {
        let retention = i64::try_from(self.live.settings.session_retention.as_micros()).unwrap_or(i64::MAX);
        Timestamp(now.0.saturating_sub(retention))
    }

    /// Returns all problems to show, the most severe first.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let scan_problems = [
            self.missing_roots_problem(),
            self.unreadable_dirs_problem(),
            self.failed_logs_problem(),
            self.inbox_problem(),
            self.zone_problem(),
            self.settings_problem(),
        ];
        self.store_problems().chain(scan_problems.into_iter().flatten()).chain(self.reported.problems()).collect()
    }

    /// Returns the completeness of the figures.
    pub(crate) fn completeness(&self) -> ReportCompleteness {
        let scan_problems = [self.unreadable_dirs_problem(), self.failed_logs_problem()];
        ReportCompleteness::from_problems(scan_problems.into_iter().flatten())
    }

    /// Returns the problems of the store.
    pub(crate) fn store_problems(&self) -> impl Iterator<Item = Problem> {
        self.storage.problems()
    }

    fn missing_roots_problem(&self) -> Option<Problem> {
        let missing = self.scanner.missing_roots();
        let (first, logs) = missing.first()?;
        let logs_text = match logs {
            1 => "its log is".to_owned(),
            logs => format!("its {logs} logs are"),
        };
        let message = match missing.len() {
            1 => format!("The log folder {} has vanished; {logs_text} no longer read.", first.display()),
            count => format!("{count} log folders have vanished, such as {}.", first.display()),
        };
        let hint = "Figures counted so far are kept. Check the disk, or remove the folder from claude_config_dirs.";
        Some(Problem { code: ProblemCode::FolderMissing, message, hint: hint.to_owned() })
    }

    fn unreadable_dirs_problem(&self) -> Option<Problem> {
        let dirs = self.scanner.discovery.unreadable_dirs();
        let first = dirs.first()?;
        let message = match dirs.len() {
            1 => format!("Cannot read the folder {}.", first.path.display()),
            count => format!("Cannot read {count} folders, such as {}.", first.path.display()),
        };
        Some(Problem { code: ProblemCode::FolderUnreadable, message, hint: first.failure.hint("the folder") })
    }

    fn inbox_problem(&self) -> Option<Problem> {
        let (inbox, refusal) = self.scanner.quota_files.refused_inbox()?;
        let message = format!("The folder {} is not used: {refusal}.", inbox.display());
        let hint = "Figures from the status line are missing. Remove the folder, or correct its owner and permissions.";
        Some(Problem { code: ProblemCode::InboxRefused, message, hint: hint.to_owned() })
    }

    fn zone_problem(&self) -> Option<Problem> {
        let rejected = self.live.rejected_zone.as_ref()?;
        let message = format!("The time zone “{rejected}” of the variable TZ is unknown; {} is used.", self.live.zone);
        let hint = "Set TZ or display.zone to a name such as Europe/Berlin.".to_owned();
        Some(Problem { code: ProblemCode::ZoneUnknown, message, hint })
    }

    fn failed_logs_problem(&self) -> Option<Problem> {
        let logs = self.scanner.unread_logs();
        let first = logs.first()?;
        let message = match logs.len() {
            1 => format!("Cannot read the log {}.", first.path.display()),
            count => format!("Cannot read {count} logs, such as {}.", first.path.display()),
        };
        Some(Problem { code: ProblemCode::LogUnreadable, message, hint: first.failure.hint("the log") })
    }

    fn settings_problem(&self) -> Option<Problem> {
        let hint = "Fix it in the file or environment where it is set. The default is used until then.";
        let problem = |message: &String| Problem {
            code: ProblemCode::SettingInvalid,
            message: message.clone(),
            hint: hint.to_owned(),
        };
        self.live.settings.problems.first().map(problem)
    }
}
