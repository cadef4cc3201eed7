// urql with its document cache. It asks by GET unless told otherwise, which a case must not be: a client that routes
// cases sets `preferGetMethod: false`.

import assert from "node:assert/strict";
import { Client, cacheExchange, fetchExchange } from "@urql/core";
import { assertNorthWestManages, assertSefton, endpoint, highRisk, ok, operation } from "./support.mjs";

const methods = [];
const client = (options = {}) =>
  new Client({
    url: endpoint,
    exchanges: [cacheExchange, fetchExchange],
    fetch: (address, init) => {
      methods.push(init?.method ?? "GET");
      return fetch(address, init);
    },
    ...options,
  });
const ask = (of, name, variables) => of.query(operation(name), variables).toPromise();
const data = async (...question) => {
  const result = await ask(...question);
  assert.equal(result.error, undefined, String(result.error));
  return result.data;
};

const usual = client();
const sefton = { place: { name: "Sefton" }, on: "2014-11-01" };
assertSefton((await data(usual, "Locate", sefton)).locate);
assertSefton((await data(usual, "Locate", sefton)).locate);
assert.deepEqual(methods, ["GET"]);
const area = (await data(usual, "AreaOnADay", { slug: "merseyside", on: "2014-05-01", calendar: "OPERATIONAL" })).mappaArea;
assert.deepEqual(area.inCharge.map((body) => body.name), ["Merseyside"]);
ok("urql looks up by GET, and the second time from its cache");

const refused = await ask(usual, "Route", { case: highRisk });
assert.equal(refused.error?.response?.status, 405);
assert.equal(refused.error.response.headers.get("allow"), "POST");
ok("urql is refused a case by GET");

const posting = client({ preferGetMethod: false });
assertNorthWestManages((await data(posting, "Route", { case: highRisk })).route);
assert.equal(methods.at(-1), "POST");
const wrong = await ask(posting, "AreaOnADay", { slug: "kent", on: "30 February" });
assert.equal(wrong.error.graphQLErrors[0].extensions.code, "BAD_USER_INPUT");
ok("urql routes a case by POST, and is told of a wrong value by code");
