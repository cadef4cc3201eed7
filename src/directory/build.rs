//! Building a directory from recorded rows: everything indexed, every fault listed.

mod boards;

use super::names::fold;
use super::records::{
    self, AuthorityRow, BodyRow, ChangeStamp, Coverage, DataSet, Operation, Ownership, PostRow, Records, Row,
    Succession,
};
use super::{
    Authority, AuthorityId, AuthoritySet, Body, BodyId, Directory, Fault, Link, Live, Post, PostDescription,
    PostId, Reference, Share,
};
use crate::domain::organisation::BodyKind;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

#[derive(Default)]
pub(super) struct Builder {
    live: Live,
    faults: Vec<Fault>,
    body_ids: HashMap<i64, BodyId>,
}

impl Builder {
    fn fault(&mut self, place: &'static str, what: String) {
        self.faults.push(Fault { place, what });
    }

    /// Builds the directory; see [`Directory::build`].
    pub(super) fn build(
        mut self,
        records: Records,
        earlier: Option<&Directory>,
    ) -> Result<Directory, Vec<Fault>> {
        self.changes(records.changes);
        self.live.feed = records.feed;
        self.live.sources = records.sources;
        self.bodies(records.bodies);
        self.attach("body_period", records.periods, |body| &mut body.periods, Some);
        self.attach("body_name", records.names, |body| &mut body.names, Some);
        self.attach("body_code", records.codes, |body| &mut body.codes, Some);
        self.attach("statement", records.statements, |body| &mut body.statements, Some);
        self.coverage(records.coverage);
        self.operations(records.operations);
        self.ownerships(records.ownerships);
        self.successions(records.successions);
        self.boards(records.boards, records.board_names, records.on_boards);
        self.posts(records.posts, records.post_descriptions, records.post_holders);
        self.index();
        self.check_periods();
        let reference = match earlier {
            Some(earlier)
                if same_sets(earlier, &records.data_sets) && same_bodies(&earlier.live, &self.live) =>
            {
                Arc::clone(&earlier.reference)
            }
            _ => Arc::new(self.reference(records.data_sets, records.authorities)),
        };
        if self.faults.is_empty() {
            Ok(Directory { live: Arc::new(self.live), reference })
        } else {
            Err(self.faults)
        }
    }

    fn changes(&mut self, changes: Vec<ChangeStamp>) {
        for (index, change) in changes.iter().enumerate() {
            if change.version != index as i64 + 1 {
                self.fault("change", format!("version {} stands where {} is due", change.version, index + 1));
            }
        }
        if let Some(pair) = changes.windows(2).find(|pair| pair[1].at <= pair[0].at) {
            self.fault("change", format!("version {} is not later than the one before", pair[1].version));
        }
        self.live.changes = changes;
    }

    fn bodies(&mut self, mut rows: Vec<(i64, BodyRow)>) {
        rows.sort_by(|(_, a), (_, b)| (a.kind, &a.slug).cmp(&(b.kind, &b.slug)));
        for (key, identity) in rows {
            let id = BodyId(self.live.bodies.len() as u32);
            self.body_ids.insert(key, id);
            self.live.by_kind.entry(identity.kind).or_default().push(id);
            if self.live.by_slug.insert((identity.kind, identity.slug.clone()), id).is_some() {
                self.fault("body", format!("{} {} stands twice", identity.kind.code(), identity.slug));
            }
            self.live.bodies.push(Body {
                identity,
                periods: Vec::new(),
                names: Vec::new(),
                codes: Vec::new(),
                coverage: Vec::new(),
                operation: Vec::new(),
                ownership: Vec::new(),
                predecessors: Vec::new(),
                successors: Vec::new(),
                statements: Vec::new(),
                boards: Vec::new(),
                posts: Vec::new(),
                duties: Vec::new(),
                mailboxes: Vec::new(),
                seats: Vec::new(),
            });
        }
    }

    fn body_of(&mut self, place: &'static str, key: i64) -> Option<BodyId> {
        let id = self.body_ids.get(&key).copied();
        if id.is_none() {
            self.fault(place, format!("points to body {key}, which does not exist"));
        }
        id
    }

