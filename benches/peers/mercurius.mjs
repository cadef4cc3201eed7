// The areas from memory by Mercurius with its compiler on: as fast as a GraphQL server on Node is known to be.
//
// It is given less to do than the service: one day, one calendar, no limits, no prices, no log. Fields and types are
// called what they are called there, so that both are sent the same bytes and must answer the same `data`.
//
// Usage: node mercurius.mjs AREAS.json

import fastify from "fastify";
import mercurius from "mercurius";
import { answersAt, areas, kinds } from "./support.mjs";

const schema = `
  type Query { mappaAreas(first: Int): MappaAreaConnection! }
  type MappaAreaConnection { nodes: [MappaArea!]! }
  type MappaArea {
    slug: String!
    name: String!
    probationTrust: ProbationTrust
    npsDivision: NpsDivision
    crc: CommunityRehabilitationCompany
  }
  type ProbationTrust { slug: String! name: String! period: Period }
  type NpsDivision { slug: String! name: String! period: Period }
  type CommunityRehabilitationCompany { slug: String! name: String! period: Period }
  type Period { from: String! lastDay: String }
`;

// A body that covers several areas is one object, as it would be in any program that keeps such a map.
const known = new Map();
for (const area of areas) {
  for (const kind of Object.keys(kinds)) {
    const key = kind + JSON.stringify(area[kind]);
    if (!known.has(key)) known.set(key, area[kind]);
    area[kind] = known.get(key);
  }
}

const resolvers = {
  Query: { mappaAreas: (_, { first }) => ({ nodes: first < areas.length ? areas.slice(0, first) : areas }) },
};

const app = fastify();
await app.register(mercurius, { schema, resolvers, jit: 1 });
await app.listen({ host: "127.0.0.1", port: 0 });
answersAt(app.server.address().port);
