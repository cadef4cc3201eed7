//! The types that have plans, one line a field: its name in the schema, what it gives, and the resolver that gives it.
//!
//! A field that is not named here has no writer. `Post`, `PostHolder`, `Person` and `Caller` are missing on purpose: see
//! the module.

use super::compile::{Compiler, Field, Plan, Selections, Shape};
use super::planned::Planned;
use super::written::{Written, leaf, name_of, object};
use crate::graphql::connection::PageInfo;
use crate::graphql::context::Context;
use crate::graphql::query::*;
use crate::graphql::scalar::LocalDate;
use crate::graphql::types::CalendarName;
use crate::graphql::types::area::{ContractPackageArea, MappaArea, RecordState};
use crate::graphql::types::authority::{County, LocalAuthority};
use crate::graphql::types::board::Board;
use crate::graphql::types::board::words::MailboxPurpose;
use crate::graphql::types::case::MappaLevel;
use crate::graphql::types::common::{
    Basis, Citation, CodeOfScheme, DatedName, Period, Source, Statement, StatementUse, Usage, ViewAsked,
};
use crate::graphql::types::mailbox::Mailbox;
use crate::graphql::types::organisations::{
    Agency, CommunityRehabilitationCompany, CompanyOwner, NationalBody, NpsDivision, OrganisationValue,
    Ownership, PoliceForce, ProbationRegion, ProbationTrust,
};
use crate::graphql::types::place::{PlaceAnswer, PlaceCandidate, PlacePrecision, Problem, ProblemCode};
use crate::graphql::types::routing::{
    Alternative, BodyPrecision, ChangeEvent, FactChange, LeadAgency, ManagingBody, ManagingBodyKind,
    MappaArrangements, MappaMeeting, PendingMove, PendingMoveKind, RoutingAnswer, RoutingOutcome,
};
use crate::graphql::types::rule::{Finding, Rule, RuleKind, Severity, Verdict};
use juniper::ID;

/// Enums: written by their names in the schema.
macro_rules! names {
    ($($type:ty),+ $(,)?) => { $(leaf!($type, |value, out| name_of(value, out));)+ };
}

names!(
    Basis,
    BodyPrecision,
    CalendarName,
    LeadAgency,
    MailboxPurpose,
    ManagingBodyKind,
    MappaLevel,
    MappaMeeting,
    PendingMoveKind,
    PlacePrecision,
    ProblemCode,
    RecordState,
    RoutingOutcome,
    RuleKind,
    Severity,
    StatementUse,
    Usage,
    Verdict,
);

/// Objects: each field with what it gives and how.
macro_rules! shape {
    ($type:ty, |$it:ident, $context:ident| { $($name:ident: $gives:ty = $value:expr;)+ }) => {
        impl Shape for $type {
            const FIELDS: &'static [Field<Self>] = &[$(Field {
                name: stringify!($name),
                compile: <$gives as Written>::compile,
                write: |$it, $context, plan, out| {
                    let _ = ($it, $context);
                    <$gives as Written>::write(&$value, $context, plan, out);
                },
            }),+];
        }

        impl Written for $type {
            fn compile(compiler: &mut Compiler<'_>, together: &[Selections<'_>]) -> Option<Plan> {
                compiler.object::<Self>(together)
            }

            fn write(&self, context: &Context, plan: &Plan, out: &mut String) {
                object(self, context, plan, out);
            }
        }
    };
}

/// Interfaces: each type has a plan of its own for what is asked of the interface, but for those without a shape.
macro_rules! interface {
    ($interface:ident: $($type:ident),+ $(,)? $(; not $($without:ident),+)?) => {
        impl Written for $interface {
            fn compile(compiler: &mut Compiler<'_>, together: &[Selections<'_>]) -> Option<Plan> {
                let kinds = vec![$(<$type as Written>::compile(compiler, together)?),+];
                Some(Plan { steps: Vec::new(), kinds })
            }

            fn write(&self, context: &Context, plan: &Plan, out: &mut String) {
                let mut kinds = plan.kinds.iter();
                $(if let (Some(plan), $interface::$type(of)) = (kinds.next(), self) {
                    return of.write(context, plan, out);
                })+
            }

            $(fn is_writable(&self) -> bool {
                !matches!(self, $($interface::$without(_))|+)
            })?
        }
    };
}

