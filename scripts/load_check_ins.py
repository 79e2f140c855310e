"""Check-ins under load and under kill -9: nothing acknowledged is lost, nothing is stored twice, the audit holds.

Usage: python scripts/load_check_ins.py kill [--database DB] [--writes N] [--kills N] [--clients N] [--kill-database]
       python scripts/load_check_ins.py double [--database DB] [--writes N] [--clients N]
       python scripts/load_check_ins.py cost [--database DB] [--writes N]
       python scripts/load_check_ins.py steady [--database DB] [--minutes M] [--speed S] [--warm-up SECONDS]
DB is sqlite or postgresql (a server of its own, flushing to disk). Figures are printed as JSON; the exit code is 1 when
something was lost, doubled or wrong. `double` sends each of N records from all clients at one moment. `cost` gives the
server's processor time for one request of each kind, which other work on the machine hardly changes.
`steady` runs for M minutes after a warm-up: each unit checks in every 10 minutes, S times as often at speed S, so an
hour's check-ins take 10 minutes with `--minutes 10 --speed 6`. Boards poll every 5 seconds whatever the speed. They are
opened one after the other during the warm-up, as supervisors open theirs over some minutes when a shift begins, and not
all at one moment; a minute is short for that. The warm-up's figures stand apart. A time counts from the moment at which
a request was due, so that a queue counts.
"""

import argparse
import json
import os
import random
import signal
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from load_place import Client, Place, Timings, installation

CHECK_IN_EVERY_S = 600.0
POLL_S = 5.0
SETTLED_S = 300.0
"""The moment with which memory at the end is compared, and half of the run where that is shorter."""
KINDS = ("write", "poll_unchanged", "poll_changed", "board")
LONGEST_RETRY_S = 120.0
WORKERS = {"sqlite": 1, "postgresql": 2}
"""Processes that answer: SQLite has one writer at a time, so more than one gains nothing there."""
KEPT = {"new", "same"}
"""What an answer says of a record that is kept; sent again after a broken connection it is the same."""
STORED = """
import json
from collections import Counter
from collections.abc import Callable, Iterator
from reassure_web.audit.models import AuditEntry
from reassure_web.engagement.models import Visit
entries = Counter(AuditEntry.objects.filter(action="visit.check_in", outcome="done").values_list("subject", flat=True))
print(json.dumps([[v, entries[f"visit:{v}"]] for v in Visit.objects.values_list("client_id", flat=True)]))
"""


@dataclass
class Tally:
    """What clients were told: check-ins acknowledged, attempts that failed, answers that were none of those."""

    acknowledged: set[str] = field(default_factory=set)
    broken: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def check_in(person: dict[str, Any], on: str, number: int) -> dict[str, Any]:
    """A whole record of the unit's visit of that number; past its last one, a visit outside the plan."""
    visits = person["visits"]
    planned = visits[number % len(visits)]
    started = datetime.fromisoformat(planned["starts_at"]) + timedelta(seconds=number)
    return {
        "client_id": str(uuid.uuid4()),
        "area_code": person["area"],
        "on": on,
        "unit_ref": person["unit"],
        "visit_ref": planned["visit_ref"] if number < len(visits) else "",
        "place_ref": planned["place_ref"],
        "started_at": started.isoformat(),
        "ended_at": (started + timedelta(minutes=12)).isoformat(),
        "outcome": "spoke_to_people",
    }


def send(client: Client, record: dict[str, Any], tally: Tally, *, until_sent: bool) -> bool:
    """Send a check-in, again and again while nothing comes back, as a phone does; whether it was acknowledged."""
    give_up_at = time.monotonic() + LONGEST_RETRY_S
    while True:
        body = {"sent_at": datetime.now(UTC).isoformat(), "records": [record]}
        try:
            answer = client.send("POST", "/api/v1/check-ins", body)
        except OSError as error:
            answer, why = None, str(error)
        with tally.lock:
            if answer is not None and answer.status == 200 and _states(answer) <= KEPT:
                tally.acknowledged.add(record["client_id"])
                return True
            if answer is not None and answer.status < 500:
                tally.wrong.append(f"{answer.status} {answer.content[:300]!r}")
                return False
            tally.broken[why if answer is None else str(answer.status)] += 1
        if not until_sent or time.monotonic() > give_up_at:
            return False
        time.sleep(0.2)


def _states(answer: Any) -> set[str]:
    """What became of each record that was sent."""
    return {result["state"] for result in json.loads(answer.content)["results"]}


