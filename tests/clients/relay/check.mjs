// Asks what the Relay compiler made of areas.js: the first page of a connection, the page behind it by its cursor, one of
// its objects again by its id, and a case.

import assert from "node:assert/strict";
import { assertNorthWestManages, endpoint, highRisk, ok } from "../support.mjs";

async function ask(name, variables) {
  const { default: request } = await import(`./__generated__/${name}.graphql.js`);
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json" },
    body: JSON.stringify({ query: request.params.text, operationName: name, variables }),
  });
  const answer = await response.json();
  assert.equal(response.status, 200, JSON.stringify(answer));
  assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
  return answer.data;
}

const wanted = { filter: { npsDivision: "north-east" }, on: "2014-05-01" };
const seen = [];
let page = (await ask("areasPageQuery", wanted)).mappaAreas;
assert.equal(page.totalCount, 8);
let area = page.edges[0].node;
for (;;) {
  seen.push(...page.edges.map((edge) => edge.node.slug));
  if (!page.pageInfo.hasNextPage) break;
  assert.equal(page.edges.length, 3);
  page = (await ask("areasListQuery", { ...wanted, first: 3, after: page.pageInfo.endCursor })).mappaAreas;
}
assert.equal(new Set(seen).size, 8);
assert.ok(seen.includes("lincolnshire"));
ok("what the Relay compiler makes reads a connection to its end");

const again = (await ask("areasRowQuery", { id: area.id })).node;
assert.equal(again.id, area.id);
assert.equal(again.slug, area.slug);
assert.deepEqual(again.inCharge, area.inCharge);
ok("what the Relay compiler makes fetches an object again by its id, in the same view");

assertNorthWestManages((await ask("areasRouteQuery", { case: highRisk })).route);
ok("what the Relay compiler makes routes a case");