/// Bodies: the fields that all have, and their own after them.
macro_rules! body {
    ($type:ty, |$it:ident, $context:ident| { $($own:tt)* }) => {
        shape!($type, |$it, $context| {
            id: ID = $it.id($context);
            view: ViewAsked = $it.view($context);
            slug: &str = $it.slug($context);
            name: &str = $it.name($context);
            officialName: &str = $it.official_name($context);
            welshName: Option<&str> = $it.welsh_name($context);
            shortNames: Vec<&str> = $it.short_names($context);
            aliases: Vec<&str> = $it.aliases($context);
            names: Vec<DatedName> = $it.names($context);
            codes: Vec<CodeOfScheme> = $it.codes($context);
            period: Option<Period> = $it.period($context);
            inForce: Option<bool> = $it.in_force($context);
            country: &str = $it.country($context);
            citation: Option<Citation> = $it.citation($context);
            statements: Vec<Statement> = $it.statements($context);
            otherCalendarDiffers: Option<bool> = $it.other_calendar_differs($context);
            $($own)*
        });
    };
}

/// Organisations: what all have, without their posts.
macro_rules! organisation {
    ($type:ty, |$it:ident, $context:ident| { $($own:tt)* }) => {
        body!($type, |$it, $context| {
            mappaAreas: Planned<Vec<MappaArea>> = $it.mappa_areas($context);
            predecessors: Planned<Vec<OrganisationValue>> = $it.predecessors($context);
            successors: Planned<Vec<OrganisationValue>> = $it.successors($context);
            version: i32 = $it.version($context);
            mailboxes: Planned<Vec<Mailbox>> = $it.mailboxes($context);
            $($own)*
        });
    };
}

/// Connections with their edges.
macro_rules! pages {
    ($($connection:ident, $edge:ident, $node:ty;)+) => { $(
        shape!($connection, |it, context| {
            edges: Planned<Vec<$edge>> = it.edges();
            nodes: Planned<Vec<$node>> = it.nodes();
            pageInfo: PageInfo = it.page_info();
            view: ViewAsked = it.view(context);
            totalCount: i32 = it.total_count();
        });

        shape!($edge, |it, context| {
            cursor: String = it.cursor;
            node: $node = it.node;
        });
    )+ };
}

// What many others use.

shape!(ViewAsked, |it, context| {
    on: LocalDate = it.on;
    calendar: CalendarName = it.calendar;
    knownVersion: i32 = it.known_version;
    directoryVersion: i32 = it.directory_version;
});

shape!(Period, |it, context| {
    from: Option<LocalDate> = it.from;
    until: Option<LocalDate> = it.until;
    lastDay: Option<LocalDate> = it.last_day;
});

shape!(Source, |it, context| {
    key: String = it.key;
    title: String = it.title;
    location: String = it.location;
});

shape!(Citation, |it, context| {
    sources: Vec<Source> = it.sources;
    basis: Basis = it.basis;
    note: Option<String> = it.note;
});

shape!(CodeOfScheme, |it, context| {
    scheme: String = it.scheme;
    value: String = it.value;
    period: Period = it.period;
    inForce: bool = it.in_force;
});

shape!(DatedName, |it, context| {
    name: String = it.name;
    usage: Usage = it.usage;
    period: Period = it.period;
    inForce: bool = it.in_force;
    citation: Citation = it.citation;
});

shape!(Statement, |it, context| {
    field: String = it.field;
    value: String = it.value;
    used: StatementUse = it.used;
    citation: Citation = it.citation;
});

shape!(Mailbox, |it, context| {
    purpose: MailboxPurpose = it.purpose;
    address: String = it.address;
    period: Period = it.period;
    citation: Citation = it.citation;
});

shape!(PageInfo, |it, context| {
    hasNextPage: bool = it.has_next_page;
    hasPreviousPage: bool = it.has_previous_page;
    startCursor: Option<String> = it.start_cursor;
    endCursor: Option<String> = it.end_cursor;
});

