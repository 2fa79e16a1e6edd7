//! Combines members whom no rule distinguishes, so that the database returns few rows.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use crate::allocation::rule::CompiledRule;
use crate::database::Database;
use crate::error::HubError;

/// Returns the names of the members of an organization.
///
/// # Errors
///
/// If the database cannot be used.
pub(super) async fn load_members(database: &Database, organization: Uuid) -> Result<Vec<String>, HubError> {
    const LIST: &str = "SELECT name FROM members WHERE organization = $1 ORDER BY name";
    let rows = database.connection().await?.query(LIST, &[&organization]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Returns for each member the first one who meets the same conditions of rules.
pub(super) fn classify_members(members: &[String], rules: &[&CompiledRule<'_>]) -> BTreeMap<String, String> {
    let mut classes: HashMap<Vec<bool>, &str> = HashMap::new();
    let mut classified = BTreeMap::new();
    for member in members {
        let met = rules.iter().map(|rule| rule.matches_member(member)).collect();
        let first = *classes.entry(met).or_insert(member);
        classified.insert(member.clone(), first.to_owned());
    }
    classified
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocation::rule::RuleSettings;

    #[test]
    fn members_who_meet_the_same_conditions_are_one_class() {
        let rule = |member: Option<&str>| RuleSettings { member: member.map(str::to_owned), ..RuleSettings::default() };
        let settings = [rule(Some("a*")), rule(None), rule(Some("*e"))];
        let compile = |settings| CompiledRule::new(settings, str::to_owned).expect("it is valid");
        let rules: Vec<CompiledRule<'_>> = settings.iter().map(compile).collect();
        let members = ["ada", "alan", "anne", "bob", "eve", "zoe"].map(str::to_owned);
        let classes = classify_members(&members, &rules.iter().collect::<Vec<_>>());
        let expected =
            [("ada", "ada"), ("alan", "ada"), ("anne", "anne"), ("bob", "bob"), ("eve", "eve"), ("zoe", "eve")];
        assert_eq!(classes, expected.map(|(member, class)| (member.to_owned(), class.to_owned())).into());
    }
}
