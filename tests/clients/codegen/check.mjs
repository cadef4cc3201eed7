// Runs the program in main.ts, compiled, against the service.

import assert from "node:assert/strict";
import { assertNorthWestManages, assertSefton, endpoint, highRisk, ok } from "../support.mjs";
import { areasOf, locate, managers, route } from "./built/main.js";

assertSefton(await locate(endpoint, "Sefton", "2014-11-01"));
assertNorthWestManages(await route(endpoint, highRisk));
const named = await managers(endpoint, highRisk, ["2014-03-31", "2014-11-01"]);
assert.deepEqual(named, ["Merseyside Probation Trust", "North West"]);
const areas = await areasOf(endpoint, "north-east");
assert.equal(areas.length, 9);
assert.ok(areas.includes("Lincolnshire"));
assert.equal(areas.at(-1), areas[0]);
ok("the program with types by graphql-codegen locates, routes, compares and lists");
