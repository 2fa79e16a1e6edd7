//! The parameters of a query of usage, after the organization, the first and the last day.

use std::collections::HashMap;

use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::report::ReportGroup;
use crate::report::usage_query::{DeviceNames, UsageColumn, UsageQuery};

/// The number of the first parameter.
const FIRST: usize = 4;

/// The parameters of a [`UsageQuery`] that has them, in the order of the fields.
#[derive(Debug)]
pub(super) struct QueryParameters {
    /// The devices of the member.
    own_devices: Option<Vec<Uuid>>,
    selected: Option<(UsageColumn, SelectedValues)>,
    /// The devices, and the class of the member of each.
    classes: Option<(Vec<Uuid>, Vec<String>)>,
}

/// The selected values of a column.
#[derive(Debug)]
enum SelectedValues {
    Devices(Vec<Uuid>),
    Texts(Vec<String>),
}

impl QueryParameters {
    pub(super) fn new(query: &UsageQuery<'_>, devices: &HashMap<Uuid, DeviceNames>) -> Self {
        let classes = query.member_classes.map(|classes| {
            let class = |(id, names): (&Uuid, &DeviceNames)| Some((*id, classes.get(&names.member)?.clone()));
            devices.iter().filter_map(class).unzip()
        });
        Self {
            own_devices: query.member.map(|member| ids_of(devices, |names| names.member == member)),
            selected: query.selected.map(|(column, names)| (column, SelectedValues::new(column, names, devices))),
            classes,
        }
    }

    /// Returns the values in the order of their numbers.
    pub(super) fn values(&self) -> Vec<&(dyn ToSql + Sync)> {
        let own_devices = self.own_devices.iter().map(|ids| ids as &(dyn ToSql + Sync));
        let selected = self.selected.iter().map(|(_, values)| values.as_parameter());
        let classes = self.classes.iter().flat_map(|(ids, names)| [ids as &(dyn ToSql + Sync), names]);
        own_devices.chain(selected).chain(classes).collect()
    }

    /// Returns the join with the classes of members, if there are any.
    pub(super) fn join_classes(&self) -> String {
        let first = FIRST + usize::from(self.own_devices.is_some()) + usize::from(self.selected.is_some());
        let join = format!(
            " LEFT JOIN unnest(${first}::uuid[], ${}::text[]) AS classes (class_device, member_class) \
             ON class_device = device",
            first + 1,
        );
        self.classes.as_ref().map(|_| join).unwrap_or_default()
    }

    /// Returns the clause `WHERE` for the devices of the member and the selected values, if there are any.
    pub(super) fn conditions(&self) -> String {
        let own_devices = self.own_devices.iter().map(|_| ("device", "uuid"));
        let selected = self.selected.iter().map(|(column, _)| (column.key(), column.key_type()));
        let condition = |(place, (key, kind))| format!("{key} = ANY(${place}::{kind}[])");
        let conditions: Vec<String> = (FIRST..).zip(own_devices.chain(selected)).map(condition).collect();
        if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) }
    }
}

impl SelectedValues {
    fn new(column: UsageColumn, names: &[String], devices: &HashMap<Uuid, DeviceNames>) -> Self {
        match column {
            UsageColumn::Group(ReportGroup::Member) => {
                Self::Devices(ids_of(devices, |device| names.contains(&device.member)))
            }
            UsageColumn::Group(ReportGroup::Device) => {
                Self::Devices(ids_of(devices, |device| names.contains(&device.device)))
            }
            _ => Self::Texts(names.to_vec()),
        }
    }

    fn as_parameter(&self) -> &(dyn ToSql + Sync) {
        match self {
            Self::Devices(ids) => ids,
            Self::Texts(texts) => texts,
        }
    }
}

fn ids_of(devices: &HashMap<Uuid, DeviceNames>, is_chosen: impl Fn(&DeviceNames) -> bool) -> Vec<Uuid> {
    devices.iter().filter(|(_, names)| is_chosen(names)).map(|(id, _)| *id).collect()
}
