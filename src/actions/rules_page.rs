//! The rules of routing and of boards as a page in Markdown: by table, with what each rests on, why, and examples.
//!
//! The page is made from the tables, so that it cannot say anything else than they do.

use super::board_rules_page::board;
use super::routing_examples::Examples;
use crate::domain::board::rule::BoardRow;
use crate::domain::board::rules::BOARD_RULES_VERSION;
use crate::domain::routing::RULES_VERSION;
use crate::domain::routing::Tables;
use crate::domain::routing::decide::{RISK_DECIDES, RISK_NEEDED};
use crate::domain::routing::duties::Duty;
use crate::domain::routing::rule::{BodyRole, Destination, Rule, Table};
use crate::domain::routing::warnings::LEVEL_OPEN;
use crate::domain::source::Basis;
use std::fmt::Write;

/// What stands above each table.
fn introduction(table: Table) -> &'static str {
    match table {
        Table::Refuse => {
            "Input that no answer can be given to. Every row is checked, and every refusal reported."
        }
        Table::Manager => {
            "Who manages a case. Read from the top: the first row that applies decides, and later rows with the same destination that also hold are reported."
        }
        Table::Place => "Which area counts. Read from the top: the first row that applies decides.",
        Table::Duties => "What else is answered of a case that is routed. Each row answers its own question.",
        Table::Board => {
            "What a Strategic Management Board is to be. Every row is checked, and what is not recorded is never a breach."
        }
    }
}

/// The standing of a source; what no source settles stands out.
pub(super) fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::FoundingDocument => "founding document",
        Basis::Statute => "statute",
        Basis::Published => "published record",
        Basis::Guidance => "guidance",
        Basis::Recorded => "recorded by an administrator of the directory",
        Basis::Unconfirmed => "**UNCONFIRMED**",
        Basis::Assumption => "**ASSUMPTION**",
    }
}

fn destination(to: Destination) -> &'static str {
    match to {
        Destination::Managed(BodyRole::Trust) => "the probation trust of the area manages",
        Destination::Managed(BodyRole::Division) => "the NPS division of the area manages",
        Destination::Managed(BodyRole::Company) => "the community rehabilitation company of the area manages",
        Destination::Managed(BodyRole::Police) => "the police force of the area manages",
        Destination::Managed(BodyRole::YouthOffendingTeam) => "the youth offending team manages",
        Destination::Managed(BodyRole::HealthService) => "the mental health service manages",
        Destination::NotSupervised => "nobody supervises (`NOT_SUPERVISED`)",
        Destination::NotRecorded => "not recorded for the day (`NOT_RECORDED`)",
        Destination::Unclear => "a fact must be made clear first (`NEEDS_FACTS`)",
        Destination::Refused => "refused (`REFUSED`)",
    }
}

fn question(duty: Duty) -> &'static str {
    match duty {
        Duty::CourtAdvice => "who advises the court (`courtAdvice`)",
        Duty::InitialAssessment => "who assesses at the outset (`initialAssessment`)",
        Duty::Allocation => "who allocates the case (`allocation`)",
        Duty::EscalationReview => "who decides on an escalation (`escalationReview`)",
        Duty::Enforcement => "who acts on a breach, and on recall (`enforcement`)",
        Duty::Interventions => "who delivers interventions (`interventions`)",
        Duty::LeadAgency => "which agency leads (`mappa.leadAgency`)",
        Duty::Meeting => "which meeting there is (`mappa.meeting`)",
        Duty::Chair => "who chairs the meeting, in these words (`mappa.chair`)",
        Duty::Board => "which board looks after the area (`mappa.board`)",
        Duty::Identification => "who identifies, in these words (`mappa.identification`)",
        Duty::InformationSharing => "who shares information, in these words (`mappa.informationSharing`)",
        Duty::Referral => "who may refer, in these words (`mappa.referral`)",
    }
}