    fn body_mut(&mut self, id: BodyId) -> &mut Body {
        &mut self.live.bodies[id.0 as usize]
    }

    fn attach<T, U>(
        &mut self,
        place: &'static str,
        rows: Vec<Row<(i64, T)>>,
        list: impl Fn(&mut Body) -> &mut Vec<Row<U>>,
        value: impl Fn(T) -> Option<U>,
    ) {
        for row in rows {
            let (row, (key, inner)) = row.take();
            if let (Some(id), Some(inner)) = (self.body_of(place, key), value(inner)) {
                list(self.body_mut(id)).push(row.with(inner));
            }
        }
    }

    fn expect_kind(&mut self, place: &'static str, id: BodyId, kind: BodyKind) -> bool {
        let identity = &self.live.bodies[id.0 as usize].identity;
        let fits = identity.kind == kind;
        if !fits {
            let what = format!("{} is a {}, not a {}", identity.slug, identity.kind.code(), kind.code());
            self.fault(place, what);
        }
        fits
    }

    fn coverage(&mut self, rows: Vec<Row<Coverage>>) {
        for row in rows {
            let (row, coverage) = row.take();
            let ends = (self.body_of("coverage", coverage.area), self.body_of("coverage", coverage.body));
            let (Some(area), Some(body)) = ends else { continue };
            let fits = self.expect_kind("coverage", area, BodyKind::MappaArea);
            if fits && self.expect_kind("coverage", body, coverage.kind) {
                self.body_mut(area).coverage.push(row.clone().with(Link { body, kind: coverage.kind }));
                self.body_mut(body).coverage.push(row.with(Link { body: area, kind: coverage.kind }));
            }
        }
    }

    fn operations(&mut self, rows: Vec<Row<Operation>>) {
        for row in rows {
            let (row, operation) = row.take();
            let ends =
                (self.body_of("operation", operation.package), self.body_of("operation", operation.crc));
            let (Some(package), Some(crc)) = ends else { continue };
            let fits = self.expect_kind("operation", package, BodyKind::ContractPackageArea);
            if fits && self.expect_kind("operation", crc, BodyKind::Crc) {
                self.body_mut(package).operation.push(row.clone().with(crc));
                self.body_mut(crc).operation.push(row.with(package));
            }
        }
    }

    fn ownerships(&mut self, rows: Vec<Row<Ownership>>) {
        for row in rows {
            let (row, ownership) = row.take();
            let ends = (self.body_of("ownership", ownership.crc), self.body_of("ownership", ownership.owner));
            let (Some(crc), Some(owner)) = ends else { continue };
            let fits = self.expect_kind("ownership", crc, BodyKind::Crc);
            if fits && self.expect_kind("ownership", owner, BodyKind::CrcOwner) {
                let share = |body| Share { body, partners: ownership.partners.clone() };
                self.body_mut(crc).ownership.push(row.clone().with(share(owner)));
                self.body_mut(owner).ownership.push(row.with(share(crc)));
            }
        }
    }

    fn successions(&mut self, rows: Vec<Row<Succession>>) {
        for row in rows {
            let (row, step) = row.take();
            let ends =
                (self.body_of("succession", step.predecessor), self.body_of("succession", step.successor));
            if let (Some(predecessor), Some(successor)) = ends {
                self.body_mut(predecessor).successors.push(row.clone().with(successor));
                self.body_mut(successor).predecessors.push(row.with(predecessor));
            }
        }
    }