// Areas and authorities.

body!(MappaArea, |it, context| {
    probationTrust: Option<Planned<ProbationTrust>> = it.probation_trust(context);
    npsDivision: Option<Planned<NpsDivision>> = it.nps_division(context);
    contractPackageArea: Option<Planned<ContractPackageArea>> = it.contract_package_area(context);
    crc: Option<Planned<CommunityRehabilitationCompany>> = it.crc(context);
    region: Option<Planned<ProbationRegion>> = it.region(context);
    policeForces: Planned<Vec<PoliceForce>> = it.police_forces(context);
    inCharge: Planned<Vec<OrganisationValue>> = it.in_charge(context);
    inChargeState: RecordState = it.in_charge_state(context);
    localAuthorities: Planned<Vec<LocalAuthority>> = it.local_authorities(context);
    board: Option<Planned<Board>> = it.board(context);
});

body!(ContractPackageArea, |it, context| {
    mappaAreas: Planned<Vec<MappaArea>> = it.mappa_areas(context);
    npsDivision: Option<Planned<NpsDivision>> = it.nps_division(context);
    crc: Option<Planned<CommunityRehabilitationCompany>> = it.crc(context);
});

shape!(Board, |it, context| {
    id: ID = it.id(context);
    view: ViewAsked = it.view(context);
    slug: &str = it.slug(context);
    version: i32 = it.version(context);
    name: Option<&str> = it.name(context);
    mappaArea: Planned<MappaArea> = it.mappa_area();
    period: Option<Period> = it.period(context);
    inForce: Option<bool> = it.in_force(context);
    citation: Option<Citation> = it.citation(context);
    isExample: bool = it.is_example(context);
    confirmedOn: Option<LocalDate> = it.confirmed_on(context);
    mailboxes: Planned<Vec<Mailbox>> = it.mailboxes(context);
});

shape!(County, |it, context| {
    code: String = it.code;
    name: String = it.name;
});

shape!(LocalAuthority, |it, context| {
    id: ID = it.id(context);
    view: ViewAsked = it.view(context);
    code: &str = it.code(context);
    name: &str = it.name(context);
    welshName: Option<&str> = it.welsh_name(context);
    kind: &str = it.kind(context);
    country: &str = it.country(context);
    county: Option<County> = it.county(context);
    mappaArea: Option<Planned<MappaArea>> = it.mappa_area(context);
    policeForce: Option<Planned<PoliceForce>> = it.police_force(context);
    period: Option<Period> = it.period(context);
    inForce: Option<bool> = it.in_force(context);
    successor: Option<Planned<LocalAuthority>> = it.successor(context);
    predecessors: Planned<Vec<LocalAuthority>> = it.predecessors(context);
    citation: Option<Citation> = it.citation(context);
});

// Organisations.

organisation!(PoliceForce, |it, context| {});
organisation!(ProbationTrust, |it, context| {});
organisation!(ProbationRegion, |it, context| {});
organisation!(NationalBody, |it, context| {});

organisation!(Agency, |it, context| {
    isExample: bool = it.is_example(context);
});

organisation!(NpsDivision, |it, context| {
    contractPackageAreas: Planned<Vec<ContractPackageArea>> = it.contract_package_areas(context);
});

organisation!(CommunityRehabilitationCompany, |it, context| {
    contractPackageArea: Option<Planned<ContractPackageArea>> = it.contract_package_area(context);
    owner: Option<Planned<Ownership>> = it.owner(context);
    owners: Planned<Vec<Ownership>> = it.owners(context);
});

organisation!(CompanyOwner, |it, context| {
    companies: Planned<Vec<CommunityRehabilitationCompany>> = it.companies(context);
});

shape!(Ownership, |it, context| {
    company: CommunityRehabilitationCompany = it.company;
    owner: CompanyOwner = it.owner;
    partners: Option<String> = it.partners;
    period: Period = it.period;
    inForce: bool = it.in_force;
    citation: Citation = it.citation;
});

