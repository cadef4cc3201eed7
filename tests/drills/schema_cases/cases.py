"""Questions that Schemathesis makes from the published schema, each sent to a running service.

    python cases.py ENDPOINT CASES SEED

Each root field gets about as many as any other, and up to one in five breaks the schema in one place. A sound question
is asked twice: with its arguments as literals, and with the same arguments as variables. Whether an answer is right is
not looked at here: it has to be there in time, in the form that GraphQL over HTTP and the schema ask for, and alike
both times.

The same service, number and seed make the same cases.
"""

import json
import os
import random
import sys
import time
import zlib
from collections import Counter
from importlib import metadata

import graphql
import hypothesis
import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.graphql import nodes

# Seconds in which an answer has to be there: enough for a build without optimisation on a busy machine.
LONGEST = 5
# Root fields with faults after which the rest is left.
MOST_FAULTS = 5
# Of the cases, one in so many has to be answered whole: refusals alone would show little.
LEAST_WHOLE = 3
PLAIN, RESPONSE = "application/json", "application/graphql-response+json"
# What no question may end in, and what only one that breaks the schema may.
OUR_FAULT = {"DOCUMENT_BLOCKED", "INTERNAL"}
BROKEN = {"GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"}

# Licences of the pinned packages, which are tools and never part of the program.
PERMISSIVE = {"Apache-2.0", "Apache-2.0 OR BSD-2-Clause", "BSD-2-Clause", "BSD-3-Clause", "MIT", "PSF-2.0"}
# Copyleft of single files: both are run as they are fetched, and nothing of them is changed or passed on.
OF_FILES = {"certifi": "MPL-2.0", "hypothesis": "MPL-2.0"}
# As some packages write it.
IN_WORDS = {"Apache 2.0": "Apache-2.0"}


class Fault(Exception):
    """An answer is not as it has to be."""


def check(holds, what):
    if not holds:
        raise Fault(what)


def ok(what):
    print(f"ok: {what}", flush=True)


def fail(what):
    print(f"FAILED: {what}", flush=True)
    # Not by an exception: what makes the cases would take it for a fault of the case and try on.
    os._exit(1)


# ---- The packages

def licence(told):
    text = told.get("License-Expression") or (told.get("License") or "").split("\n")[0]
    if not text:
        listed = [value for value in told.get_all("Classifier", []) if value.startswith("License :: ")]
        text = listed[0].rsplit(" :: ", 1)[-1].removesuffix(" License") if listed else "none"
    return IN_WORDS.get(text, text)


def check_licences():
    packages = {package.metadata["Name"]: licence(package.metadata) for package in metadata.distributions()}
    others = {
        name: told for name, told in packages.items() if told not in PERMISSIVE and OF_FILES.get(name) != told
    }
    if others:
        fail(f"licences that are not among those named: {others}")
    ok(f"{len(packages)} packages under permissive licences, but for {' and '.join(OF_FILES)}")


# ---- The service

