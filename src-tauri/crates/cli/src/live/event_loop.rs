//! The loop of the live view: waits for something to happen, changes the state, and draws.
//!
//! Without an event nothing runs. The only timer is that of the next countdown on the screen.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use token_monitor_engine::Request;
use token_monitor_engine::clock;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::engine_link::EngineLink;
use crate::error::CliError;
use crate::live::app::App;
use crate::live::app::message::{Effect, Message};
use crate::live::app::page::Page;
use crate::live::countdown::next_change;
use crate::live::terminal::clipboard::copy_sequence;
use crate::live::terminal::{
    InputReader, Screen, Signal, Signals, TerminalInput, can_suspend, stop_process, suspend_group,
};
use crate::live::theme::ThemeName;
use crate::live::update_pace::UpdatePace;
use crate::live::view;

/// The shortest time between two updates with new usage: four a second are as many as can be read.
pub(crate) const SNAPSHOT_INTERVAL: Duration = Duration::from_millis(250);

/// The options of the live view, from the command line, the settings and the terminal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LiveOptions {
    pub(crate) page: Page,
    pub(crate) theme: ThemeName,
    pub(crate) uses_mouse: bool,
    pub(crate) is_ascii: bool,
    pub(crate) snapshot_interval: Duration,
}

type Reconnecting = Pin<Box<dyn Future<Output = Result<EngineLink, CliError>>>>;

/// The connection to the engine, or the attempt to restore it.
enum Connection {
    Open(Box<EngineLink>),
    Reconnecting(Reconnecting),
    /// While one is exchanged for the other.
    None,
}

/// Something that happened.
enum Event {
    Input(TerminalInput),
    Signal(Signal),
    Message(Message),
    Ended,
    Connected(Result<Box<EngineLink>, CliError>),
}

/// What to do after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Continue,
    Quit,
}

/// Everything that the loop uses.
pub(crate) struct EventLoop {
    app: App,
    screen: Screen,
    inputs: InputReader,
    signals: Signals,
    connection: Connection,
    answers: UnboundedReceiver<Message>,
    answer_sender: UnboundedSender<Message>,
    options: LiveOptions,
    is_suspended: bool,
    pace: UpdatePace,
}

impl EventLoop {
    /// Takes over the screen.
    pub(crate) fn start(mut link: EngineLink, options: LiveOptions) -> Result<Self, CliError> {
        let app = App::new(link.snapshot(), options.page, options.theme);
        let (answer_sender, answers) = unbounded_channel();
        let signals = Signals::listen()?;
        let screen = Screen::open(options.uses_mouse)?;
        Ok(Self {
            app,
            screen,
            inputs: InputReader::start()?,
            signals,
            connection: Connection::Open(Box::new(link)),
            answers,
            answer_sender,
            options,
            is_suspended: false,
            pace: UpdatePace::new(options.snapshot_interval),
        })
    }

    /// Runs until the view is left. The terminal is restored before an error is reported.
    pub(crate) async fn run(mut self) -> Result<(), CliError> {
        let result = self.run_loop().await;
        let Self { screen, connection, .. } = self;
        drop(screen);
        match connection {
            Connection::Open(link) => result.and(link.close()),
            Connection::Reconnecting(_) | Connection::None => result,
        }
    }

    async fn run_loop(&mut self) -> Result<(), CliError> {
        self.update(Message::Wake)?;
        loop {
            if !self.is_suspended {
                self.draw()?;
            }
            let event = self.next_event().await;
            if self.handle(event)? == Step::Quit {
                return Ok(());
            }
            while let Some(input) = self.inputs.next_now() {
                if self.handle(Event::Input(input))? == Step::Quit {
                    return Ok(());
                }
            }
        }
    }

