//! Rules that assign usage to cost centers.

use chrono::NaiveDate;
use glob::Pattern;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::allocation::split::WHOLE;
use crate::error::HubError;
use crate::members::check_name;
use crate::report::check_day;

/// The longest pattern, in characters.
const MAX_PATTERN_CHARS: usize = 500;

/// The largest number of cost centers of a rule.
const MAX_SHARES: usize = 100;

/// The part of the usage that a cost center gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CostCenterShare {
    /// The name of the cost center.
    pub cost_center: String,
    /// The share.
    #[serde(rename = "percent")]
    pub share: Share,
}

/// A share in hundredths of a percent. As JSON, a percentage with at most two decimal places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "f64", try_from = "f64")]
pub struct Share(pub u32);

impl From<Share> for f64 {
    fn from(share: Share) -> Self {
        Self::from(share.0) / 100.0
    }
}

impl TryFrom<f64> for Share {
    type Error = String;

    fn try_from(percent: f64) -> Result<Self, String> {
        let hundredths = (percent * 100.0).round();
        let is_exact = (percent * 100.0 - hundredths).abs() < 1e-6;
        match is_exact && (0.0..=f64::from(WHOLE)).contains(&hundredths) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 10,000 was checked")]
            true => Ok(Self(hundredths as u32)),
            false => Err(format!("{percent} is no percentage with at most two decimal places")),
        }
    }
}

/// The conditions and the shares of a rule. Usage matches if it meets all conditions that are given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RuleSettings {
    /// The place among the rules: of several that match, the lowest one applies. Null places a new rule after all others.
    pub position: Option<i32>,
    /// The first UTC day on which the rule applies; null for no beginning.
    pub from: Option<NaiveDate>,
    /// The last UTC day on which the rule applies; null for no end.
    pub until: Option<NaiveDate>,
    /// A pattern of the name of the member.
    pub member: Option<String>,
    /// The name of a project's folder, or a pattern of its pseudonym.
    pub project: Option<String>,
    /// A pattern of the repository.
    pub repository: Option<String>,
    /// A pattern of one of the tags.
    pub tag: Option<String>,
    /// The cost centers, whose shares add up to 100%.
    pub shares: Vec<CostCenterShare>,
}

/// A stored rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AllocationRule {
    /// The id.
    pub id: Uuid,
    /// The conditions and the shares. The position is present.
    #[serde(flatten)]
    pub settings: RuleSettings,
}

impl RuleSettings {
    /// Checks the rule, and removes white space around names.
    ///
    /// # Errors
    ///
    /// If a name, pattern or day is not valid, or the shares do not add up to 100%.
    pub(crate) fn check(mut self) -> Result<Self, HubError> {
        [self.from, self.until].into_iter().flatten().try_for_each(check_day)?;
        if self.from.zip(self.until).is_some_and(|(from, until)| from > until) {
            return Err(HubError::BadRequest("the last day of a rule is before its first day".to_owned()));
        }
        for pattern in [&self.member, &self.project, &self.repository, &self.tag].into_iter().flatten() {
            compile(pattern)?;
        }
        for share in &mut self.shares {
            share.cost_center = check_name(&share.cost_center)?.to_owned();
        }
        check_shares(&self.shares)?;
        Ok(self)
    }

    /// Returns true if the rule applies on a day.
    pub(crate) fn applies_on(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

fn check_shares(shares: &[CostCenterShare]) -> Result<(), HubError> {
    let invalid = |message: String| Err(HubError::BadRequest(message));
    if shares.len() > MAX_SHARES {
        return invalid(format!("a rule has at most {MAX_SHARES} cost centers"));
    }
    let mut names: Vec<&str> = shares.iter().map(|share| share.cost_center.as_str()).collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) || shares.iter().any(|share| share.share.0 == 0) {
        return invalid("a rule names each cost center once, with more than 0%".to_owned());
    }
    let sum: u32 = shares.iter().map(|share| share.share.0).sum();
    match sum == WHOLE {
        true => Ok(()),
        false => invalid(format!("the shares add up to {}%, not to 100%", f64::from(Share(sum)))),
    }
}

fn compile(pattern: &str) -> Result<Pattern, HubError> {
    let is_storable = !pattern.is_empty() && !pattern.contains('\0') && pattern.chars().count() <= MAX_PATTERN_CHARS;
    let invalid = |reason: &str| HubError::BadRequest(format!("{pattern:?} is no valid pattern: {reason}"));
    match is_storable {
        true => Pattern::new(pattern).map_err(|error| invalid(error.msg)),
        false => Err(invalid("it is empty, too long or has a zero character")),
    }
}

/// A property of usage that rules test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TestedProperty {
    Member,
    Project,
    Repository,
    Tags,
}

impl TestedProperty {
    /// All properties.
    pub(crate) const ALL: [Self; 4] = [Self::Member, Self::Project, Self::Repository, Self::Tags];
}

/// The values of the properties that rules test.
#[derive(Clone, Debug, Default)]
pub(crate) struct UsageProperties<'a> {
    pub(crate) member: &'a str,
    pub(crate) project: &'a str,
    pub(crate) repository: &'a str,
    pub(crate) tags: Vec<String>,
}