class Service:
    """The service that is asked, with its schema."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.session = requests.Session()
        self.asked = 0
        self.longest = 0.0
        query = graphql.get_introspection_query(one_of=True)
        self.loaded = schemathesis.graphql.from_url(endpoint, json={"query": query}, timeout=LONGEST)
        self.schema = self.loaded.client_schema

    def ask(self, body, media):
        began = time.monotonic()
        self.asked += 1
        told = f"\n    accept: {media}\n    request: {json.dumps(body)}"
        # Neither is made smaller: one would take as long each time, and after the other everything fails.
        try:
            response = self.session.post(self.endpoint, json=body, headers={"accept": media}, timeout=2 * LONGEST)
        except requests.RequestException as error:
            fail(f"no answer, {error}{told}")
        taken = time.monotonic() - began
        if taken > LONGEST:
            fail(f"an answer took {taken:.1f} s{told}")
        self.longest = max(self.longest, taken)
        return response

    def data(self, query):
        answer = self.ask({"query": query}, PLAIN).json()
        if "errors" in answer:
            fail(f"{query}: {answer}")
        return answer["data"]

    def known(self):
        """What leads somewhere: texts, the first few of every list; of each root field those that its arguments take;
        and the instants that something was recorded at, by name."""
        texts, keys, of_type = ["Sefton", "Wales"], {"node": {"id": []}, "nodes": {"ids": []}}, {}
        fields = self.schema.query_type.fields
        for name, field in fields.items():
            page = graphql.get_named_type(field.type)
            if "first" not in field.args or "nodes" not in page.fields:
                continue
            of = graphql.get_named_type(page.fields["nodes"].type)
            # The name of a person is an object: it may be hidden.
            members = [
                member
                for member in ("id", "slug", "key", "code", "name")
                if member in of.fields and graphql.is_leaf_type(graphql.get_named_type(of.fields[member].type))
            ]
            page = f"nodes {{ {' '.join(members)} }} pageInfo {{ endCursor }}"
            found = self.data(f"{{ {name}(first: 3) {{ {page} }} }}")[name]
            keys[name] = dict.fromkeys(("after", "before"), [found["pageInfo"]["endCursor"]])
            of_type[of.name] = {key: [item[key] for item in found["nodes"]] for key in members}
            texts += [text for item in found["nodes"] for text in item.values()]
            for ids in keys["node"]["id"], keys["nodes"]["ids"]:
                ids += of_type[of.name]["id"]
        keys |= {name: of_type[str(field.type)] for name, field in fields.items() if str(field.type) in of_type}
        keys["board"] = {"area": of_type["MappaArea"]["slug"]}
        for rule, rules in ("routingRule", "routingRules"), ("boardRule", "boardRules"):
            keys[rule] = {"id": [each["id"] for each in self.data(f"{{ {rules} {{ id }} }}")[rules]]}
        instants = self.data("{ directory { recordedAt firstRecordedAt } }")["directory"]
        return texts, keys, instants


# ---- The cases

def teach(texts, instants):
    """What values are made of: mostly some that are known or could be, else anything of their type. Instants of the
    service are put in by name, so that the cases are the same on another day."""
    def mostly(usual, *others):
        return st.integers(0, 9).flatmap(lambda number: usual if number < 8 else st.one_of(others))

    anything = st.text(st.characters(codec="utf-8"))
    days = st.builds("{}-{:02}-{:02}".format, st.integers(2001, 2030), st.integers(1, 12), st.integers(1, 28))
    moments = st.datetimes().map(lambda at: f"{at.isoformat()}Z")
    texts = mostly(st.sampled_from(texts), anything)
    numbers = mostly(st.integers(1, 100), st.integers(-(2**31), 2**31 - 1))
    scalars = {
        "DateTime": mostly(st.sampled_from(sorted(instants)), moments, anything).map(nodes.String),
        "ID": texts.map(nodes.String) | numbers.map(nodes.Int),
        "Int": numbers.map(nodes.Int),
        "LocalDate": mostly(days, st.dates().map(str), anything).map(nodes.String),
        "String": texts.map(nodes.String),
    }
    for name, values in scalars.items():
        schemathesis.graphql.scalar(name, values)


class Aimed(graphql.Visitor):
    """Makes more of the questions lead somewhere: leaves out arguments that may be absent, and all but one member of
    an input that takes exactly one, and asks for keys that are there. Not always, since refusals are looked at, too."""

    def __init__(self, types, keys, chance):
        super().__init__()
        self.types, self.keys, self.chance = types, keys, chance
        self.field = None

    def enter_field(self, node, *_):
        if self.types.get_parent_type().name == "Query":
            self.field = node.name.value

    def leave_argument(self, node, *_):
        argument = self.types.get_argument()
        if not graphql.is_required_argument(argument) and self.chance.random() < 0.6:
            return graphql.REMOVE
        known = self.keys.get(self.field, {}).get(node.name.value)
        if not known or self.chance.random() < 0.3:
            return None
        is_list = graphql.is_list_type(graphql.get_nullable_type(argument.type))
        key = nodes.String(self.chance.choice(known))
        return graphql.ArgumentNode(name=node.name, value=nodes.List([key]) if is_list else key)

    def leave_object_value(self, node, *_):
        of = graphql.get_named_type(self.types.get_input_type())
        given = [field for field in node.fields if not isinstance(field.value, graphql.NullValueNode)]
        if not of.is_one_of or not given or self.chance.random() < 0.1:
            return None
        return nodes.Object([self.chance.choice(given)])


class Lifted(graphql.Visitor):
    """Puts the value of every argument into a variable of the argument's type."""

    def __init__(self, types):
        super().__init__()
        self.types = types
        self.definitions, self.variables = [], {}

    def enter_argument(self, node, *_):
        name, of = f"v{len(self.variables)}", self.types.get_argument().type
        self.variables[name] = graphql.value_from_ast_untyped(node.value)
        self.definitions.append(f"${name}: {of}")
        variable = graphql.VariableNode(name=graphql.NameNode(value=name))
        return graphql.ArgumentNode(name=node.name, value=variable)


def visited(document, schema, visitor_of):
    types = graphql.TypeInfo(schema)
    visitor = visitor_of(types)
    return graphql.visit(document, graphql.TypeInfoVisitor(types, visitor)), visitor


def aimed(query, schema, keys):
    # Chance follows from the question, so that a question that fails is the same again.
    chance = random.Random(query)
    document, _ = visited(graphql.parse(query), schema, lambda types: Aimed(types, keys, chance))
    return graphql.print_ast(document)


