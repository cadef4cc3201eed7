"""Makes changes over HTTP and asks afterwards what became of them, or measures how long they take.

    writes.py load ADDRESS FILE RUN SECONDS CLIENTS    make changes, and write down what was told of each
    writes.py ask ADDRESS FILE                     ask for each again under its key: what was acknowledged must be there,
                                                   what is in doubt is made now if it was not, and nothing is made twice
    writes.py measure ADDRESS OTHER RUN SECONDS CLIENTS    writes a second, how long they take, and how long until another
                                                   process of the same database serves them

The API key of a national administrator stands in the environment, in API_KEY. Only Python's own library is needed.
"""

import http.client
import json
import os
import sys
import threading
import time
from datetime import date, timedelta

MOST_CLIENTS = 8
# Days that each run has to itself; the last run of them ends before the furthest day that can be recorded.
DAYS = 150
BOARDS = (
    "avon-and-somerset bedfordshire cambridgeshire cheshire cleveland cumbria derbyshire dorset durham dyfed-powys "
    "essex gloucestershire greater-manchester gwent hampshire hertfordshire humberside kent lancashire leicestershire "
    "lincolnshire merseyside norfolk north-wales north-yorkshire northamptonshire northumbria nottinghamshire "
    "south-wales south-yorkshire suffolk surrey"
).split()
ADD = "mutation($input: AddPersonInput!) { answer: addPerson(input: $input) { person { key } directoryVersion repeated userErrors { code } } }"
APPOINT = "mutation($input: AppointMemberInput!) { answer: appointMember(input: $input) { directoryVersion repeated userErrors { code } } }"


class Client:
    """One connection that is opened anew where it was lost."""

    def __init__(self, address):
        self.host = address.removeprefix("http://")
        self.connection = None

    def post(self, query, variables):
        headers = {"content-type": "application/json", "authorization": "Bearer " + os.environ["API_KEY"]}
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.host, timeout=60)
            body = json.dumps({"query": query, "variables": variables})
            self.connection.request("POST", "/graphql", body, headers)
            return json.loads(self.connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError):
            self.connection = None
            return None

    def change(self, request):
        """What is told of a change: ("done", version, repeated, person), ("unavailable",), ("doubt",) or ("refused",)."""
        answer = self.post(request["query"], {"input": request["input"]})
        if answer is None:
            return ("doubt",)
        if answer.get("errors"):
            code = answer["errors"][0]["extensions"]["code"]
            if code not in ("UNAVAILABLE", "OUTCOME_UNKNOWN"):
                sys.exit(f"an answer that should not be: {answer}")
            return ("unavailable",) if code == "UNAVAILABLE" else ("doubt",)
        payload = answer["data"]["answer"]
        if payload["userErrors"]:
            return ("refused",)
        person = (payload.get("person") or {}).get("key")
        return ("done", payload["directoryVersion"], payload["repeated"], person)


def appointments(client, run, number):
    """A person, then terms of one day, each on another: nobody else asks for the same seat on the same day."""
    told, attempt = ("doubt",), 0
    while told[0] != "done":
        attempt += 1
        key = f"{run}-{number}-person-{attempt}"
        person = {"query": ADD, "input": {"name": f"Example {key}", "idempotencyKey": key}}
        told = client.change(person)
        yield person, told
    # Runs begin at different days, so that a later one finds its days free.
    first = date(2005, 1, 1) + timedelta(days=int(run) * DAYS)
    for nth in range(DAYS * len(BOARDS[number::MOST_CLIENTS])):
        day = (first + timedelta(days=nth % DAYS)).isoformat()
        request = {
            "query": APPOINT,
            "input": {
                "board": BOARDS[number::MOST_CLIENTS][nth // DAYS],
                "seat": "police",
                "person": told[3],
                "from": day,
                "lastDay": day,
                "idempotencyKey": f"{run}-{number}-{nth}",
            },
        }
        yield request, client.change(request)


def in_threads(count, work):
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def load(address, path, run, seconds, clients):
    until = time.monotonic() + float(seconds)
    lock = threading.Lock()
    written = []

    def work(number):
        # A client that was told of a doubt goes on: the service may be there again in a moment.
        for request, told in appointments(Client(address), run, number):
            with lock:
                written.append({"request": request, "told": told[0], "version": told[1] if len(told) > 1 else None})
            if time.monotonic() >= until:
                return
            if told[0] != "done":
                time.sleep(0.1)

    in_threads(int(clients), work)
    with open(path, "a") as file:
        for line in written:
            file.write(json.dumps(line) + "\n")
    counts = {told: sum(line["told"] == told for line in written) for told in ("done", "refused", "unavailable", "doubt")}
    print("acknowledged {done}, refused {refused}, unavailable {unavailable}, in doubt {doubt}".format(**counts))


def ask(address, path):
    client = Client(address)
    lost, wrong, resolved = [], [], 0
    lines = [json.loads(line) for line in open(path)]
    for line in lines:
        request, key = line["request"], line["request"]["input"]["idempotencyKey"]
        told = client.change(request)
        if told[0] in ("unavailable", "doubt"):
            sys.exit(f"{key} is not answered: {told}")
        # Nothing that is asked for here is ever refused, unless something that it rests on was lost.
        if told[0] == "refused" or line["told"] == "refused":
            lost.append(key)
            continue
        if line["told"] == "done":
            if not told[2] or told[1] != line["version"]:
                lost.append(key)
        elif line["told"] == "unavailable" and told[2]:
            wrong.append(key)
        else:
            again = client.change(request)
            if again[:3] != ("done", told[1], True):
                wrong.append(key)
            resolved += 1
        line.update(told="done", version=told[1])
    with open(path, "w") as file:
        for line in lines:
            file.write(json.dumps(line) + "\n")
    versions = [line["version"] for line in lines if not lost]
    if len(set(versions)) != len(versions):
        wrong.append("one version was told of two changes")
    print(f"{len(lines)} changes asked for again: {len(lost)} acknowledged ones are lost, {resolved} were in doubt and are there once")
    if wrong:
        sys.exit(f"done though it was told that nothing was, or done twice: {wrong[:5]}")
    sys.exit(3 if lost else 0)


def percentile(times, share):
    times = sorted(times)
    return times[min(len(times) - 1, int(len(times) * share))] * 1000


def measure(address, other, run, seconds, clients):
    until = time.monotonic() + float(seconds)
    times, visible = [], []

    def work(number):
        client, elsewhere = Client(address), Client(other)
        began = time.monotonic()
        for nth, (_, told) in enumerate(appointments(client, run, number)):
            ended = time.monotonic()
            if told[0] != "done":
                sys.exit(f"not done: {told}")
            times.append(ended - began)
            if int(clients) == 1:
                while elsewhere.post("{ directory { version } }", {})["data"]["directory"]["version"] < told[1]:
                    pass
                visible.append(time.monotonic() - ended)
            if time.monotonic() >= until:
                return
            began = time.monotonic()

    began = time.monotonic()
    in_threads(int(clients), work)
    took = time.monotonic() - began - sum(visible)
    print(
        f"{clients} client(s): {len(times) / took:.1f} writes a second; a write takes p50 {percentile(times, 0.5):.0f} ms, "
        f"p99 {percentile(times, 0.99):.0f} ms"
    )
    if visible:
        print(
            f"from the answer until another process serves it: p50 {percentile(visible, 0.5):.0f} ms, p99 {percentile(visible, 0.99):.0f} ms"
        )


if __name__ == "__main__":
    commands = {"load": load, "ask": ask, "measure": measure}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])
