// The areas from PostgreSQL by PostGraphile, which makes its schema from the tables and one SQL statement from a query.
//
// The tables are made and filled here, in a database of their own: one a kind of body, in the plainest form, with
// the period in the row of the body. Names are such that PostGraphile calls everything what the service calls it.
//
// Usage: PGHOST=... PGUSER=... node postgraphile.mjs AREAS.json

import { PgSimplifyInflectionPreset } from "@graphile/simplify-inflection";
import { createServer } from "node:http";
import pg from "pg";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { answersAt, areas, kinds } from "./support.mjs";

const DATABASE = "peers";

async function withClient(database, work) {
  const client = new pg.Client({ database });
  await client.connect();
  await work(client).finally(() => client.end());
}

const tables = Object.values(kinds);

async function make(client) {
  await client.query(`create type period as ("from" date, last_day date)`);
  for (const table of tables) {
    await client.query(`create table ${table} (
      id int primary key, slug text not null unique, name text not null, period period)`);
  }
  const references = tables.map((table) => `${table}_id int references ${table}`);
  await client.query(`create table mappa_area (
    id int primary key, slug text not null unique, name text not null, ${references.join(", ")})`);
}

async function fill(client) {
  const ids = new Map();
  for (const [field, table] of Object.entries(kinds)) {
    for (const { slug, name, period } of areas.map((area) => area[field])) {
      const key = table + slug;
      if (ids.has(key)) continue;
      ids.set(key, ids.size + 1);
      const values = [ids.get(key), slug, name, period.from, period.lastDay];
      await client.query(`insert into ${table} values ($1, $2, $3, row($4, $5)::period)`, values);
    }
  }
  for (const [at, area] of areas.entries()) {
    const bodies = Object.entries(kinds).map(([field, table]) => ids.get(table + area[field].slug));
    await client.query("insert into mappa_area values ($1, $2, $3, $4, $5, $6)", [at + 1, area.slug, area.name, ...bodies]);
  }
  await client.query("analyze");
}

await withClient("postgres", (client) => client.query(`create database ${DATABASE}`));
await withClient(DATABASE, async (client) => {
  await make(client);
  await fill(client);
});

const instance = postgraphile({
  extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset],
  pgServices: [makePgService({ pool: new pg.Pool({ database: DATABASE }), schemas: ["public"] })],
  grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false },
});
const server = createServer();
await instance.createServ(grafserv).addTo(server);
server.listen({ host: "127.0.0.1", port: 0 }, () => answersAt(server.address().port));