def lifted(query, schema):
    document, visitor = visited(graphql.parse(query), schema, Lifted)
    printed = graphql.print_ast(document)
    # A mutation is printed with its word, and a query without one.
    kind = "mutation" if printed.startswith("mutation") else "query"
    head = f"{kind} ({', '.join(visitor.definitions)}) " if visitor.definitions else f"{kind} "
    return {"query": head + printed.removeprefix("mutation"), "variables": visitor.variables}


# ---- The answers

def check_error(error):
    check(isinstance(error, dict) and isinstance(error.get("message"), str), "an error without a message")
    check(error.keys() <= {"message", "locations", "path", "extensions"}, f"members of an error: {list(error)}")
    for place in error.get("locations", []):
        check(place["line"] > 0 and place["column"] > 0, f"a place before the document: {place}")
    check(all(type(key) in (str, int) for key in error.get("path", [])), f"the path of an error: {error}")
    code = error.get("extensions", {}).get("code")
    check(isinstance(code, str), "an error without a code")
    check(code not in OUR_FAULT, f"the code {code}")


def check_answer(response, media):
    """GraphQL over HTTP, for the media type that was asked for. Hands the answer on."""
    check(response.status_code < 500, f"the status {response.status_code}")
    kind = response.headers.get("content-type")
    check(kind == f"{media}; charset=utf-8", f"the content type {kind}")
    try:
        answer = json.loads(response.content.decode())
    except ValueError as error:
        raise Fault(f"no JSON: {error}") from None
    check(isinstance(answer, dict), "no object")
    check(answer.keys() <= {"data", "errors", "extensions"}, f"other members: {list(answer)}")
    for error in (errors := answer.get("errors", [])):
        check_error(error)
    check("errors" not in answer or errors, "errors without any")
    check("data" in answer or errors, "neither data nor errors")
    check(answer.get("data", {}) is not None or errors, "no data, and no error says why")
    # What is refused before it is executed has no data, and only the newer media type tells that by the status.
    wanted = 400 if media == RESPONSE and "data" not in answer else 200
    check(response.status_code == wanted, f"the status {response.status_code} in place of {wanted}")
    return answer


def check_value(value, of, selections, schema, at):
    """That a value is of its type, with just the fields that were selected."""
    if isinstance(of, graphql.GraphQLNonNull):
        check(value is not None, f"null at {at}")
        of = of.of_type
    if value is None:
        return
    if isinstance(of, graphql.GraphQLList):
        check(isinstance(value, list), f"no list at {at}")
        for number, item in enumerate(value):
            check_value(item, of.of_type, selections, schema, f"{at}.{number}")
    elif isinstance(of, graphql.GraphQLEnumType):
        check(value in of.values, f"no value of {of} at {at}")
    elif isinstance(of, graphql.GraphQLScalarType):
        kinds = {"Int": (int,), "Float": (int, float), "Boolean": (bool,)}.get(of.name, (str,))
        check(type(value) in kinds, f"no {of} at {at}")
    else:
        check(isinstance(value, dict), f"no object at {at}")
        fields = fields_of(value, of, selections, schema)
        if fields is not None:
            check(list(value) == list(fields), f"other fields at {at}: {list(value)}")
            for key, (field, inner) in fields.items():
                check_value(value[key], field.type, inner, schema, f"{at}.{key}")


def fields_of(value, of, selections, schema):
    """What an object has to have, by key; none where the answer does not tell which type it is of."""
    if graphql.is_abstract_type(of):
        # The generator asks for no __typename: the one type whose part fits the keys is taken, where it is one.
        fitting = [fields_of(value, each, selections, schema) for each in schema.get_possible_types(of)]
        fitting = [fields for fields in fitting if list(fields) == list(value)]
        check(fitting, f"no type of {of} has the fields {list(value)}")
        return fitting[0] if len(fitting) == 1 else None
    fields = {}
    for selection in selections:
        if isinstance(selection, graphql.InlineFragmentNode):
            condition = schema.get_type(selection.type_condition.name.value)
            if condition is of or graphql.is_abstract_type(condition) and schema.is_sub_type(condition, of):
                fields |= fields_of(value, of, selection.selection_set.selections, schema)
        else:
            key = (selection.alias or selection.name).value
            inner = selection.selection_set.selections if selection.selection_set else ()
            fields[key] = (of.fields[selection.name.value], inner)
    return fields


def check_alike(literal, variable, at):
    if type(literal) is type(variable) is dict and literal.keys() == variable.keys():
        for key, value in literal.items():
            check_alike(value, variable[key], f"{at}.{key}")
    elif type(literal) is type(variable) is list and len(literal) == len(variable):
        for number, value in enumerate(literal):
            check_alike(value, variable[number], f"{at}.{number}")
    else:
        told = f"{json.dumps(literal)[:500]} with literals, {json.dumps(variable)[:500]} with variables"
        check(literal == variable, f"at {at}: {told}")


