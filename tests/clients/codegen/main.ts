// A program in TypeScript that uses the generated types: it does not compile where the schema, the operations and the
// answers disagree. check.mjs runs it.

import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";
import {
  AreasDocument,
  type CaseInput,
  CompareRoutingDocument,
  LocateDocument,
  type LocateQuery,
  ObjectsDocument,
  RouteDocument,
  type RouteQuery,
} from "./generated.js";

async function ask<Data, Variables>(
  endpoint: string,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json" },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const answer = (await response.json()) as { data?: Data; errors?: { message: string }[] };
  if (answer.data === undefined || answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

export async function locate(endpoint: string, name: string, on: string): Promise<LocateQuery["locate"]> {
  return (await ask(endpoint, LocateDocument, { place: { name }, on, calendar: "PUBLISHED" })).locate;
}

export async function route(endpoint: string, facts: CaseInput): Promise<RouteQuery["route"]> {
  return (await ask(endpoint, RouteDocument, { case: facts })).route;
}

/** Who would manage on each of the days; a day on which nobody does is null. */
export async function managers(endpoint: string, facts: CaseInput, dates: string[]): Promise<(string | null)[]> {
  const answers = await ask(endpoint, CompareRoutingDocument, { case: facts, dates });
  return answers.compareRouting.map((answer) => answer.manager?.name ?? null);
}

/** The names of the areas of a division, then the first of them again by its id. */
export async function areasOf(endpoint: string, npsDivision: string): Promise<string[]> {
  const { mappaAreas } = await ask(endpoint, AreasDocument, { filter: { npsDivision }, first: 20 });
  const first = mappaAreas.nodes[0];
  if (!first) return [];
  const { node } = await ask(endpoint, ObjectsDocument, { one: first.id, many: [] });
  // The type of a node is not known before it is asked: only an area has a name here.
  const again = node && "name" in node ? node.name : null;
  return [...mappaAreas.nodes.map((area) => area.name), again ?? "not found again"];
}
