// The rules of @graphql-eslint for the published schema (recommended and Relay) and the published operations.
// Every rule of these sets is on. Where one is told more, the reason stands beside it.

import { fileURLToPath } from "node:url";
import graphql from "@graphql-eslint/eslint-plugin";

const { configs, parser } = graphql;
const published = fileURLToPath(new URL("../../graphql/", import.meta.url));

/** Types that are no objects of their own: parts of one, or an answer to one question. */
const valueTypes = [
  // Answers, with the view that they were made in.
  "PlaceAnswer", "PlaceCandidate", "Problem", "RoutingAnswer", "DirectoryStatus", "DirectoryCounts", "DirectoryCheck",
  "View", "PageInfo", "Caller",
  // Parts of an answer about a case.
  "Alternative", "FactChange", "Finding", "ManagingBody", "MappaArrangements", "PendingMove",
  // Parts of an organisation or an area: each is of one view of one object.
  "Citation", "Code", "County", "DatedName", "Mailbox", "Ownership", "Period", "Post", "PostHolder", "Statement",
  // Parts of a board on a day: its rows as they were recorded, and what hangs on a seat.
  "AgencyDuty", "AnnualReport", "BoardDocument", "BoardMeeting", "BoardReview", "Confirmation", "Declaration",
  "ExpiringTerm", "FindingSubject", "KindCoverage", "OfficeHolder", "RecordedRow", "Representation", "SeatAttendance", "SeatDeputy", "SeatHolder",
  // An answer about all boards, and its parts.
  "GovernanceReport", "GovernanceRow", "GovernanceTurn",
  // Of a person: whoever asks may be told more or less of it.
  "PersonName",
  // What a mutation answers, and its parts.
  "BoardChangePayload", "CellError", "FindingChange", "ImportBoardMembersPayload", "ImportLine", "KeyChangePayload",
  "OrganisationChangePayload", "PersonChangePayload", "UserError",
  // Parts of a change.
  "ChangedBody", "ChangedFact", "ChangedGrant", "ChangedKey",
  // Known by a short key of their own, the same in every view: `key`, `slug`, and of a rule its printed id.
  "Source", "ChangeEvent", "Rule",
];

export default [
  {
    files: ["**/*.graphql"],
    languageOptions: {
      parser,
      parserOptions: {
        graphQLConfig: { schema: `${published}schema.graphql`, documents: `${published}operations/*.graphql` },
      },
    },
    plugins: { "@graphql-eslint": graphql },
    linterOptions: { reportUnusedDisableDirectives: "error" },
  },
  {
    files: ["schema.graphql"],
    rules: {
      ...configs["flat/schema-recommended"].rules,
      ...configs["flat/schema-relay"].rules,
      // The schema is printed by the program: a short description on one line, a long one as a block. The rule
      // knows no style that takes both.
      "@graphql-eslint/description-style": "off",
      "@graphql-eslint/strict-id-in-types": [
        "error",
        { exceptions: { types: valueTypes, suffixes: ["Connection", "Edge"] } },
      ],
      // Changes are read forwards only: what comes goes at the end.
      "@graphql-eslint/relay-arguments": ["error", { includeBoth: false }],
      // What can grow is a connection. Lists that history bounds are plain, and say how long they can be.
      "@graphql-eslint/relay-edge-types": ["error", { listTypeCanWrapOnlyEdgeType: false }],
    },
  },
  {
    files: ["operations/*.graphql"],
    rules: {
      ...configs["flat/operations-recommended"].rules,
      "@graphql-eslint/lone-executable-definition": "error",
      "@graphql-eslint/match-document-filename": ["error", { query: "PascalCase" }],
    },
  },
];
