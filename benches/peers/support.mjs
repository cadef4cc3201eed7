// What both peers do alike: they read the areas that the service gave, listen on a free port, and end with whoever
// started them.
//
// What is asked and how often is left to the load client in Rust.

import { readFileSync } from "node:fs";

// The areas as the service answered them: the first argument names the file with that answer.
export const areas = JSON.parse(readFileSync(process.argv[2], "utf8")).data.mappaAreas.nodes;

// The kinds of bodies that cover an area, by the field that gives them.
export const kinds = { probationTrust: "probation_trust", npsDivision: "nps_division", crc: "crc" };

export function answersAt(port) {
  console.log(`answers at http://127.0.0.1:${port}/graphql`);
}

// A load client that was killed cannot stop what it started, but its end of this pipe is closed all the same.
process.stdin.on("end", () => process.exit(0)).resume();