interface!(
    OrganisationValue: PoliceForce,
    ProbationTrust,
    NpsDivision,
    CommunityRehabilitationCompany,
    CompanyOwner,
    ProbationRegion,
    NationalBody,
    Agency,
);

interface!(
    NodeValue: MappaArea,
    ProbationTrust,
    NpsDivision,
    ContractPackageArea,
    CommunityRehabilitationCompany,
    CompanyOwner,
    LocalAuthority,
    PoliceForce,
    ProbationRegion,
    NationalBody,
    Agency,
    Board;
    not Person, Seat, Change
);

pages! {
    MappaAreaConnection, MappaAreaEdge, MappaArea;
    ProbationTrustConnection, ProbationTrustEdge, ProbationTrust;
    NpsDivisionConnection, NpsDivisionEdge, NpsDivision;
    ContractPackageAreaConnection, ContractPackageAreaEdge, ContractPackageArea;
    CommunityRehabilitationCompanyConnection, CommunityRehabilitationCompanyEdge, CommunityRehabilitationCompany;
    LocalAuthorityConnection, LocalAuthorityEdge, LocalAuthority;
    PoliceForceConnection, PoliceForceEdge, PoliceForce;
    ProbationRegionConnection, ProbationRegionEdge, ProbationRegion;
    NationalBodyConnection, NationalBodyEdge, NationalBody;
    AgencyConnection, AgencyEdge, Agency;
    BoardConnection, BoardEdge, Board;
}

// Places.

shape!(PlaceCandidate, |it, context| {
    mappaArea: MappaArea = it.mappa_area;
    localAuthority: Option<LocalAuthority> = it.local_authority;
});

shape!(Problem, |it, context| {
    code: ProblemCode = it.code;
    message: String = it.message;
    field: String = it.field;
    remedy: String = it.remedy;
    candidates: Vec<PlaceCandidate> = it.candidates;
    rule: Option<Rule> = it.rule;
});

shape!(PlaceAnswer, |it, context| {
    index: i32 = it.index();
    on: LocalDate = it.on();
    calendar: CalendarName = it.calendar();
    directoryVersion: i32 = it.directory_version(context);
    knownVersion: i32 = it.known_version(context);
    mappaArea: Option<Planned<MappaArea>> = it.mappa_area();
    probationTrust: Option<Planned<ProbationTrust>> = it.probation_trust(context);
    npsDivision: Option<Planned<NpsDivision>> = it.nps_division(context);
    contractPackageArea: Option<Planned<ContractPackageArea>> = it.contract_package_area(context);
    crc: Option<Planned<CommunityRehabilitationCompany>> = it.crc(context);
    region: Option<Planned<ProbationRegion>> = it.region(context);
    localAuthority: Option<Planned<LocalAuthority>> = it.local_authority();
    policeForces: Planned<Vec<PoliceForce>> = it.police_forces();
    inCharge: Planned<Vec<OrganisationValue>> = it.in_charge(context);
    inChargeState: Option<RecordState> = it.in_charge_state(context);
    precision: Option<PlacePrecision> = it.precision();
    otherCalendarDiffers: Option<bool> = it.other_calendar_differs(context);
    problems: Planned<Vec<Problem>> = it.problems();
});

// Cases.

shape!(Rule, |it, context| {
    id: &str = it.id();
    table: &str = it.table();
    kind: Option<RuleKind> = it.kind();
    title: &str = it.title();
    source: &str = it.source();
    basis: Basis = it.basis();
    from: Option<LocalDate> = it.from();
    until: Option<LocalDate> = it.until();
    examples: Vec<&str> = it.examples(context);
});

shape!(Finding, |it, context| {
    rule: Rule = it.rule;
    verdict: Verdict = it.verdict;
    severity: Severity = it.severity;
    because: String = it.because;
    missing: Vec<String> = it.missing;
    since: Option<LocalDate> = it.since;
});

shape!(ManagingBody, |it, context| {
    kind: ManagingBodyKind = it.kind();
    name: &str = it.name();
    precision: BodyPrecision = it.precision();
    organisation: Option<Planned<OrganisationValue>> = it.organisation(context);
    contact: Option<&str> = it.contact(context);
});

