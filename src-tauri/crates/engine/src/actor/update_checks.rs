//! The regular check for updates, if the settings enable it.

use token_monitor_core::report::model::AvailableUpdate;
use tokio::sync::mpsc::UnboundedSender;

use crate::actor::effects::Effects;
use crate::actor::input::Input;
use crate::actor::state::Actor;
use crate::config::Settings;
use crate::engine_mode::EngineMode;
use crate::refresh::Refresher;
use crate::updates::{UpdateChecker, load_available_update};

/// The newer version that is known, and the thread that looks for one.
#[derive(Debug, Default)]
pub(crate) struct UpdateChecks {
    pub(crate) available: Option<AvailableUpdate>,
    /// Dropping it stops the thread.
    _refresher: Option<Refresher>,
}

impl UpdateChecks {
    /// Starts to request the release list daily if the settings enable it and the engine is live.
    pub(crate) fn start(settings: &Settings, mode: EngineMode, inputs: UnboundedSender<Input>) -> Self {
        let is_regular = settings.updates.check && mode == EngineMode::Live;
        let refresher = is_regular.then(|| {
            // The engine may have stopped; then the result is dropped.
            let on_update = move |update| drop(inputs.send(Input::Update(update)));
            Refresher::start("updates", UpdateChecker::open(settings), on_update)
        });
        Self { available: load_available_update(settings), _refresher: refresher }
    }
}

impl Actor {
    /// Shows the result of a check, unless the setting was turned off meanwhile.
    pub(super) fn apply_update(&mut self, update: Option<AvailableUpdate>) {
        if self.live.settings.updates.check {
            self.updates.available = update;
            self.apply(Effects::PUBLISH);
        }
    }
}
