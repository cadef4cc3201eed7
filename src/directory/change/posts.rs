//! The order about public posts: who holds one, as a published source names them.

use super::days::{chosen, ended, room};
use super::ground::Ground;
use super::refusal::{Refusal, RefusalCode, Refused};
use super::rows::{NewRow, Table, Write};
use super::summary::Summary;
use super::{Decision, Order, Right, Scope, integrity};
use crate::directory::person::PersonName;
use crate::directory::records::Row;
use crate::directory::{Directory, Post};
use crate::domain::source::{ADMIN, EXAMPLE};
use chrono::NaiveDate;

/// Source of what is commonly said and in no document.
const SAID: &str = "GK";
/// Sources that are no publication.
const NOT_PUBLISHED: [&str; 3] = [ADMIN, EXAMPLE, SAID];

/// Somebody holds a public post, or nobody is known to any more.
#[derive(Clone, Debug)]
pub struct SetPostHolder {
    /// Slug of the post.
    pub post: String,
    /// The holder; none where no source speaks of one from the day on.
    pub holder: Option<PersonName>,
    /// Key of the published source that names the holder.
    pub source: Option<String>,
    /// The first day.
    pub from: NaiveDate,
    /// The last day; none where the source knows none.
    pub last_day: Option<NaiveDate>,
}

impl Order for SetPostHolder {
    fn action(&self) -> &'static str {
        "SET_POST_HOLDER"
    }

    fn scope(&self, _: &Directory) -> Scope {
        Scope::new(Right::National)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let Some(id) = ground.directory.post_by_slug(&self.post) else {
            let message = "No post has that slug: give one of posts of an organisation.";
            return Err(vec![Refusal::new(RefusalCode::UnknownPost, "post", message)]);
        };
        let post = ground.directory.post(id);
        let descriptions = chosen(&post.descriptions, |_| true);
        let Some(description) = descriptions.iter().find(|row| row.valid.contains(self.from)) else {
            let message = "The post does not exist on that day: give one of its period.";
            return Err(vec![Refusal::new(RefusalCode::DateOutOfScope, "from", message)]);
        };
        let writes = match &self.holder {
            Some(holder) => self.held(ground, post, holder)?,
            None => self.not_held(post)?,
        };
        let body = &ground.directory.body(description.value.body).identity;
        let mut summary =
            Summary { on: Some(self.from), ..Summary::default() }.with_body(body.kind, &body.slug);
        summary.posts.push(self.post.clone());
        Ok(Decision { writes, summary })
    }
}

impl SetPostHolder {
    fn again(&self, row: &Row<String>, valid: crate::domain::period::Period) -> NewRow {
        NewRow::PostHolder {
            post: self.post.clone(),
            holder: PersonName::new(row.value.clone()),
            source: row.citation.source.clone(),
            valid,
        }
    }

    fn not_held(&self, post: &Post) -> Result<Vec<Write>, Refused> {
        if self.last_day.is_some() {
            let message = "lastDay is that of a holder: give none where there is no holder.";
            return Err(vec![Refusal::new(RefusalCode::InvalidValue, "lastDay", message)]);
        }
        let held = chosen(&post.holders, |_| true).into_iter().find(|row| row.valid.contains(self.from));
        let writes = ended(Table::PostHolder, held, self.from, |row, valid| self.again(row, valid));
        if writes.is_empty() {
            let message = "No holder is recorded for that day.";
            return Err(vec![Refusal::new(RefusalCode::NothingToChange, "holder", message)]);
        }
        Ok(writes)
    }

    fn held(&self, ground: &Ground<'_>, post: &Post, holder: &PersonName) -> Result<Vec<Write>, Refused> {
        let source = self.published(ground);
        let valid = ground.period(self.from, self.last_day);
        let name = (!holder.is_sound()).then(|| {
            let message =
                "holder must have 1 to 200 characters, no control character, and no space at either end.";
            Refusal::new(RefusalCode::InvalidValue, "holder", message)
        });
        let (source, valid) = match (source, valid, name) {
            (Ok(source), Ok(valid), None) => (source, valid),
            (source, valid, name) => {
                return Err([source.err(), valid.err(), name].into_iter().flatten().collect());
            }
        };
        let rows = chosen(&post.holders, |_| true);
        let is_same = |row: &&&Row<String>| {
            row.valid == valid && row.value == holder.written() && row.citation.source == source
        };
        if rows.iter().find(is_same).is_some() {
            let message = "That is what is recorded already.";
            return Err(vec![Refusal::new(RefusalCode::NothingToChange, "holder", message)]);
        }
        let room = room(Table::PostHolder, &rows, valid, |row, valid| self.again(row, valid));
        let room = room.map_err(|other| {
            let message = format!("A holder is recorded {}: give other days.", integrity::words(other));
            vec![Refusal::new(RefusalCode::Overlap, "from", message)]
        })?;
        let number = room.number(0);
        let mut writes = room.writes;
        let row = NewRow::PostHolder { post: self.post.clone(), holder: holder.clone(), source, valid };
        writes.push(Write::Add(number, row));
        Ok(writes)
    }

    /// The source, where it is one that is published and known.
    fn published(&self, ground: &Ground<'_>) -> Result<String, Refusal> {
        let refused = |code, message| Err(Refusal::new(code, "source", message));
        let Some(source) = &self.source else {
            let message = "A holder is named by a published source: give its key.";
            return refused(RefusalCode::InvalidValue, message);
        };
        let is_known =
            ground.directory.sources().iter().any(|it| it.key == *source && it.recorded.until().is_none());
        if !is_known {
            return refused(
                RefusalCode::UnknownRecord,
                "No source has that key: give one that facts are cited by.",
            );
        }
        if NOT_PUBLISHED.contains(&source.as_str()) {
            return refused(RefusalCode::InvalidValue, "That source is not published: give one that is.");
        }
        Ok(source.clone())
    }
}
