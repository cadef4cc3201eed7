// Which licences the pinned packages have. They are tools and never part of the program; even so, none is copyleft.

import { readFileSync } from "node:fs";
import { ok } from "./support.mjs";

const allowed = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  // caniuse-lite: a table of data about browsers.
  "CC-BY-4.0",
  "ISC",
  "MIT",
  "(MIT OR Apache-2.0)",
  "(MIT OR CC0-1.0)",
  // argparse: the licence of Python.
  "Python-2.0",
]);

const { packages } = JSON.parse(readFileSync(new URL("package-lock.json", import.meta.url), "utf8"));
const others = Object.entries(packages).filter(([, { license }]) => !allowed.has(license));
if (others.length > 0) {
  for (const [path, { license }] of others) console.error(`FAILED: ${path}: ${license ?? "no licence"}`);
  process.exit(1);
}
ok(`${Object.keys(packages).length - 1} packages, none of them copyleft`);