/// A rule with compiled patterns.
#[derive(Clone, Debug)]
pub(crate) struct CompiledRule<'a> {
    settings: &'a RuleSettings,
    member: Option<Pattern>,
    project: Option<ProjectPattern>,
    repository: Option<Pattern>,
    tag: Option<Pattern>,
}

/// A project: by its name, from which its pseudonym is made, or by a pattern of the pseudonym.
#[derive(Clone, Debug)]
struct ProjectPattern {
    pseudonym: String,
    pattern: Pattern,
}

impl<'a> CompiledRule<'a> {
    /// Compiles a rule. `make_pseudonym` returns the pseudonym of a project's name.
    pub(crate) fn new(settings: &'a RuleSettings, make_pseudonym: impl Fn(&str) -> String) -> Result<Self, HubError> {
        let compile = |pattern: &Option<String>| pattern.as_deref().map(compile).transpose();
        let project = compile(&settings.project)?
            .map(|pattern| ProjectPattern { pseudonym: make_pseudonym(pattern.as_str()), pattern });
        Ok(Self {
            settings,
            member: compile(&settings.member)?,
            project,
            repository: compile(&settings.repository)?,
            tag: compile(&settings.tag)?,
        })
    }

    pub(crate) fn settings(&self) -> &'a RuleSettings {
        self.settings
    }

    /// Returns true if the rule has a condition for a property.
    pub(crate) fn tests(&self, property: TestedProperty) -> bool {
        match property {
            TestedProperty::Member => self.member.is_some(),
            TestedProperty::Project => self.project.is_some(),
            TestedProperty::Repository => self.repository.is_some(),
            TestedProperty::Tags => self.tag.is_some(),
        }
    }

    /// Returns true if a member meets the condition for members, or there is none.
    pub(crate) fn matches_member(&self, member: &str) -> bool {
        self.member.as_ref().is_none_or(|pattern| pattern.matches(member))
    }

    /// Returns true if the usage meets all conditions but the days.
    pub(crate) fn matches(&self, usage: &UsageProperties<'_>) -> bool {
        let text = |pattern: &Option<Pattern>, text: &str| pattern.as_ref().is_none_or(|pattern| pattern.matches(text));
        let is_tagged = |tag: &Pattern| usage.tags.iter().any(|own| tag.matches(own));
        self.matches_member(usage.member)
            && text(&self.repository, usage.repository)
            && self.project.as_ref().is_none_or(|project| project.matches(usage.project))
            && self.tag.as_ref().is_none_or(is_tagged)
    }
}

impl ProjectPattern {
    fn matches(&self, pseudonym: &str) -> bool {
        !pseudonym.is_empty() && (self.pseudonym == pseudonym || self.pattern.matches(pseudonym))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(cost_center: &str, percent: f64) -> CostCenterShare {
        CostCenterShare { cost_center: cost_center.to_owned(), share: percent.try_into().expect("a percentage") }
    }

    fn rule(shares: Vec<CostCenterShare>) -> RuleSettings {
        RuleSettings { shares, ..RuleSettings::default() }
    }

    #[test]
    fn shares_add_up_to_the_whole() {
        assert!(rule(vec![share("a", 33.33), share("b", 66.67)]).check().is_ok());
        for shares in [
            vec![],
            vec![share("a", 99.99)],
            vec![share("a", 50.0), share("a", 50.0)],
            vec![share("a", 100.0), share("b", 0.0)],
            vec![share(" ", 100.0)],
        ] {
            assert!(rule(shares.clone()).check().is_err(), "{shares:?}");
        }
        assert!(
            Share::try_from(33.333).is_err() && Share::try_from(-1.0).is_err() && Share::try_from(f64::NAN).is_err()
        );
    }

    #[test]
    fn a_rule_with_a_pattern_or_days_that_are_not_valid_is_refused() {
        let valid = rule(vec![share("a", 100.0)]);
        let day = |text: &str| Some(text.parse().expect("a day"));
        for invalid in [
            RuleSettings { repository: Some("a***".to_owned()), ..valid.clone() },
            RuleSettings { tag: Some(String::new()), ..valid.clone() },
            RuleSettings { from: day("2026-02-01"), until: day("2026-01-31"), ..valid.clone() },
        ] {
            assert!(invalid.clone().check().is_err(), "{invalid:?}");
        }
    }

    #[test]
    fn all_conditions_that_are_given_must_hold() {
        let settings = RuleSettings {
            member: Some("a*".to_owned()),
            project: Some("shop".to_owned()),
            tag: Some("billing".to_owned()),
            ..rule(vec![share("a", 100.0)])
        };
        let compiled = CompiledRule::new(&settings, |name| format!("pseudonym of {name}")).expect("it is valid");
        let usage = UsageProperties {
            member: "ada",
            project: "pseudonym of shop",
            repository: "",
            tags: vec!["old".to_owned(), "billing".to_owned()],
        };
        assert!(compiled.matches(&usage));
        assert!(!compiled.matches(&UsageProperties { member: "bob", ..usage.clone() }));
        assert!(!compiled.matches(&UsageProperties { project: "", ..usage.clone() }));
        assert!(!compiled.matches(&UsageProperties { tags: Vec::new(), ..usage }));
    }
}
