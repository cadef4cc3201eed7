//! A client by `graphql_client`: look-ups and a case, typed by the published schema, against a running service.
//!
//! It speaks plain HTTP with one request a connection; what TLS, time-outs and a pool need is left to real clients.

use graphql_client::{GraphQLQuery, Response};
use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpStream;

/// A day, as `YYYY-MM-DD`.
type LocalDate = String;
/// An instant.
type DateTime = String;
/// An `ID` among variables, as the derive spells it.
type Id = String;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../../../graphql/schema.graphql",
    query_path = "../../../graphql/operations/Locate.graphql",
    response_derives = "Debug",
    normalization = "rust",
    skip_serializing_none
)]
struct Locate;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../../../graphql/schema.graphql",
    query_path = "../../../graphql/operations/AreaOnADay.graphql",
    response_derives = "Debug",
    normalization = "rust",
    skip_serializing_none
)]
struct AreaOnADay;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../../../graphql/schema.graphql",
    query_path = "../../../graphql/operations/Objects.graphql",
    response_derives = "Debug",
    normalization = "rust",
    skip_serializing_none
)]
struct Objects;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../../../graphql/schema.graphql",
    query_path = "../../../graphql/operations/Route.graphql",
    response_derives = "Debug, PartialEq",
    normalization = "rust",
    skip_serializing_none
)]
struct Route;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// `http://HOST:PORT/PATH`, taken apart.
struct Endpoint {
    host: String,
    path: String,
}

impl Endpoint {
    fn new(address: &str) -> Outcome<Endpoint> {
        let rest = address.strip_prefix("http://").ok_or("the endpoint is no plain HTTP")?;
        let (host, path) = rest.split_once('/').ok_or("the endpoint has no path")?;
        Ok(Endpoint { host: host.to_owned(), path: format!("/{path}") })
    }

    /// Asks by POST; an error of GraphQL is an error here.
    fn ask<Q: GraphQLQuery>(&self, variables: Q::Variables) -> Outcome<Q::ResponseData> {
        let body = serde_json::to_string(&Q::build_query(variables))?;
        let answer: Response<Q::ResponseData> = serde_json::from_str(&self.post(&body)?)?;
        match (answer.data, answer.errors) {
            (Some(data), None) => Ok(data),
            (_, errors) => Err(format!("the answer has errors: {errors:?}").into()),
        }
    }

    fn post(&self, body: &str) -> Outcome<String> {
        let mut connection = TcpStream::connect(&self.host)?;
        write!(
            connection,
            "POST {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Accept: application/graphql-response+json\r\nContent-Length: {}\r\n\r\n{body}",
            self.path,
            self.host,
            body.len()
        )?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer of HTTP")?;
        if head.starts_with("HTTP/1.1 200 ") { Ok(body.to_owned()) } else { Err(answer.into()) }
    }
}

fn main() -> Outcome<()> {
    let address =
        std::env::args().nth(1).ok_or("usage: probation-directory-client http://HOST:PORT/graphql")?;
    let endpoint = Endpoint::new(&address)?;
    locates_sefton(&endpoint)?;
    tells_calendars_apart(&endpoint)?;
    routes_a_case(&endpoint)?;
    Ok(())
}

fn locates_sefton(endpoint: &Endpoint) -> Outcome<()> {
    let answer = endpoint
        .ask::<Locate>(locate::Variables {
            place: locate::PlaceInput::Name("Sefton".to_owned()),
            on: Some("2014-11-01".to_owned()),
            calendar: None,
            known_at: None,
        })?
        .locate;
    let trust = answer.probation_trust.ok_or("no trust")?;
    assert_eq!(answer.mappa_area.ok_or("no area")?.name, "Merseyside");
    assert_eq!(trust.official_name, "Merseyside Probation Trust");
    assert_eq!(trust.in_force, Some(false));
    assert_eq!(answer.nps_division.ok_or("no division")?.name, "North West");
    assert_eq!(answer.local_authority.ok_or("no authority")?.code, "E08000014");
    println!("ok: graphql_client locates Sefton");
    Ok(())
}

fn tells_calendars_apart(endpoint: &Endpoint) -> Outcome<()> {
    let area = |calendar| -> Outcome<_> {
        let data = endpoint.ask::<AreaOnADay>(area_on_a_day::Variables {
            slug: "lincolnshire".to_owned(),
            on: Some("2014-05-01".to_owned()),
            calendar: Some(calendar),
            known_at: None,
        })?;
        Ok(data.mappa_area.ok_or("no area")?)
    };
    let published = area(area_on_a_day::Calendar::Published)?;
    let operational = area(area_on_a_day::Calendar::Operational)?;
    let names: Vec<&str> = operational.in_charge.iter().map(|body| body.name.as_str()).collect();
    assert_eq!(names, ["Lincolnshire"]);
    assert_eq!(published.in_charge.len(), 2);

    let ids = vec![published.id.clone(), operational.id.clone()];
    let objects =
        endpoint.ask::<Objects>(objects::Variables { one: published.id.clone(), many: ids.clone() })?;
    let again: Vec<String> = objects.nodes.into_iter().flatten().map(|node| node.id).collect();
    assert_eq!(again, ids);
    println!("ok: graphql_client tells the calendars apart, and asks for objects again by their ids");
    Ok(())
}

fn routes_a_case(endpoint: &Endpoint) -> Outcome<()> {
    use route::{
        CaseInput, MappaCategory, PlaceInput, ResidenceInput, RiskOfSeriousHarm, RoutingOutcome, Supervision,
    };

    let case = CaseInput {
        on: "2014-11-01".to_owned(),
        residence: Some(ResidenceInput::Place(PlaceInput::Name("Sefton".to_owned()))),
        age: Some(34),
        supervision: Some(Supervision::CommunityOrder),
        risk_of_serious_harm: Some(RiskOfSeriousHarm::High),
        mappa_category: Some(MappaCategory::NotEligible),
        calendar: None,
        sentenced_in: None,
        at_court: None,
        transfer: None,
        sentence_months: None,
        mappa_level: None,
        registered_sexual_offender: None,
        rsr_percent: None,
        escalation: None,
        managed_by_nps_earlier_in_sentence: None,
        liable_to_deportation: None,
        terrorism: None,
        public_interest: None,
        most_serious_offence: None,
    };
    let answer = endpoint.ask::<Route>(route::Variables { case })?.route;
    assert_eq!(answer.outcome, RoutingOutcome::Managed);
    assert_eq!(answer.manager.ok_or("no manager")?.name, "North West");
    assert_eq!(answer.decided_by.ok_or("no rule")?.rule.id, "R-20");
    println!("ok: graphql_client routes a case");
    Ok(())
}
