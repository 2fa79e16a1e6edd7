//! `rule add`, `rule list` and `rule remove`.

use serde_json::json;

use crate::allocation::{AllocationRule, AllocationRules, CostCenterShare, RuleSettings};
use crate::args::{ListArgs, RemoveArgs, RuleArgs, RuleCommand};
use crate::commands::{print_json, print_text, render_table};
use crate::database::Database;
use crate::error::HubError;
use crate::members::Members;

pub(super) async fn run(database: &Database, command: RuleCommand) -> Result<(), HubError> {
    match command {
        RuleCommand::Add(args) => {
            let rules = rules_of(database, &args.organization.org).await?;
            let added = rules.add(settings_of(args)).await?;
            print_text(&added.id.to_string())
        }
        RuleCommand::List(ListArgs { json, organization }) => {
            let rules = rules_of(database, &organization.org).await?.list().await?;
            if json { print_json(&json!({ "rules": rules })) } else { print_text(&render_rules(&rules)) }
        }
        RuleCommand::Remove(RemoveArgs { id, organization }) => {
            rules_of(database, &organization.org).await?.remove(id).await
        }
    }
}

async fn rules_of(database: &Database, organization: &str) -> Result<AllocationRules, HubError> {
    Ok(AllocationRules::new(database, Members::find(database, organization).await?.organization()))
}

fn settings_of(args: RuleArgs) -> RuleSettings {
    let RuleArgs { to: shares, member, project, repository, tag, from, until, position, organization: _ } = args;
    RuleSettings { position, from, until, member, project, repository, tag, shares }
}

fn render_rules(rules: &[AllocationRule]) -> String {
    let head = ["Position", "From", "Until", "Member", "Project", "Repository", "Tag", "Cost centers", "Id"];
    let rows = rules.iter().map(|AllocationRule { id, settings }| {
        let RuleSettings { position, from, until, member, project, repository, tag, shares } = settings;
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let [from, until] = [from, until].map(|day| text(&day.map(|day| day.to_string())));
        let [member, project, repository, tag] = [member, project, repository, tag].map(text);
        let shares: Vec<String> = shares.iter().map(render_share).collect();
        let position = position.unwrap_or_default().to_string();
        vec![position, from, until, member, project, repository, tag, shares.join(", "), id.to_string()]
    });
    let head = head.map(str::to_owned).to_vec();
    render_table(&std::iter::once(head).chain(rows).collect::<Vec<_>>(), 9)
}

fn render_share(share: &CostCenterShare) -> String {
    format!("{} {}%", share.cost_center, f64::from(share.share))
}
