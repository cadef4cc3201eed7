// What a page with Relay would write: a list that is read on as a connection, an object that is fetched again by its id,
// and a case. Only the compiler reads this; check.mjs runs what it makes.

import { graphql } from "relay-runtime";

graphql`
  query areasPageQuery($filter: MappaAreaFilter, $on: LocalDate) {
    ...areas_list @arguments(filter: $filter, on: $on)
  }
`;

graphql`
  fragment areas_list on Query
  @refetchable(queryName: "areasListQuery")
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 3 }
    after: { type: "String" }
    filter: { type: "MappaAreaFilter" }
    on: { type: "LocalDate" }
  ) {
    mappaAreas(first: $first, after: $after, filter: $filter, on: $on) @connection(key: "areas_list_mappaAreas") {
      edges {
        node {
          ...areas_row
        }
      }
      totalCount
    }
  }
`;

graphql`
  fragment areas_row on MappaArea @refetchable(queryName: "areasRowQuery") {
    slug
    name
    probationTrust {
      name
    }
    inCharge {
      name
    }
  }
`;

graphql`
  query areasRouteQuery($case: CaseInput!) {
    route(case: $case) {
      outcome
      manager {
        kind
        name
        organisation {
          slug
        }
      }
      mappaArea {
        name
      }
      decidedBy {
        rule {
          id
        }
      }
      problems {
        code
      }
    }
  }
`;
