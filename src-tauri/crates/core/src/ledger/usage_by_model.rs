//! The usage of a session by model.

use crate::interner::ModelId;
use crate::tokens::UsageSum;

/// Sums by model, ordered by the id of the model. Nearly all sessions use one or two models, so the list takes no more memory
/// than its sums: a map would reserve room for several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsageByModel(Vec<(ModelId, UsageSum)>);

impl UsageByModel {
    /// Returns true if there are no sums.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the number of models.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the sum of a model, which is added if it is missing.
    pub fn get_or_insert(&mut self, model: ModelId) -> &mut UsageSum {
        let index = self.index_of(model).unwrap_or_else(|index| {
            self.0.reserve_exact(1);
            self.0.insert(index, (model, UsageSum::default()));
            index
        });
        &mut self.0[index].1
    }

    /// Returns the sum of a model.
    pub fn get_mut(&mut self, model: ModelId) -> Option<&mut UsageSum> {
        let index = self.index_of(model).ok()?;
        Some(&mut self.0[index].1)
    }

    /// Removes the sum of a model.
    pub fn remove(&mut self, model: ModelId) {
        if let Ok(index) = self.index_of(model) {
            self.0.remove(index);
        }
    }

    /// Returns the models and their sums.
    pub fn iter(&self) -> impl Iterator<Item = (ModelId, &UsageSum)> {
        self.0.iter().map(|(model, sum)| (*model, sum))
    }

    /// Returns the models and their sums, which can be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (ModelId, &mut UsageSum)> {
        self.0.iter_mut().map(|(model, sum)| (*model, sum))
    }

    /// Returns the models.
    pub fn keys(&self) -> impl Iterator<Item = ModelId> {
        self.0.iter().map(|(model, _)| *model)
    }

    /// Returns the sum over all models.
    pub fn total(&self) -> UsageSum {
        self.0.iter().map(|(_, sum)| sum).sum()
    }

    fn index_of(&self, model: ModelId) -> Result<usize, usize> {
        self.0.binary_search_by_key(&model, |(known, _)| *known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_found_by_model_and_ordered() {
        let mut usage = UsageByModel::default();
        for model in [7, 2, 9, 7, 2, 7].map(ModelId) {
            usage.get_or_insert(model).messages += 1;
        }
        let messages =
            |usage: &UsageByModel| usage.iter().map(|(model, sum)| (model.0, sum.messages)).collect::<Vec<_>>();
        assert_eq!(messages(&usage), [(2, 2), (7, 3), (9, 1)]);
        assert_eq!(usage.total().messages, 6);
        usage.remove(ModelId(7));
        usage.remove(ModelId(8));
        assert_eq!(messages(&usage), [(2, 2), (9, 1)]);
        assert!(usage.get_mut(ModelId(7)).is_none());
        assert_eq!(usage.get_mut(ModelId(9)).map(|sum| sum.messages), Some(1));
    }
}