    fn posts(
        &mut self,
        mut rows: Vec<(i64, PostRow)>,
        descriptions: Vec<Row<records::PostDescriptionRow>>,
        holders: Vec<Row<(i64, String)>>,
    ) {
        let mut ids = HashMap::new();
        rows.sort_by(|(_, a), (_, b)| a.slug.cmp(&b.slug));
        for (key, post) in rows {
            let id = PostId(self.live.posts.len() as u32);
            ids.insert(key, id);
            self.live.posts.push(Post { slug: post.slug, descriptions: Vec::new(), holders: Vec::new() });
        }
        for row in descriptions {
            let (row, description) = row.take();
            let Some(body) = self.body_of("post_description", description.body) else { continue };
            match ids.get(&description.post) {
                Some(id) => {
                    let reports_to = description.reports_to.and_then(|key| ids.get(&key).copied());
                    let posts = &mut self.body_mut(body).posts;
                    if !posts.contains(id) {
                        posts.push(*id);
                    }
                    let value = PostDescription { title: description.title, body, reports_to };
                    self.live.posts[id.0 as usize].descriptions.push(row.with(value));
                }
                None => self.fault(
                    "post_description",
                    format!("points to post {}, which does not exist", description.post),
                ),
            }
        }
        for row in holders {
            let (row, (key, holder)) = row.take();
            match ids.get(&key) {
                Some(id) => self.live.posts[id.0 as usize].holders.push(row.with(holder)),
                None => self.fault("post_holder", format!("points to post {key}, which does not exist")),
            }
        }
    }

