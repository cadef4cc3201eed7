// What the checks share: where the service is, the published operations, and known facts.
// What a client has to do with them stands in the file of that client.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";

/** The endpoint, from the command line: every check is started by tests/drills/clients.sh. */
export const endpoint = process.argv[2];

const published = new URL("../../graphql/", import.meta.url);

/** The text of a published operation. */
export const operation = (name) => readFileSync(new URL(`operations/${name}.graphql`, published), "utf8");

/** The names of the published operations. */
export const operations = () => readdirSync(new URL("operations/", published)).map((file) => file.replace(/\.graphql$/, ""));

/** The published schema. */
export const schema = () => readFileSync(new URL("schema.graphql", published), "utf8");

/** A case that the risk of serious harm alone sends to the division. */
export const highRisk = {
  on: "2014-11-01",
  residence: { place: { name: "Sefton" } },
  age: 34,
  supervision: "COMMUNITY_ORDER",
  riskOfSeriousHarm: "HIGH",
  mappaCategory: "NOT_ELIGIBLE",
};

/** Every published operation, asked on the days on which answers differ, on both calendars. */
export function questions() {
  const views = ["2010-04-01", "2014-03-31", "2014-05-01", "2014-11-01", "2019-03-01", "2023-01-01"].flatMap((on) =>
    ["PUBLISHED", "OPERATIONAL"].map((calendar) => ({ on, calendar })),
  );
  const inEveryView = (name, variables) => views.map((view) => ({ name, variables: { ...variables, ...view } }));
  return [
    ...["merseyside", "lincolnshire", "gwent"].flatMap((slug) => inEveryView("AreaOnADay", { slug })),
    ...["north-west", "north-east"].flatMap((npsDivision) => inEveryView("Areas", { filter: { npsDivision }, first: 20 })),
    ...["Sefton", "Lincolnshire", "Wales"].flatMap((name) => inEveryView("Locate", { place: { name } })),
    ...inEveryView("LocateMany", { places: [{ localAuthority: "E08000014" }, { policeForce: "kent-police" }] }),
    ...inEveryView("Company", { slug: "wales" }),
    ...views.flatMap(({ on }) => [
      { name: "Divisions", variables: { on } },
      { name: "Lists", variables: { on } },
      { name: "LocalAuthority", variables: { code: "E07000190", on } },
      { name: "Route", variables: { case: { ...highRisk, on } } },
    ]),
    ...inEveryView("Board", { area: "merseyside" }),
    ...inEveryView("GovernanceReport", {}),
    { name: "Directory", variables: {} },
    { name: "Changes", variables: { after: 0, first: 10 } },
    { name: "Succession", variables: { slug: "merseyside" } },
    {
      name: "Single",
      variables: { force: "merseyside-police", packageArea: "merseyside", division: "north-west", region: "north-west" },
    },
    { name: "CompareRouting", variables: { case: highRisk, dates: ["2014-03-31", "2014-04-01", "2014-11-01"] } },
  ];
}

/** What covers Sefton on the day the trusts had just ended, by the operation Locate. */
export function assertSefton(answer) {
  assert.equal(answer.on, "2014-11-01");
  assert.equal(answer.calendar, "PUBLISHED");
  assert.equal(answer.localAuthority.code, "E08000014");
  assert.equal(answer.mappaArea.name, "Merseyside");
  assert.deepEqual(answer.policeForces.map((force) => force.name), ["Merseyside Police"]);
  assert.equal(answer.probationTrust.officialName, "Merseyside Probation Trust");
  assert.equal(answer.probationTrust.inForce, false);
  assert.equal(answer.npsDivision.name, "North West");
  assert.equal(answer.npsDivision.inForce, true);
  assert.equal(answer.crc.officialName, "The Merseyside Community Rehabilitation Company Limited");
  assert.deepEqual(answer.problems, []);
}

/** Who manages the case above, by the operation Route. */
export function assertNorthWestManages(answer) {
  assert.equal(answer.outcome, "MANAGED");
  assert.equal(answer.manager.kind, "NPS_DIVISION");
  assert.equal(answer.manager.name, "North West");
  assert.equal(answer.mappaArea.name, "Merseyside");
  assert.equal(answer.decidedBy.rule.id, "R-20");
  assert.deepEqual(answer.problems, []);
}

/** Says what holds. */
export const ok = (what) => console.log(`ok: ${what}`);
