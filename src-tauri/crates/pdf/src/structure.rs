//! The logical structure of a document, and its tags.

use std::num::NonZeroU16;

use krilla::tagging::{Identifier, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};

/// The role of a group of content.
#[derive(Clone, Debug)]
pub(crate) enum Role {
    Heading(NonZeroU16, String),
    Paragraph,
    /// A picture with a description.
    Figure(String),
    Table,
    Row,
    HeaderCell,
    Cell,
}

/// A part of the structure.
#[derive(Clone, Debug)]
pub(crate) enum Structure {
    Group(Role, Vec<Structure>),
    /// Content by its number.
    Content(usize),
}

impl Role {
    fn to_tag(&self) -> TagKind {
        match self {
            Self::Heading(level, title) => Tag::Hn(*level, Some(title.clone())).into(),
            Self::Paragraph => Tag::P.into(),
            Self::Figure(description) => Tag::Figure(Some(description.clone())).into(),
            Self::Table => Tag::Table.into(),
            Self::Row => Tag::TR.into(),
            Self::HeaderCell => Tag::TH(TableHeaderScope::Column).into(),
            Self::Cell => Tag::TD.into(),
        }
    }
}

/// Returns the tags of a structure. `identifiers` are those of each content, which may be on several pages.
pub(crate) fn tag_tree(parts: &[Structure], identifiers: &[Vec<Identifier>]) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some("en".to_owned()));
    for node in parts.iter().flat_map(|part| nodes_of(part, identifiers)) {
        tree.push(node);
    }
    tree
}

fn nodes_of(part: &Structure, identifiers: &[Vec<Identifier>]) -> Vec<Node> {
    match part {
        Structure::Content(number) => identifiers[*number].iter().map(|id| Node::from(*id)).collect(),
        Structure::Group(role, children) => {
            let children = children.iter().flat_map(|child| nodes_of(child, identifiers)).collect();
            vec![TagGroup::with_children(role.to_tag(), children).into()]
        }
    }
}
