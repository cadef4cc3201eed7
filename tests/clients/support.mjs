// What the checks share: where the service is, the published operations, and known facts.
// What a client has to do with them stands in the file of that client.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** The endpoint, from the command line: every check is started by tests/drills/clients.sh. */
export const endpoint = process.argv[2];

const published = new URL("../../graphql/", import.meta.url);

/** The text of a published operation. */
export const operation = (name) => readFileSync(new URL(`operations/${name}.graphql`, published), "utf8");

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