shape!(PendingMove, |it, context| {
    to: ManagingBody = it.to;
    decidedBy: Option<Rule> = it.decided_by;
    kind: PendingMoveKind = it.kind;
});

shape!(MappaArrangements, |it, context| {
    board: Option<Board> = it.board;
    leadAgency: LeadAgency = it.lead_agency;
    level: Option<MappaLevel> = it.level;
    meeting: Option<MappaMeeting> = it.meeting;
    chair: Option<String> = it.chair;
    identification: Option<String> = it.identification;
    informationSharing: Option<String> = it.information_sharing;
    referral: Option<String> = it.referral;
});

shape!(FactChange, |it, context| {
    field: String = it.field;
    from: Option<String> = it.from;
    to: String = it.to;
});

shape!(Alternative, |it, context| {
    change: FactChange = it.change;
    outcome: RoutingOutcome = it.outcome;
    manager: Option<ManagingBody> = it.manager;
    decidedBy: Option<Rule> = it.decided_by;
});

shape!(ChangeEvent, |it, context| {
    slug: String = it.slug;
    on: LocalDate = it.on;
    title: String = it.title;
    source: String = it.source;
    basis: Basis = it.basis;
});

shape!(RoutingAnswer, |it, context| {
    index: i32 = it.index();
    on: LocalDate = it.on();
    calendar: CalendarName = it.calendar();
    directoryVersion: i32 = it.directory_version(context);
    knownVersion: i32 = it.known_version(context);
    rulesVersion: &str = RoutingAnswer::rules_version();
    outcome: RoutingOutcome = it.outcome();
    explanation: String = it.explanation();
    manager: Option<ManagingBody> = it.manager();
    pending: Option<PendingMove> = it.pending(context);
    mappaArea: Option<Planned<MappaArea>> = it.mappa_area();
    mappa: Option<MappaArrangements> = it.mappa(context);
    courtAdvice: Option<ManagingBody> = it.court_advice(context);
    initialAssessment: Option<ManagingBody> = it.initial_assessment(context);
    allocation: Option<ManagingBody> = it.allocation(context);
    escalationReview: Option<ManagingBody> = it.escalation_review(context);
    enforcement: Option<ManagingBody> = it.enforcement(context);
    interventions: Vec<ManagingBody> = it.interventions(context);
    decidedBy: Option<Finding> = it.decided_by(context);
    placedBy: Option<Finding> = it.placed_by(context);
    alsoHolds: Planned<Vec<Finding>> = it.also_holds(context);
    considered: Planned<Vec<Finding>> = it.considered(context);
    warnings: Planned<Vec<Finding>> = it.warnings(context);
    alternatives: Planned<Vec<Alternative>> = it.alternatives(context);
    problems: Planned<Vec<Problem>> = it.problems(context);
    otherCalendarDiffers: Option<bool> = it.other_calendar_differs(context);
    eventsSincePrevious: Vec<ChangeEvent> = it.events_since_previous();
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::SCHEMA;
    use crate::graphql::scalar::Scalar;
    use juniper::macros::reflect::{BaseType, Fields};
    use std::collections::BTreeSet;

    /// Fields without a writer, of one type where it is named, and types without a shape. Whatever else is new in the schema gets one or is named here.
    const NO_WRITER: [&str; 24] = [
        "annualReports",
        "approvals",
        "areAgenciesComplete",
        "businessPlans",
        "Board.chair",
        "chairState",
        "confirmations",
        "deputyChairs",
        "duties",
        "expiring",
        "findings",
        "findingsWithheld",
        "history",
        "kindCoverage",
        "layAdvisers",
        "meetings",
        "meetingsRecordedFrom",
        "memoranda",
        "posts",
        "representation",
        "reviews",
        "seats",
        "subjects",
        "vacancies",
    ];
    const NO_SHAPE: [&str; 24] = [
        "AgencyDuty",
        "AnnualReport",
        "BoardDocument",
        "BoardMeeting",
        "BoardReview",
        "CellError",
        "ChangedBody",
        "ChangedFact",
        "ChangedGrant",
        "ChangedKey",
        "DirectoryCheck",
        "DirectoryCounts",
        "DirectoryStatus",
        "GovernanceReport",
        "GovernanceRow",
        "GovernanceTurn",
        "ImportLine",
        "KeyChangePayload",
        "Mutation",
        "Post",
        "PostHolder",
        "Query",
        "SeatAttendance",
        "UserError",
    ];
    /// Types whose fields hang on who asks: these never get a shape.
    const HANGS_ON_CALLER: [&str; 24] = [
        "BoardChangePayload",
        "Caller",
        "Change",
        "ChangeConnection",
        "ChangeEdge",
        "Confirmation",
        "Declaration",
        "ExpiringTerm",
        "FindingChange",
        "FindingSubject",
        "ImportBoardMembersPayload",
        "KindCoverage",
        "OfficeHolder",
        "OrganisationChangePayload",
        "Person",
        "PersonChangePayload",
        "PersonConnection",
        "PersonEdge",
        "PersonName",
        "RecordedRow",
        "Representation",
        "Seat",
        "SeatDeputy",
        "SeatHolder",
    ];

    fn check<T: Shape + Fields<Scalar>>(seen: &mut BTreeSet<&'static str>) {
        let name = <T as BaseType<Scalar>>::NAME;
        seen.insert(name);
        let written: BTreeSet<&str> = T::FIELDS.iter().map(|field| field.name).collect();
        let has_writer = |field: &&str| {
            !NO_WRITER.contains(field) && !NO_WRITER.contains(&format!("{name}.{field}").as_str())
        };
        let fields: BTreeSet<&str> =
            <T as Fields<Scalar>>::NAMES.iter().copied().filter(has_writer).collect();
        assert_eq!(written, fields, "{name}");
        assert_eq!(written.len(), T::FIELDS.len(), "{name} has a field twice");
    }

    macro_rules! check_all {
        ($($type:ty),+ $(,)?) => {{
            let mut seen = BTreeSet::new();
            $(check::<$type>(&mut seen);)+
            seen
        }};
    }

    #[test]
    fn every_field_of_every_type_has_a_writer_or_is_named_as_one_without() {
        let seen = check_all!(
            ViewAsked,
            Period,
            Source,
            Citation,
            CodeOfScheme,
            DatedName,
            Statement,
            Mailbox,
            PageInfo,
            MappaArea,
            ContractPackageArea,
            Board,
            County,
            LocalAuthority,
            PoliceForce,
            ProbationTrust,
            ProbationRegion,
            NationalBody,
            NpsDivision,
            CommunityRehabilitationCompany,
            CompanyOwner,
            Ownership,
            PlaceCandidate,
            Problem,
            PlaceAnswer,
            Rule,
            Finding,
            ManagingBody,
            PendingMove,
            MappaArrangements,
            FactChange,
            Alternative,
            ChangeEvent,
            RoutingAnswer,
            MappaAreaConnection,
            MappaAreaEdge,
            ProbationTrustConnection,
            ProbationTrustEdge,
            NpsDivisionConnection,
            NpsDivisionEdge,
            ContractPackageAreaConnection,
            ContractPackageAreaEdge,
            CommunityRehabilitationCompanyConnection,
            CommunityRehabilitationCompanyEdge,
            LocalAuthorityConnection,
            LocalAuthorityEdge,
            PoliceForceConnection,
            PoliceForceEdge,
            ProbationRegionConnection,
            ProbationRegionEdge,
            NationalBodyConnection,
            NationalBodyEdge,
            Agency,
            AgencyConnection,
            AgencyEdge,
            BoardConnection,
            BoardEdge
        );
        for of in SCHEMA.schema.concrete_type_list() {
            if let (juniper::meta::MetaType::Object(_), Some(name)) = (of, of.name()) {
                let is_named = |names: &[&str]| names.contains(&name.as_str());
                let is_known = name.starts_with('_') || is_named(&NO_SHAPE) || is_named(&HANGS_ON_CALLER);
                assert_ne!(is_known, seen.contains(name.as_str()), "{name}");
            }
        }
    }
}
