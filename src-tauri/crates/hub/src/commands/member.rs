//! `member add`, `member set-role`, `member list` and `member revoke`.

use chrono::{DateTime, Utc};
use serde_json::json;
use tracing::info;

use crate::args::{ListArgs, MemberCommand, MemberRole};
use crate::commands::{print_json, print_text, render_table};
use crate::database::Database;
use crate::error::HubError;
use crate::members::{DeviceRow, Members};

pub(super) async fn run(database: &Database, command: MemberCommand) -> Result<(), HubError> {
    match command {
        MemberCommand::Add { name, device, admin, organization } => {
            let members = Members::find_or_create(database, &organization.org).await?;
            let added = members.add_device(&name, &device).await?;
            if admin {
                members.set_admin(&name, true).await?;
            }
            if added.is_renewed {
                info!("The former token of this device is no longer valid.");
            }
            print_text(&added.token.to_string())
        }
        MemberCommand::SetRole { name, role, organization } => {
            let members = Members::find(database, &organization.org).await?;
            members.set_admin(&name, role == MemberRole::Admin).await
        }
        MemberCommand::List(ListArgs { json, organization }) => {
            let devices = Members::find(database, &organization.org).await?.list_devices().await?;
            if json { print_json(&json!({ "devices": devices })) } else { print_text(&render_devices(&devices)) }
        }
        MemberCommand::Revoke { name, device, delete_usage, organization } => {
            let members = Members::find(database, &organization.org).await?;
            let revoked = members.revoke(&name, device.as_deref(), delete_usage).await?;
            let tokens = if revoked == 1 { "one token".to_owned() } else { format!("{revoked} tokens") };
            let usage = if delete_usage { " The usage was deleted." } else { "" };
            print_text(&format!("Revoked {tokens}.{usage}"))
        }
    }
}

fn render_devices(devices: &[DeviceRow]) -> String {
    let head = ["Member", "Role", "Device", "Level", "Last update", "Revoked"].map(str::to_owned).to_vec();
    let rows = devices.iter().map(|device| {
        let DeviceRow { member, is_admin, device, level, last_seen, revoked_at } = device;
        let role = if *is_admin { "admin" } else { "member" }.to_owned();
        vec![member.clone(), role, device.clone(), level.to_string(), render_time(*last_seen), render_time(*revoked_at)]
    });
    render_table(&std::iter::once(head).chain(rows).collect::<Vec<_>>(), 6)
}

fn render_time(time: Option<DateTime<Utc>>) -> String {
    time.map_or_else(|| "-".to_owned(), |time| time.format("%Y-%m-%d %H:%M UTC").to_string())
}