    async fn next_event(&mut self) -> Event {
        let wake = self.next_wake().map(tokio::time::Instant::from_std);
        let wait = async {
            match wake {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            Some(signal) = self.signals.next() => Event::Signal(signal),
            Some(input) = self.inputs.next() => Event::Input(input),
            Some(message) = self.answers.recv() => Event::Message(message),
            event = next_of_connection(&mut self.connection, &mut self.pace) => event,
            () = wait => Event::Message(Message::Wake),
        }
    }

    /// Returns when something on the screen changes with time alone, or a query that had to wait becomes due.
    fn next_wake(&self) -> Option<Instant> {
        if self.is_suspended {
            return None;
        }
        let now = clock::now();
        let changes = [next_change(&self.app, now), self.app.next_query_due(now)];
        let at: DateTime<Utc> = changes.into_iter().flatten().min()?;
        Some(Instant::now() + (at - now).to_std().unwrap_or_default())
    }

    fn draw(&mut self) -> Result<(), CliError> {
        let Self { app, screen, options, .. } = self;
        screen.draw(|buffer, area| view::draw(buffer, area, app, clock::now(), options.is_ascii))?;
        Ok(())
    }

    fn handle(&mut self, event: Event) -> Result<Step, CliError> {
        match event {
            Event::Signal(Signal::End) => return Ok(Step::Quit),
            Event::Signal(Signal::Stop) => self.stop(),
            Event::Signal(Signal::Continue) => self.resume()?,
            Event::Input(TerminalInput::Closed(reason)) => {
                return Err(CliError::request_failed(format!("the terminal cannot be read: {reason}")));
            }
            // The next drawing asks for the size.
            Event::Input(TerminalInput::Resize) => {}
            Event::Input(TerminalInput::Key(key)) => return self.update(Message::Key(key)),
            Event::Input(TerminalInput::Paste(text)) => return self.update(Message::Paste(text)),
            Event::Input(TerminalInput::Mouse(event)) => return self.update(Message::Mouse(event)),
            Event::Message(message) => return self.accept(message),
            Event::Ended => return self.reconnect(),
            Event::Connected(link) => return self.follow(link?),
        }
        Ok(Step::Continue)
    }

    fn accept(&mut self, message: Message) -> Result<Step, CliError> {
        if let Message::Snapshot(snapshot) = &message {
            self.pace.mark_shown(snapshot.revision);
        }
        self.update(message)
    }

    /// Starts to restore the connection, after the engine has ended.
    fn reconnect(&mut self) -> Result<Step, CliError> {
        self.pace.clear();
        if let Connection::Open(link) = std::mem::replace(&mut self.connection, Connection::None) {
            self.connection = Connection::Reconnecting(Box::pin(link.reconnect()));
        }
        self.update(Message::Disconnected)
    }

    /// Follows the engine of a restored connection.
    fn follow(&mut self, mut link: Box<EngineLink>) -> Result<Step, CliError> {
        let snapshot = link.snapshot();
        self.connection = Connection::Open(link);
        self.update(Message::Connected)?;
        self.update(Message::Snapshot(snapshot))
    }

    fn update(&mut self, message: Message) -> Result<Step, CliError> {
        for effect in self.app.update(message, clock::now()) {
            if self.perform(effect)? == Step::Quit {
                return Ok(Step::Quit);
            }
        }
        Ok(Step::Continue)
    }

    fn perform(&mut self, effect: Effect) -> Result<Step, CliError> {
        match effect {
            Effect::Ask(request) => self.ask(request),
            Effect::Copy(text) => self.screen.write_sequence(&copy_sequence(&text))?,
            Effect::WriteFile { path, contents } => {
                let result = write_new_file(&path, &contents);
                return self.update(Message::FileWritten(result));
            }
            Effect::Redraw => self.screen.forget()?,
            Effect::Suspend if can_suspend() => suspend_group(),
            Effect::Suspend => {}
            Effect::Quit => return Ok(Step::Quit),
        }
        Ok(Step::Continue)
    }

    /// Sends a request. Its answer arrives as a message.
    fn ask(&self, request: Request) {
        let Connection::Open(link) = &self.connection else { return };
        let (client, sender) = (link.client(), self.answer_sender.clone());
        tokio::spawn(async move {
            let result = client.request(request.clone()).await.map(Box::new);
            // The receiver is gone only when the view is left.
            let _ = sender.send(Message::Answer(request, result));
        });
    }

    /// Gives the screen back and stops, until the shell continues this process.
    fn stop(&mut self) {
        if self.is_suspended || !can_suspend() {
            return;
        }
        self.is_suspended = true;
        self.screen.suspend();
        stop_process();
    }

    fn resume(&mut self) -> Result<(), CliError> {
        self.is_suspended = false;
        self.screen.resume()?;
        Ok(())
    }
}

/// Waits for a snapshot that may be shown, or for the connection to end or to be restored.
async fn next_of_connection(connection: &mut Connection, pace: &mut UpdatePace) -> Event {
    match connection {
        Connection::Open(link) => loop {
            tokio::select! {
                biased;
                snapshot = pace.next() => return Event::Message(Message::Snapshot(snapshot)),
                snapshot = link.next_snapshot() => match snapshot {
                    Some(snapshot) => pace.push(snapshot),
                    None => return Event::Ended,
                },
            }
        },
        Connection::Reconnecting(reconnecting) => Event::Connected(reconnecting.await.map(Box::new)),
        Connection::None => std::future::pending().await,
    }
}

/// Writes a file that does not exist yet, and returns its path.
fn write_new_file(path: &str, contents: &str) -> Result<String, String> {
    let result = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
    let written = result.and_then(|mut file| std::io::Write::write_all(&mut file, contents.as_bytes()));
    written.map(|()| path.to_owned()).map_err(|error| format!("Could not write {path}: {error}"))
}
