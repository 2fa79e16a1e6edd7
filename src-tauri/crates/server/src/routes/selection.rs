//! The parameters that select the messages of a report or an export.

/// Defines parameters: those that select messages, and some of its own. The type gets a method `to_filter`. A flattened field
/// could not be used for them, because the parser would read its numbers as text. The caller imports nothing for it.
macro_rules! selection_params {
    ($(#[$attribute:meta])* $name:ident { $($(#[$own_attribute:meta])* $own:ident: $type:ty,)* }) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, Default, serde::Deserialize, utoipa::IntoParams)]
        #[into_params(parameter_in = Query)]
        #[serde(rename_all = "camelCase", deny_unknown_fields, default)]
        pub(crate) struct $name {
            /// The first day.
            #[param(value_type = Option<crate::openapi::parameters::Day>)]
            since: Option<token_monitor_core::report::grouped::DayBound>,
            /// The last day, in the same forms.
            #[param(value_type = Option<crate::openapi::parameters::Day>)]
            until: Option<token_monitor_core::report::grouped::DayBound>,
            /// Only sessions in this folder: its name, some of its path, or a pattern with `*`; empty for none.
            project: Vec<String>,
            /// Only sessions whose last branch is this one, or matches a pattern with `*`; empty for none.
            branch: Vec<String>,
            /// Only models whose name contains this, or matches a pattern with `*`.
            model: Vec<String>,
            /// Only sessions with this tag, or with one that matches a pattern with `*`; empty for none.
            tag: Vec<String>,
            /// Only sessions whose name, id, project, branch, tags, description or models contain all of these words.
            search: Option<String>,
            /// The time zone of days; that of the settings by default.
            #[param(value_type = Option<crate::openapi::parameters::TimeZone>)]
            timezone: Option<chrono_tz::Tz>,
            $($(#[$own_attribute])* $own: $type,)*
        }

        impl $name {
            fn to_filter(&self) -> token_monitor_core::report::model::ReportFilter {
                let Self { since, until, project, branch, model, tag, search, .. } = self.clone();
                token_monitor_core::report::model::ReportFilter {
                    since,
                    until,
                    projects: project,
                    branches: branch,
                    models: model,
                    tags: tag,
                    search,
                }
            }
        }
    };
}

pub(crate) use selection_params;
