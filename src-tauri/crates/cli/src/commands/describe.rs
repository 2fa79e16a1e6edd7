//! `token-monitor describe`: changes what the user added to a session.

use token_monitor_core::report::model::{SessionChanges, SessionMetadata};
use token_monitor_core::text::sanitize::sanitize_line;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{Request, Response};

use crate::connect::request_once;
use crate::error::CliError;
use crate::render::fields::{field_line, indent_lines, join_tags};
use crate::render::output::Printer;

/// The session and the changes, of which at least one is required.
#[derive(Clone, Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("changes").required(true).multiple(true)
    .args(["name", "tags", "description", "pin", "unpin", "hide", "show", "mute", "unmute", "private", "shared"]))]
pub(crate) struct DescribeArgs {
    /// Session id, the beginning of one, or the session's name
    session: String,

    /// New name; pass "" to clear it
    #[arg(long)]
    name: Option<String>,

    /// New tag, replacing all earlier ones; repeat for several tags, pass "" to clear them
    #[arg(long = "tag", value_name = "TAG")]
    tags: Option<Vec<String>>,

    /// New description; pass "" to clear it
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,

    /// Pin the session to the top of the list
    #[arg(long, conflicts_with = "unpin")]
    pin: bool,

    /// Unpin the session
    #[arg(long)]
    unpin: bool,

    /// Hide the session from the popover's list; its tokens still count
    #[arg(long, conflicts_with = "show")]
    hide: bool,

    /// Show the session in the list again
    #[arg(long)]
    show: bool,

    /// Mute alerts for this session
    #[arg(long, conflicts_with = "unmute")]
    mute: bool,

    /// Unmute alerts for this session
    #[arg(long)]
    unmute: bool,

    /// Do not show the session to a team; its usage is shared without it. Takes back what was shared
    #[arg(long, conflicts_with = "shared")]
    private: bool,

    /// Show the session to a team again, if sessions are shared at all
    #[arg(long)]
    shared: bool,
}

impl From<DescribeArgs> for Request {
    fn from(args: DescribeArgs) -> Self {
        let DescribeArgs { session, name, tags, description, .. } = args;
        let flag = |on: bool, off: bool| (on || off).then_some(on);
        let changes = SessionChanges {
            name,
            tags,
            description,
            is_pinned: flag(args.pin, args.unpin),
            is_hidden: flag(args.hide, args.show),
            is_muted: flag(args.mute, args.unmute),
            is_private: flag(args.private, args.shared),
        };
        Self::UpdateSession { session, changes }
    }
}

/// Changes the session.
pub(crate) async fn run(sources: ConfigSources, args: DescribeArgs, printer: &Printer) -> Result<(), CliError> {
    let Response::SessionUpdated(metadata) = request_once(sources, args.into()).await? else {
        return Err(CliError::unexpected_response());
    };
    printer.print(&metadata, || render_metadata(&metadata))
}

fn render_metadata(metadata: &SessionMetadata) -> String {
    let SessionMetadata { uuid, name, tags, description, is_pinned, is_hidden, is_muted, is_private, .. } = metadata;
    let flags = [(*is_pinned, "pinned"), (*is_hidden, "hidden"), (*is_muted, "muted"), (*is_private, "private")];
    let flags: Vec<&str> = flags.into_iter().filter_map(|(is_set, flag)| is_set.then_some(flag)).collect();
    let fields = [
        ("Session", Some(sanitize_line(uuid))),
        ("Name", name.as_deref().map(sanitize_line)),
        ("Tags", join_tags(tags)),
        ("Flags", (!flags.is_empty()).then(|| flags.join(", "))),
        ("Description", description.as_deref().map(indent_lines)),
    ];
    let lines = fields.into_iter().filter_map(|(label, value)| Some(field_line(label, &value?)));
    lines.collect::<Vec<_>>().join("\n")
}