fn period(rule: &Rule) -> String {
    let last = rule.until.and_then(|until| until.pred_opt());
    match (rule.from, last) {
        (None, None) => "every day".to_owned(),
        (Some(from), None) => format!("from {from}"),
        (None, Some(last)) => format!("to {last}"),
        (Some(from), Some(last)) => format!("from {from} to {last}"),
    }
}

/// A page in the making.
pub(super) struct Page<'e> {
    text: String,
    examples: &'e Examples,
    shown: Vec<&'static str>,
}

impl Page<'_> {
    /// Adds a line.
    pub(super) fn line(&mut self, text: &str) {
        // Writing to a text cannot fail.
        let _ = writeln!(self.text, "{text}");
    }

    /// Begins a table.
    pub(super) fn table(&mut self, table: Table) {
        self.line(&format!("\n## {}\n\n{}", table.code(), introduction(table)));
    }

    /// One rule, with what its table says of it beyond what every rule has.
    pub(super) fn rule(&mut self, rule: &Rule, says: &[(&str, &str)]) {
        self.line(&format!("\n### {}: {}\n", rule.id, rule.title));
        for (what, text) in says {
            self.line(&format!("- {what}: {text}"));
        }
        self.line(&format!("- Source: {}", rule.source));
        self.line(&format!("- Basis: {}", basis(rule.basis)));
        self.line(&format!("- Period: {}", period(rule)));
        self.examples(rule.id);
        self.shown.push(rule.id);
    }

    fn examples(&mut self, id: &str) {
        let sentences = self.examples.of(id);
        if !sentences.is_empty() {
            self.line("- Examples:");
        }
        for sentence in sentences {
            self.line(&format!("  - {sentence}"));
        }
    }
}

/// The page of the rules: of routing with its examples, and of boards with theirs.
pub fn rules_page(
    tables: &Tables,
    examples: &Examples,
    boards: &[BoardRow],
    board_examples: &Examples,
) -> String {
    let mut page = Page { text: String::new(), examples, shown: Vec::new() };
    page.line(&format!(
        "\
# Rules of routing and of boards

Routing version {RULES_VERSION}, boards version {BOARD_RULES_VERSION}. Made by `probation-directory rules > docs/rules.md` from the tables that decide; do not edit.

Periods are on the operational calendar, on which the restructure is of 2014-06-01; on the published calendar it is of
2014-04-01. What no source settles is marked **UNCONFIRMED** (commonly stated, not confirmed) or **ASSUMPTION** (ours)."
    ));
    page.table(Table::Refuse);
    for row in &tables.refuse {
        page.rule(&row.rule, &[("Code", &format!("`{}`", row.code)), ("Why", row.message)]);
    }
    page.rule(&LEVEL_OPEN, &[("Why", "a category 3 offender has level 2 or 3, and which is not known")]);
    page.table(Table::Manager);
    for row in &tables.manager {
        if row.rule.id == "R-20" {
            let leads_to = destination(Destination::Unclear);
            page.rule(&RISK_NEEDED, &[("Leads to", leads_to), ("Why", RISK_DECIDES)]);
        }
        page.rule(&row.rule, &[("Leads to", destination(row.to)), ("Why", row.because)]);
    }
    page.table(Table::Place);
    for row in &tables.place {
        page.rule(&row.rule, &[("Why", row.because)]);
    }
    page.table(Table::Duties);
    for row in &tables.duties {
        page.rule(&row.rule, &[("Answers", question(row.duty))]);
    }
    page.line("\n## Beside the tables\n\nExamples of what is no row: how a case is read, and what follows from several rows together.");
    let others: Vec<String> =
        examples.ids().filter(|id| !page.shown.contains(id)).map(str::to_owned).collect();
    for id in others {
        page.line(&format!("\n### {id}\n"));
        page.examples(&id);
    }
    page.examples = board_examples;
    board(&mut page, boards);
    page.text
}