# ---- The run

class Run:
    def __init__(self, service, keys, instants):
        self.service, self.keys, self.instants = service, keys, instants
        self.sent = 0
        self.ended = Counter()
        # Requests that failed of the field at hand, with what was wrong.
        self.failed = []

    def ask(self, body, media):
        """The answer, after every check that needs no knowledge of the question."""
        response = self.service.ask(body, media)
        try:
            return check_answer(response, media)
        except Fault as fault:
            self.note(f"{fault}\n    answer: {response.status_code} {response.text[:2000]}", media, body)
            raise

    def note(self, fault, media, *bodies):
        asked = "".join(f"\n    request: {json.dumps(body)}" for body in bodies)
        self.failed.append(f"{fault}\n    accept: {media}{asked}")

    def case(self, case):
        is_sound = case.meta.generation.mode == GenerationMode.POSITIVE
        query = aimed(case.body, self.service.schema, self.keys) if is_sound else case.body
        media = RESPONSE if zlib.crc32(query.encode()) % 2 else PLAIN
        for name, instant in self.instants.items():
            query = query.replace(f'"{name}"', f'"{instant}"')
        self.sent += 1
        bodies = [{"query": query}]
        if is_sound:
            bodies.append(lifted(query, self.service.schema))
        answers = [self.ask(body, media) for body in bodies]
        data = [answer.get("data") for answer in answers]
        codes = [{error["extensions"]["code"] for error in answer.get("errors", [])} for answer in answers]
        try:
            if is_sound:
                check(not set.union(*codes) & BROKEN, "a sound question was taken for a broken one")
            else:
                check(codes[0], "a question that breaks the schema was answered")
            if data[0] is not None:
                selections = graphql.parse(query).definitions[0].selection_set.selections
                schema = self.service.schema
                root = schema.mutation_type if query.startswith("mutation") else schema.query_type
                check_value(data[0], root, selections, self.service.schema, "data")
            # Literals and variables have limits of their own.
            if not any("LIMIT_EXCEEDED" in of for of in codes):
                check_alike(data[0], data[-1], "data")
        except Fault as fault:
            self.note(fault, media, *bodies)
            raise
        self.ended.update(codes[0] or {"answered whole"})

    def field(self, operation, mode, count, seed):
        """So many cases of a root field, fewer where it has no more."""

        @hypothesis.seed(seed)
        @hypothesis.settings(
            max_examples=count,
            database=None,
            deadline=None,
            phases=[hypothesis.Phase.generate, hypothesis.Phase.shrink],
            report_multiple_bugs=False,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(operation.as_strategy(generation_mode=mode))
        def test(case):
            self.case(case)

        self.failed.clear()
        try:
            test()
        except Exception:
            # What fails once and not again is told in another exception than our own.
            if not self.failed:
                raise
            print(f"FAILED: {operation.label}: {self.failed[0]}")
            if self.failed[-1] != self.failed[0]:
                print(f"  made smaller: {self.failed[-1]}")
            sys.stdout.flush()
            return False
        return True


def main(endpoint, cases, seed):
    check_licences()
    service = Service(endpoint)
    texts, keys, instants = service.known()
    teach(texts, instants)
    operations = [operation.ok() for operation in service.loaded.get_all_operations()]
    print(f"seed {seed}: {cases} cases of {len(operations)} root fields", flush=True)
    run, faults, turn = Run(service, keys, instants), 0, 0
    began = time.monotonic()
    while run.sent < cases and not faults:
        before = run.sent
        for number, operation in enumerate(operations):
            due = -(-(cases - run.sent) // (len(operations) - number))
            broken = due // 5 if turn == 0 else 0
            for mode, count in (GenerationMode.NEGATIVE, broken), (GenerationMode.POSITIVE, due - broken):
                if count and not run.field(operation, mode, count, f"{seed}/{turn}/{operation.label}/{mode.value}"):
                    faults += 1
            if faults >= MOST_FAULTS:
                break
        if run.sent == before:
            fail(f"no more than {run.sent} cases could be made")
        turn += 1
    if faults:
        fail(f"{faults} root fields; {cases} cases with the seed {seed} make the same questions again")
    for ending, count in run.ended.most_common():
        print(f"    {count:6} {ending}")
    whole = run.ended["answered whole"]
    if whole * LEAST_WHOLE < run.sent:
        fail(f"only {whole} of {run.sent} cases were answered whole")
    taken = time.monotonic() - began
    longest = service.longest * 1000
    ok(f"{run.sent} cases in {service.asked} requests, {taken:.0f} s, {longest:.0f} ms the longest answer")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
