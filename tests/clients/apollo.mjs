// Apollo Client with its cache, as a web page would use it: look-ups, a case, errors, and a cache that keeps objects by
// their id and never mixes two days.

import assert from "node:assert/strict";
import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache, ServerError, gql } from "@apollo/client/core";
import { buildSchema, isInterfaceType } from "graphql";
import { assertNorthWestManages, assertSefton, endpoint, highRisk, ok, operation, operations, questions, schema } from "./support.mjs";

/** Which types an interface has; a cache cannot know it by itself. */
function possibleTypes() {
  const built = buildSchema(schema());
  const interfaces = Object.values(built.getTypeMap()).filter(isInterfaceType);
  return Object.fromEntries(
    interfaces.map((one) => [one.name, built.getPossibleTypes(one).map((type) => type.name)]),
  );
}

const client = (options = {}) =>
  new ApolloClient({
    link: new HttpLink({ uri: endpoint, ...options }),
    cache: new InMemoryCache({ possibleTypes: possibleTypes() }),
  });
const ask = async (of, name, variables) =>
  (await of.query({ query: gql(operation(name)), variables, errorPolicy: "none" })).data;

const apollo = client();
assertSefton((await ask(apollo, "Locate", { place: { name: "Sefton" }, on: "2014-11-01" })).locate);
assertNorthWestManages((await ask(apollo, "Route", { case: highRisk })).route);
ok("Apollo Client locates Sefton, and routes a case by POST");

// One area on two days and calendars: two objects of the cache, each with its own answer.
const onDay = (on, calendar) => ask(apollo, "AreaOnADay", { slug: "lincolnshire", on, calendar });
const published = (await onDay("2014-05-01", "PUBLISHED")).mappaArea;
const operational = (await onDay("2014-05-01", "OPERATIONAL")).mappaArea;
const today = (await onDay("2014-11-01", "PUBLISHED")).mappaArea;
assert.equal(new Set([published.id, operational.id, today.id]).size, 3);
const again = (await onDay("2014-05-01", "PUBLISHED")).mappaArea;
assert.deepEqual(again.inCharge.map((body) => body.name), [
  "North East",
  "Humberside, Lincolnshire and North Yorkshire CRC",
]);
assert.deepEqual(operational.inCharge.map((body) => body.name), ["Lincolnshire"]);

const cached = apollo.cache.extract();
for (const area of [published, operational, today]) {
  assert.equal(cached[`MappaArea:${area.id}`].name, "Lincolnshire");
}
ok("Apollo's cache keeps objects by id, and answers of two days and calendars apart");

// Every question is read back from one cache as it was answered: no two objects share an id, whatever the view, and
// whether an object was asked for by itself or as what covers an area.
const shared = client();
const answers = [];
for (const { name, variables } of questions()) {
  answers.push({ name, variables, data: await ask(shared, name, variables) });
}
for (const { name, variables, data } of answers) {
  const kept = shared.cache.readQuery({ query: gql(operation(name)), variables });
  assert.deepEqual(kept, data, `${name} ${JSON.stringify(variables)}`);
}
// All but Objects, whose ids come from other answers.
assert.equal(new Set(answers.map(({ name }) => name)).size, operations().length - 1);
ok(`Apollo's cache gives ${answers.length} answers back as they were`);

// An object that is in the cache is found there by its id alone, through the interface Node too.
const known = apollo.cache.readFragment({
  id: apollo.cache.identify({ __typename: "MappaArea", id: today.id }),
  fragment: gql`fragment Known on Node { id ... on MappaArea { name } }`,
});
assert.equal(known.name, "Lincolnshire");
const objects = await ask(apollo, "Objects", { one: published.id, many: [operational.id, today.id] });
assert.deepEqual([objects.node, ...objects.nodes].map((node) => node.id), [published.id, operational.id, today.id]);
ok("Apollo Client asks for objects again by their ids");

// Errors keep their code: of a value by 400 and the new media type, of a place as a problem.
const wrong = await ask(client(), "AreaOnADay", { slug: "kent", on: "30 February" }).catch((error) => error);
assert.ok(CombinedGraphQLErrors.is(wrong), String(wrong));
assert.equal(wrong.errors[0].extensions.code, "BAD_USER_INPUT");
const several = (await ask(apollo, "Locate", { place: { name: "Wales" } })).locate;
assert.equal(several.problems[0].code, "AMBIGUOUS_PLACE");
assert.equal(several.problems[0].candidates.length, 4);
ok("Apollo Client is told of a wrong value by code, and of an ambiguous place as an answer");

// By GET: a look-up is answered, a case is refused, since addresses are kept in logs.
const byGet = client({ useGETForQueries: true });
assertSefton((await ask(byGet, "Locate", { place: { name: "Sefton" }, on: "2014-11-01" })).locate);
const refused = await ask(byGet, "Route", { case: highRisk }).catch((error) => error);
assert.ok(ServerError.is(refused) || CombinedGraphQLErrors.is(refused), String(refused));
if (ServerError.is(refused)) assert.equal(refused.statusCode, 405);
ok("Apollo Client looks up by GET; a case by GET is refused");
