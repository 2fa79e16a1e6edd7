//! Sample data: counted like real logs, and without a trace outside of its folder.

use std::path::{Path, PathBuf};

use token_monitor_core::report::model::{LimitBasis, SessionSort};
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::demo::DemoFolder;
use token_monitor_engine::{Engine, EngineMode, Request, Response, SessionQuery};

/// Sends a request to an engine of the sample data that has counted all logs.
fn request(engine: &Engine, request: Request) -> Response {
    futures_lite::future::block_on(async {
        engine.handle().request(Request::Sync).await.expect("all logs are counted");
        engine.handle().request(request).await.expect("it is answered")
    })
}

#[test]
fn an_engine_shows_the_year_with_a_running_block_and_official_limits() {
    let folder = DemoFolder::create().expect("it is written");
    let engine = Engine::start(folder.config_sources(), EngineMode::OnDemand).expect("the store opens");
    let Response::Snapshot(snapshot) = request(&engine, Request::Snapshot) else { panic!("a snapshot") };
    assert!(snapshot.is_demo);
    assert_eq!(snapshot.problems, []);
    assert!(snapshot.session_count > 400, "{}", snapshot.session_count);
    assert!(snapshot.totals.total_cost.is_some_and(|cost| cost > 100.0), "{:?}", snapshot.totals);
    assert_eq!(snapshot.totals.under_logged_messages, 0, "all answers are complete");
    assert!(snapshot.burn_rate.tokens_per_minute > 0);
    let block = snapshot.block_use.expect("the block has a limit");
    assert_eq!((block.basis, block.used_percent), (LimitBasis::Official, 38.0));
    assert_eq!(snapshot.quota.len(), 2, "the block and the week");
    let query = SessionQuery { limit: 500, sort: SessionSort::Recent, ..SessionQuery::default() };
    let Response::Sessions(page) = request(&engine, Request::Sessions(query)) else { panic!("sessions") };
    let named = page.sessions.iter().filter(|session| session.session_name.is_some()).count();
    assert_eq!(named, 3);
    assert!(page.sessions.iter().any(|session| session.is_pinned));
    assert!(page.sessions.iter().filter(|session| !session.tags.is_empty()).count() > 10);
    engine.stop().expect("it closes");
}

#[test]
fn all_settings_name_files_in_the_folder() {
    let folder = DemoFolder::create().expect("it is written");
    let sources = folder.config_sources();
    let settings = sources.resolve();
    assert!(!settings.alerts.enabled, "made-up figures cause no notifications");
    assert_eq!(settings.problems, Vec::<String>::new());
    let inside = |path: &Path| path.starts_with(folder.path());
    assert!(inside(&settings.db_path) && inside(&settings.cache_dir) && inside(&sources.file.path));
    assert!(settings.claude_config_dirs.iter().all(|folder| inside(folder)), "{:?}", settings.claude_config_dirs);
    let (variable, path) = sources.environment_variable();
    assert_eq!((variable, path), ("TOKEN_MONITOR_DEMO", folder.path()));
    let other_process = ConfigSources::for_demo(path);
    assert_eq!(other_process.resolve().db_path, settings.db_path);
}

#[test]
fn the_folder_is_private_and_removed_at_the_end() {
    let folder = DemoFolder::create().expect("it is written");
    let path = folder.path().to_owned();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).expect("it exists").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
    let other = DemoFolder::create().expect("a second one is written");
    assert_ne!(other.path(), path);
    assert!(path.is_dir(), "a folder in use is not removed");
    drop((folder, other));
    assert!(!path.exists());
}

#[test]
fn a_folder_whose_process_was_killed_is_removed_by_the_next_one() {
    let folder = DemoFolder::create().expect("it is written");
    let abandoned = folder.path().with_file_name(format!("token-monitor-demo-killed-{}", std::process::id()));
    copy_folder(folder.path(), &abandoned);
    let next = DemoFolder::create().expect("it is written");
    assert!(!abandoned.exists());
    assert!(folder.path().is_dir() && next.path().is_dir());
}

/// Copies a folder as a killed process leaves it: with its lock file, and not locked.
fn copy_folder(from: &Path, to: &Path) {
    token_monitor_engine::fs_permissions::create_own_folder(to).expect("a folder");
    let lock: PathBuf = to.join("in-use");
    drop(token_monitor_engine::fs_permissions::create_file(&lock).expect("a file"));
    assert!(from.join("in-use").is_file(), "the name of the lock file");
}
