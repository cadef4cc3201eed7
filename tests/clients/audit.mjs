// The audit of GraphQL over HTTP by graphql-http: every requirement of the specification against the endpoint.
// An error breaks a MUST and a warning a SHOULD; neither is taken. A notice leaves a MAY unused.

import { auditServer } from "graphql-http";
import { endpoint, ok } from "./support.mjs";

/** How many audits the pinned release has: none may go missing. */
const AUDITS = 61;

/** What we may do and do not, by the id of the audit, each with the reason. Everything else has to be ok. */
const declined = new Map();

const results = await auditServer({ url: endpoint });
const counts = { ok: 0, notice: 0, warn: 0, error: 0 };
let faults = 0;
for (const result of results) {
  counts[result.status] += 1;
  if (result.status === "ok") continue;
  const reason = result.status === "notice" && declined.get(result.id);
  if (!reason) faults += 1;
  const standing = reason ? `declined, ${reason}` : `FAILED: ${result.reason}`;
  console.log(`${result.status} ${result.id} ${result.name}: ${standing}`);
}
const told = Object.entries(counts).map(([status, count]) => `${count} ${status}`);
if (faults > 0 || results.length !== AUDITS) {
  console.error(`FAILED: ${results.length} of ${AUDITS} audits: ${told.join(", ")}`);
  process.exit(1);
}
ok(`GraphQL over HTTP, ${results.length} audits: ${told.join(", ")}`);