    fn index(&mut self) {
        for (index, body) in self.live.bodies.iter_mut().enumerate() {
            let id = BodyId(index as u32);
            body.periods.sort_by_key(|row| row.valid);
            body.names.sort_by(|a, b| (a.valid, &a.value.name).cmp(&(b.valid, &b.value.name)));
            body.codes.sort_by(|a, b| (&a.value.scheme, a.valid).cmp(&(&b.value.scheme, b.valid)));
            body.coverage.sort_by_key(|row| (row.value.kind, row.valid, row.value.body));
            body.operation.sort_by_key(|row| row.valid);
            body.ownership.sort_by_key(|row| row.valid);
            body.predecessors.sort_by_key(|row| (row.valid, row.value));
            body.successors.sort_by_key(|row| (row.valid, row.value));
            for name in &body.names {
                let ids = self.live.by_name.entry(fold(&name.value.name)).or_default();
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
            for code in &body.codes {
                let key = (code.value.scheme.clone(), code.value.code.to_ascii_uppercase());
                let ids = self.live.by_code.entry(key).or_default();
                if !ids.contains(&id) {
                    ids.push(id);
                }
                if !self.live.schemes.contains(&code.value.scheme) {
                    self.live.schemes.push(code.value.scheme.clone());
                }
            }
        }
        self.live.schemes.sort();
        for post in &mut self.live.posts {
            post.descriptions.sort_by_key(|row| row.valid);
            post.holders.sort_by_key(|row| row.valid);
        }
    }

    fn check_periods(&mut self) {
        let mut faults = Vec::new();
        for body in &self.live.bodies {
            let identity = &body.identity;
            let current = |versions: &crate::domain::period::Versions| versions.until().is_none();
            if identity.recorded.until().is_some() {
                continue;
            }
            let periods: Vec<_> = body.periods.iter().filter(|row| current(&row.recorded)).collect();
            // A body of which nothing is stated any more was given up; one that still has a name was not.
            if periods.is_empty()
                && (body.periods.is_empty() || body.names.iter().any(|row| current(&row.recorded)))
            {
                faults.push(format!("{} {} has no period", identity.kind.code(), identity.slug));
            }
            for period in periods {
                let mut due = Some(period.valid.from());
                for name in body.names.iter().filter(|row| {
                    row.value.usage == crate::domain::organisation::NameUsage::Name && current(&row.recorded)
                }) {
                    if due.is_some_and(|day| name.valid.contains(day)) {
                        due = name.valid.until();
                    }
                }
                if due.is_some_and(|day| period.valid.contains(day)) {
                    faults.push(format!(
                        "{} {} has no name on some day of its period",
                        identity.kind.code(),
                        identity.slug
                    ));
                }
            }
        }
        self.faults.extend(faults.into_iter().map(|what| Fault { place: "body", what }));
    }

    fn reference(&mut self, data_sets: Vec<(i64, DataSet)>, rows: Vec<(i64, AuthorityRow)>) -> Reference {
        let mut by_set: HashMap<i64, Vec<AuthorityRow>> = HashMap::new();
        for (key, row) in rows {
            by_set.entry(key).or_default().push(row);
        }
        let sets = data_sets
            .into_iter()
            .map(|(key, data_set)| self.authority_set(data_set, by_set.remove(&key).unwrap_or_default()))
            .collect();
        Reference { sets }
    }

    fn authority_set(&mut self, data_set: DataSet, mut rows: Vec<AuthorityRow>) -> AuthoritySet {
        // Those of the set's own day first; a later one that ended in its turn has a row with its first day.
        rows.sort_by(|a, b| (a.from, &a.code).cmp(&(b.from, &b.code)));
        if rows.len() != data_set.row_count {
            self.fault(
                "data_set",
                format!("{} rows are announced and {} found", data_set.row_count, rows.len()),
            );
        }
        let mut set = AuthoritySet {
            data_set,
            authorities: Vec::with_capacity(rows.len()),
            listed: rows.iter().filter(|row| row.from.is_none()).count(),
            by_code: HashMap::new(),
            by_name: HashMap::new(),
        };
        let mut later: BTreeMap<String, Authority> = BTreeMap::new();
        for row in rows {
            let Some(area) = self.live.by_slug.get(&(BodyKind::MappaArea, row.area_slug.clone())).copied()
            else {
                self.fault(
                    "local_authority",
                    format!("{} lies in area {}, which does not exist", row.code, row.area_slug),
                );
                continue;
            };
            let key = ("ONS".to_owned(), row.police_force_area_code.clone());
            let coded = self.live.by_code.get(&key).into_iter().flatten().copied();
            let forces: Vec<BodyId> = coded
                .filter(|id| self.live.bodies[id.0 as usize].identity.kind == BodyKind::PoliceForce)
                .collect();
            if forces.is_empty() {
                self.fault(
                    "local_authority",
                    format!(
                        "{} names police force area {}, which no force has",
                        row.code, row.police_force_area_code
                    ),
                );
            }
            if let Some(successor) = &row.successor {
                match later.get_mut(&successor.code) {
                    Some(known) if known.area != area => self.fault(
                        "local_authority",
                        format!("{} would lie in more than one area", successor.code),
                    ),
                    Some(known) => {
                        known.predecessors.push(row.code.clone());
                        known.row.from = known.row.from.min(Some(successor.from));
                    }
                    None => {
                        let predecessors = vec![row.code.clone()];
                        let row = AuthorityRow {
                            code: successor.code.clone(),
                            name: successor.name.clone(),
                            from: Some(successor.from),
                            successor: None,
                            welsh_name: None,
                            upper_tier: None,
                            kind: "later authority".to_owned(),
                            ..row.clone()
                        };
                        let forces = forces.clone();
                        later.insert(successor.code.clone(), Authority { row, area, forces, predecessors });
                    }
                }
            }
            let mut authority = Authority { row, area, forces, predecessors: Vec::new() };
            if authority.row.from.is_none() {
                set.authorities.push(authority);
            } else {
                let known = later.remove(&authority.row.code);
                authority.predecessors = known.map(|known| known.predecessors).unwrap_or_default();
                later.insert(authority.row.code.clone(), authority);
            }
        }
        set.authorities.extend(later.into_values());
        for (index, authority) in set.authorities.iter().enumerate() {
            let id = AuthorityId(index as u32);
            // A code can be that of a listed authority which also took in its neighbours; the listed one stands.
            set.by_code.entry(authority.row.code.clone()).or_insert(id);
            let mut names = vec![fold(&authority.row.name)];
            // The official list writes "Bristol, City of"; people write Bristol.
            let plain =
                [", City of", ", County of"].iter().find_map(|end| authority.row.name.strip_suffix(end));
            names.extend(plain.map(fold));
            names.extend(authority.row.welsh_name.as_deref().map(fold));
            names.dedup();
            for name in names {
                set.by_name.entry(name).or_default().push(id);
            }
        }
        set
    }
}

fn same_sets(earlier: &Directory, data_sets: &[(i64, DataSet)]) -> bool {
    let known = &earlier.reference.sets;
    known.len() == data_sets.len()
        && known.iter().zip(data_sets).all(|(set, (_, data_set))| set.data_set == *data_set)
}

/// Whether the bodies have the same indexes and codes, by which reference data points to areas and forces.
fn same_bodies(earlier: &Live, live: &Live) -> bool {
    earlier.by_slug == live.by_slug && earlier.by_code == live.by_code
}