def verdict(place: Place, tally: Tally) -> dict[str, Any]:
    """Hold what the database has against what clients were told."""
    stored = dict(json.loads(place.command("shell", "--no-imports", "--command", STORED)))
    said = place.command("verify").strip()
    return {
        "acknowledged": len(tally.acknowledged),
        "stored": len(stored),
        "lost": len(tally.acknowledged - stored.keys()),
        "with_other_than_one_entry": sum(n != 1 for n in stored.values()),
        "broken_attempts": tally.broken.total(),
        "why_broken": dict(tally.broken.most_common(5)),
        "wrong_answers": len(tally.wrong),
        "first_wrong": tally.wrong[:1],
        "verify": said,
    }


def is_sound(found: dict[str, Any]) -> bool:
    """Whether nothing was lost, doubled or refused; `verify` has ended the run itself when the chain is broken."""
    return not (found["lost"] or found["with_other_than_one_entry"] or found["wrong_answers"])


def killed(wanted: argparse.Namespace) -> tuple[dict[str, Any], bool]:
    """Check in from many phones while the server is killed again and again."""
    tally, kills = Tally(), dict.fromkeys(("worker", "server", "database"), 0)
    size = {"areas": 1, "units": wanted.clients, "places": 10 * wanted.clients}
    with installation(wanted.database, workers=WORKERS[wanted.database], **size) as (place, signed_in):
        officers = [person for person in signed_in["people"] if person["unit"]]
        share = -(-wanted.writes // len(officers))

        def phone(person: dict[str, Any]) -> None:
            client = Client(place.port, person["session"], signed_in["csrf"])
            for number in range(share):
                send(client, check_in(person, signed_in["on"], number), tally, until_sent=True)

        began = time.monotonic()
        with ThreadPoolExecutor(len(officers)) as pool:
            phones = [pool.submit(phone, person) for person in officers]
            for n in range(wanted.kills):
                due = (n + 1) * share * len(officers) // (wanted.kills + 1)
                while len(tally.acknowledged) < due and not all(one.done() for one in phones):
                    time.sleep(0.01)
                kills[_kill(place, n, with_database=wanted.kill_database)] += 1
            while not all(one.done() for one in phones):
                _restart_dead(place)
                time.sleep(0.2)
            for one in phones:
                one.result()
        seconds = time.monotonic() - began
        found = {"kills": kills, "clients": len(officers), "seconds": round(seconds, 1), **verdict(place, tally)}
    return found, is_sound(found) and found["acknowledged"] == share * len(officers)


def _kill(place: Place, n: int, *, with_database: bool) -> str:
    """Kill a worker, then the whole server, then the database's server where that is wanted, in turn."""
    kind = ("worker", "server", "database")[n % (3 if with_database and place.database else 2)]
    _restart_dead(place)
    if kind == "worker":
        place.kill_worker()
    elif kind == "server":
        place.kill_all()
        place.start()
    elif place.database:
        os.kill(place.database.first_process(), signal.SIGKILL)
        place.database.start_again()
    return kind


def _restart_dead(place: Place) -> None:
    """Start a server that has ended by itself, as a service manager does."""
    if place.is_dead():
        place.kill_all()
        place.start()


def doubled(wanted: argparse.Namespace) -> tuple[dict[str, Any], bool]:
    """Send each record from all clients at one moment: one of them is told that it is new, the others the same."""
    tally, odd = Tally(), []
    with installation(wanted.database, workers=WORKERS[wanted.database], areas=1, units=1, places=10) as made:
        place, signed_in = made
        officer = signed_in["people"][0]
        clients = [Client(place.port, officer["session"], signed_in["csrf"]) for _ in range(wanted.clients)]
        together = threading.Barrier(wanted.clients)

        def at_once(client: Client, record: dict[str, Any]) -> str:
            body = {"sent_at": datetime.now(UTC).isoformat(), "records": [record]}
            together.wait()
            answer = client.send("POST", "/api/v1/check-ins", body)
            return " ".join(_states(answer)) if answer.status == 200 else str(answer.status)

        with ThreadPoolExecutor(wanted.clients) as pool:
            for number in range(wanted.writes):
                record = check_in(officer, signed_in["on"], number)
                answers = sorted(pool.map(at_once, clients, [record] * len(clients)))
                tally.acknowledged.add(record["client_id"])
                if answers != ["new", *["same"] * (len(clients) - 1)]:
                    odd.append(answers)
        found = {"clients": len(clients), "odd_answers": odd[:5], **verdict(place, tally)}
    return found, is_sound(found) and not odd and found["stored"] == wanted.writes


def cost(wanted: argparse.Namespace) -> tuple[dict[str, Any], bool]:
    """
    Processor time a request of the server, one request after the other, on an area of 40 units and 400 places.

    `poll_changed` is a board after a record, made anew; `poll_kept` and `board` one that another reader had made.
    """
    tally, spent = Tally(), {}
    with installation(wanted.database, workers=1, areas=1, units=40, places=400) as (place, signed_in):
        officers = [person for person in signed_in["people"] if person["unit"]]
        watcher = next(person for person in signed_in["people"] if not person["unit"])
        *phones, wall = (Client(place.port, one["session"], signed_in["csrf"]) for one in (*officers, watcher))
        rows = f"{watcher['board']}rows/"

        def poll(*, is_known: bool) -> None:
            tag = wall.send("GET", rows).headers["ETag"] if is_known else ""
            wall.send("GET", rows, headers={"If-None-Match": tag, "HX-Request": "true"})

        def record(number: int) -> None:
            nth, unit = divmod(number, len(officers))
            send(phones[unit], check_in(officers[unit], signed_in["on"], nth), tally, until_sent=False)

        def measure(kind: str, work: Callable[[int], object]) -> None:
            work(0)
            before = place.cpu_s()
            for number in range(1, wanted.writes + 1):
                work(number)
            spent[kind] = 1000 * (place.cpu_s() - before) / wanted.writes

        measure("board", lambda _: wall.send("GET", watcher["board"]))
        measure("poll_kept", lambda _: poll(is_known=False))
        measure("both_polls", lambda _: poll(is_known=True))
        measure("write_and_poll", lambda n: (record(n), poll(is_known=False)))
        measure("write", lambda n: record(wanted.writes + 1 + n))
        spent["poll_unchanged"] = spent.pop("both_polls") - spent["poll_kept"]
        spent["poll_changed"] = spent.pop("write_and_poll") - spent["write"]
        found = {"cpu_ms": {kind: round(ms, 1) for kind, ms in spent.items()}, **verdict(place, tally)}
    return found, is_sound(found) and found["stored"] == 2 * (wanted.writes + 1)


def steady(wanted: argparse.Namespace) -> tuple[dict[str, Any], bool]:
    """Let an hour of check-ins pass, or fewer minutes, with boards that poll."""
    size = {"areas": wanted.areas, "units": wanted.units, "places": 10 * wanted.units}
    with installation(wanted.database, workers=WORKERS[wanted.database], threads=wanted.threads, **size) as made:
        place, signed_in = made
        officers = [person for person in signed_in["people"] if person["unit"]]
        watchers = [person for person in signed_in["people"] if not person["unit"]][: wanted.boards]
        starts = time.monotonic() + 1.0
        begins = starts + wanted.warm_up
        ends = begins + 60.0 * wanted.minutes
        jobs = _jobs(officers, starts, ends, CHECK_IN_EVERY_S / wanted.speed)
        crowd = Crowd(place, signed_in["csrf"], signed_in["on"], begins, ends)
        moments = {}
        with ThreadPoolExecutor(wanted.senders + len(watchers)) as pool:
            work, lock = iter(jobs), threading.Lock()
            running = [pool.submit(crowd.send_in_turn, work, lock) for _ in range(wanted.senders)]
            for n, person in enumerate(watchers):
                running.append(pool.submit(crowd.watch, person, starts + n * wanted.warm_up / len(watchers)))
            for at in (0.0, min(SETTLED_S, 30.0 * wanted.minutes), 60.0 * wanted.minutes):
                time.sleep(max(0.0, begins + at - time.monotonic()))
                moments[f"after_{at:.0f}_s"] = crowd.so_far()
            for one in running:
                one.result()
        first, *_, last = moments.values()
        found = {
            "units": len(officers), "boards": len(watchers), "minutes": wanted.minutes, "speed": wanted.speed,
            "due": len(jobs), "warm_up_s": wanted.warm_up, "warm_up": crowd.warming.of(KINDS), **moments,
            "server_cores_used": round((last["cpu_s"] - first["cpu_s"]) / (60.0 * wanted.minutes), 2),
            **verdict(place, crowd.tally),
        }  # fmt: skip
    return found, is_sound(found) and found["acknowledged"] == len(jobs)


@dataclass
class Crowd:
    """Phones and boards of a country: what they were told and how long it took, apart before `begins`; till `ends`."""

    place: Place
    csrf: str
    on: str
    begins: float
    ends: float
    tally: Tally = field(default_factory=Tally)
    warming: Timings = field(default_factory=Timings)
    timings: Timings = field(default_factory=Timings)

    def so_far(self) -> dict[str, Any]:
        """Times since the warm-up, errors, memory of the server and processor time that it has used."""
        with self.tally.lock:
            errors = len(self.tally.wrong) + self.tally.broken.total()
        memory, cpu = round(self.place.memory_mb(), 1), self.place.cpu_s()
        return {**self.timings.of(KINDS), "errors": errors, "memory_mb": memory, "cpu_s": cpu}

    def send_in_turn(self, work: Iterator[tuple[float, dict[str, Any], int]], lock: threading.Lock) -> None:
        """Send what is next due, until nothing is; each from a connection of its own, as phones do."""
        while True:
            with lock:
                job = next(work, None)
            if job is None:
                return
            due, person, number = job
            time.sleep(max(0.0, due - time.monotonic()))
            client = Client(self.place.port, person["session"], self.csrf)
            if send(client, check_in(person, self.on, number), self.tally, until_sent=False):
                self._note("write", due)
            client.close()

    def watch(self, person: dict[str, Any], due: float) -> None:
        """Open a board, then poll its rows every 5 seconds with the tag of what is shown."""
        client, tag = Client(self.place.port, person["session"], self.csrf), ""
        path, kind = person["board"], "board"
        time.sleep(max(0.0, due - time.monotonic()))
        while due < self.ends:
            try:
                answer = client.send("GET", path, headers={"If-None-Match": tag, "HX-Request": "true"})
            except OSError as error:
                self._fail(f"poll: {error}")
            else:
                if answer.status not in {200, 304}:
                    self._fail(f"poll: {answer.status}")
                self._note("poll_unchanged" if answer.status == 304 else kind, due)
                tag = answer.headers.get("ETag", tag)
            path, kind = f"{person['board']}rows/", "poll_changed"
            due += POLL_S
            time.sleep(max(0.0, due - time.monotonic()))

    def _note(self, kind: str, due: float) -> None:
        (self.timings if due >= self.begins else self.warming).add(kind, time.monotonic() - due)

    def _fail(self, why: str) -> None:
        with self.tally.lock:
            self.tally.wrong.append(why)


def _jobs(
    officers: list[dict[str, Any]], starts: float, ends: float, every: float
) -> list[tuple[float, dict[str, Any], int]]:
    """When which unit sends its record of which number: each once in `every` seconds, in an order of its own."""
    order = random.Random(1)
    jobs = []
    for number in range(ceil((ends - starts) / every)):
        turn = order.sample(officers, len(officers))
        jobs += [(starts + (number + i / len(turn)) * every, person, number) for i, person in enumerate(turn)]
    return [job for job in jobs if job[0] < ends]


def run() -> int:
    """Run one of the four and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("test", choices=["kill", "double", "cost", "steady"])
    parser.add_argument("--database", choices=list(WORKERS), default="sqlite")
    parser.add_argument("--writes", type=int, default=1000, help="check-ins in all; cost: requests of each kind")
    parser.add_argument("--kills", type=int, default=10, help="kill: how often, one of each kind in turn")
    parser.add_argument("--clients", type=int, default=16, help="kill, double: phones that send at once")
    parser.add_argument("--kill-database", action="store_true", help="kill: PostgreSQL's server as well")
    parser.add_argument("--areas", type=int, default=46, help="steady: police areas")
    parser.add_argument("--units", type=int, default=40, help="steady: units an area")
    parser.add_argument("--minutes", type=float, default=60.0, help="steady: how long")
    parser.add_argument("--speed", type=float, default=1.0, help="steady: how many times as often units check in")
    parser.add_argument("--boards", type=int, default=92, help="steady: boards that poll")
    parser.add_argument("--warm-up", type=float, default=60.0, help="steady: seconds over which boards are opened")
    parser.add_argument("--threads", type=int, help="steady: threads of a server's process, as `serve` has them")
    parser.add_argument("--senders", type=int, default=16, help="steady: check-ins under way at once, at most")
    wanted = parser.parse_args()
    found, ok = {"kill": killed, "double": doubled, "cost": cost, "steady": steady}[wanted.test](wanted)
    print(json.dumps({"test": wanted.test, "database": wanted.database, "ok": ok, **found}, indent=1))  # noqa: T201
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(run())
