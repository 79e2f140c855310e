"""The fund's commands: the worked round, rounds of each regime from events to letters, and bad input."""

# ruff: noqa: E501 - rows of values stand on one line

import hashlib
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fund_oracle import BIDS, OPTIMUM
from reassure.cli.main import build
from reassure.cli.output import report_error
from reassure.errors import ReassureError
from reassure.files.fund_bids import bids_csv
from reassure.files.fund_demo import SEED
from reassure.files.fund_facts import EXAMPLE
from reassure.periods import parse_instant


@pytest.fixture
def run(capfd):
    """Call a command; gives its exit code and what it printed."""

    def call(*args: object) -> tuple[int, str, str]:
        capfd.readouterr()
        try:
            code = build().main(["fund", *map(str, args)], standalone_mode=False) or 0
        except ReassureError as error:
            code = report_error(error)
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        out, err = capfd.readouterr()
        return code, out, err

    return call


@pytest.fixture
def oracle(tmp_path: Path) -> Path:
    path = tmp_path / "BIDS.csv"
    path.write_bytes(bids_csv(BIDS))
    return path


def allocate(run, bids: Path, out: Path, *more: object, budget: int = 3_000_000, seed: str = "oracle"):
    return run("allocate", bids, "--scheme", "2018-demo", "--budget-pence", budget, "--seed", seed, "--out", out, *more)


def test_the_worked_round_by_command(run, oracle: Path, tmp_path: Path) -> None:
    """The worked round gives its optimum; standard output is JSON and nothing else."""
    code, out, _ = allocate(run, oracle, tmp_path / "run", "--json")
    document = json.loads(out)

    assert code == 0
    assert {name.split("/")[1] for name in document["best"]["lines"]} == OPTIMUM
    assert document["best"]["value"] == 81_970
    assert document["lines"]["E/E3"] == {"is_funded": False, "codes": ["BUDGET"], "regret": 6_145}
    assert document["lines"]["B/B1"]["codes"][0] == "CAP_PLACE"
    assert document["changes"]["F"][0]["found"] == 400
    assert document["may_confirm"]
    assert {p.name for p in (tmp_path / "run").iterdir()} == {"run.json", "allocation.csv", "report.html"}


def test_what_a_round_does_not_know_is_said(run, oracle: Path, tmp_path: Path) -> None:
    """On the real terms of 2018 the minimum and the catalogue are not known: the command says so, beside the result."""
    _, out, err = run(
        "allocate",
        oracle,
        "--scheme",
        "2018",
        "--budget-pence",
        3_000_000,
        "--seed",
        "x",
        "--out",
        tmp_path / "r",
        "--json",
    )

    assert "Not known for this round and not applied: min_award_pence, catalogue." in err
    assert json.loads(out)["terms"]["min_award_pence"] == 0


def test_two_runs_are_equal_byte_for_byte(run, oracle: Path, tmp_path: Path) -> None:
    """The same bids in another order of rows give the same bytes."""
    lines = oracle.read_text("utf-8").splitlines()
    other = tmp_path / "mixed.csv"
    other.write_text("\n".join([lines[0], *sorted(lines[1:], reverse=True)]) + "\n", "utf-8")
    allocate(run, oracle, tmp_path / "a")
    allocate(run, oracle, tmp_path / "b")
    allocate(run, other, tmp_path / "c")

    for name in ("run.json", "allocation.csv", "report.html"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    a, c = (json.loads((tmp_path / x / "run.json").read_text("utf-8")) for x in "ac")
    assert a["best"] == c["best"]
    assert a["lines"] == c["lines"]


@pytest.mark.slow
def test_explain_says_what_would_have_changed_it(run, oracle: Path, tmp_path: Path) -> None:
    """E3 enters with 32,800 pounds and with no score; B1 with 76.8 points or 33,400 pounds; C1 costs 22,525."""
    allocate(run, oracle, tmp_path / "run")
    _, out, _ = run("explain", tmp_path / "run", "--bid", "E", "--json")
    e3 = next(x for x in json.loads(out)["lines"] if x["line_ref"] == "E3")
    _, out, _ = run("explain", tmp_path / "run", "--bid", "B", "--json")
    b1 = next(x for x in json.loads(out)["lines"] if x["line_ref"] == "B1")
    _, words, _ = run("explain", tmp_path / "run", "--bid", "C")

    assert {c["kind"]: c["found"] for c in e3["changes"]} == {"score": None, "budget": 3_280_000, "cost": 200_000}
    assert {c["kind"]: c["found"] for c in b1["changes"]} | {"cost": 0} == {
        "score": 768,
        "budget": 3_340_000,
        "cost": 0,
    }
    assert "Holding it in costs 22,525 of 81,970 (27.5%) and drops B/B2, C/C3, E/E1, E/E2." in words
    code, _, err = run("explain", tmp_path / "run", "--bid", "Z")
    assert (code, "--bid is Z" in err) == (2, True)


def test_an_override_needs_a_reason_and_shows_its_price(run, oracle: Path, tmp_path: Path) -> None:
    """Without a reason nothing is written; with one the report says who, why and at what price."""
    code, _, err = allocate(run, oracle, tmp_path / "x", "--hold-in", "C/C1")
    assert (code, "--reason" in err, (tmp_path / "x").exists()) == (2, True, False)
    code, out, _ = allocate(
        run, oracle, tmp_path / "y", "--hold-in", "C/C1", "--reason", "known threat", "--by", "chair"
    )
    page = (tmp_path / "y" / "report.html").read_text("utf-8")

    assert code == 0
    assert "leave 22,525 need unmet (27.5%)" in out
    assert "known threat" in page
    code, _, err = allocate(run, oracle, tmp_path / "z", "--hold-in", "F/F1", "--reason", "x")
    assert (code, "no choice keeps to the terms" in err) == (3, True)
    code, _, err = allocate(run, oracle, tmp_path / "z", "--hold-out", "Q/Q1", "--reason", "x")
    assert (code, "BID/LINE of the bids" in err) == (2, True)


def test_sensitivity_adds_to_the_run(run, oracle: Path, tmp_path: Path) -> None:
    """Close calls are added to run.json and to the page, and the rest of the run stays as it was."""
    allocate(run, oracle, tmp_path / "run")
    before = json.loads((tmp_path / "run" / "run.json").read_text("utf-8"))
    code, out, _ = run("sensitivity", tmp_path / "run", "--draws", 10, "--json")
    after = json.loads((tmp_path / "run" / "run.json").read_text("utf-8"))

    assert code == 0
    assert json.loads(out) == after["sensitivity"]
    assert {k: v for k, v in after.items() if k not in ("sensitivity", "sha256")} == {
        k: v for k, v in before.items() if k != "sha256"
    }
    assert "10 times every score was moved" in (tmp_path / "run" / "report.html").read_text("utf-8")


def test_a_run_changed_by_hand_is_refused(run, oracle: Path, tmp_path: Path) -> None:
    """Somebody who edits a score in run.json gets no letters out of it."""
    allocate(run, oracle, tmp_path / "run")
    path = tmp_path / "run" / "run.json"
    path.write_text(path.read_text("utf-8").replace('"tenths": 385', '"tenths": 985'), "utf-8")
    code, _, err = run("letters", tmp_path / "run")

    assert code == 2
    assert "changed by hand" in err
    assert not (tmp_path / "run" / "letters").exists()


@pytest.mark.slow
@pytest.mark.parametrize("regime", ["A", "B"])
def test_a_window_round_from_events_to_letters(run, regime: str, tmp_path: Path) -> None:
    """By commands alone: events, scores, the choice, decisions, letters, delivery, and a balanced end."""
    d = tmp_path
    assert run("demo", "--regime", regime, "--bids", 24, "--out", d / "demo")[0] == 0
    code, out, _ = run("replay", d / "demo/EVENTS.jsonl", "--out", d / "state", "--json")
    state = json.loads(out)
    assert (code, state["state"], state["regime"]) == (0, "allocating", regime)
    code, out, _ = run("score", d / "state/ASSESSMENTS.csv", "--json")
    scores = {s["bid_ref"]: s["tenths"] for s in json.loads(out)["scores"]}
    assert len(scores) == state["bids_by_state"]["assessed"]
    rows = (d / "state/BIDS.csv").read_text("utf-8").splitlines()[1:]
    assert {r.split(",")[0]: int(r.split(",")[4]) for r in rows} == scores
    free = state["pots"]["main"]["free_pence"]
    assert allocate(run, d / "state/BIDS.csv", d / "run", budget=free, seed=SEED)[0] == 0
    code, out, _ = run(
        "decide",
        d / "run",
        "--events",
        d / "demo/EVENTS.jsonl",
        "--out",
        d / "decided.jsonl",
        "--at",
        "2018-12-03T10:00+00:00",
        "--json",
    )
    assert code == 0
    counts = json.loads(out)["counts"]
    code, out, _ = run("letters", d / "run", "--events", d / "decided.jsonl", "--json")
    letters = json.loads(out)
    assert code == 0
    assert len(letters["letters"]) == len(scores) + state["bids_by_state"]["ineligible"]
    assert {p.stem for p in (d / "run/letters").glob("*.html")} == set(letters["letters"])
    told = letters["counts"]
    assert (told.get("offer", 0), told.get("reserve", 0), told.get("refused", 0)) == (
        counts["offer"],
        counts.get("hold", 0),
        counts.get("reject", 0),
    )
    assert run("demo", "--deliver", d / "decided.jsonl", "--out", d / "end")[0] == 0
    code, out, _ = run("replay", d / "end/EVENTS.jsonl", "--json")
    end = json.loads(out)
    assert (code, end["state"]) == (0, "finished")
    pot = end["pots"]["main"]
    assert pot["committed_pence"] == pot["paid_net_pence"] == sum(a["paid_net_pence"] for a in end["awards"].values())
    final = {"closed", "rejected", "ineligible", "withdrawn", "declined", "lapsed"}
    assert {b["state"] for b in end["bids"].values()} <= final
    assert all(b["codes"] for b in end["bids"].values() if b["state"] in ("rejected", "ineligible"))


@pytest.mark.slow
def test_a_batch_is_not_frozen_before_it_was_open(run, tmp_path: Path) -> None:
    """The demo says from when on the next batch can be frozen: 14 days after the last event."""
    assert run("demo", "--regime", "C", "--bids", 6, "--out", tmp_path / "c")[0] == 0
    last = datetime.fromisoformat(json.loads((tmp_path / "c/EVENTS.jsonl").read_text().splitlines()[-1])["at"])
    early = (last + timedelta(days=14, seconds=-1)).isoformat()

    code, _, said = run("demo", "--batch", tmp_path / "c/EVENTS.jsonl", "--at", early, "--out", tmp_path / "b")

    assert code == 2
    assert f"expected {(last + timedelta(days=14)).isoformat()} or later" in said


def test_a_rolling_round_in_batches(run, tmp_path: Path) -> None:
    """Regime C by commands: batches of 14 days, none beyond three, the tranche never exceeded, everybody gets a letter."""
    d = tmp_path
    assert run("demo", "--regime", "C", "--bids", 14, "--out", d / "demo")[0] == 0
    events = d / "demo/EVENTS.jsonl"
    start = parse_instant(json.loads(run("replay", events, "--json")[1])["last_at"], "at")
    for n in range(1, 4):
        at = (start + timedelta(days=20 * n)).isoformat()
        assert run("demo", "--batch", events, "--at", at, "--out", d / f"b{n}")[0] == 0
        events = d / f"b{n}/EVENTS.jsonl"
        code, out, _ = run("replay", events, "--at", at, "--out", d / f"s{n}", "--json")
        state = json.loads(out)
        assert (code, state["batches"][str(n)]) == (0, "allocating")
        if not (d / f"s{n}/BIDS.csv").exists():
            break
        spend = max(1, state["tranche_pence"] if n > 1 else state["tranche_pence"] // 40)
        code, _, err = run(
            "allocate",
            d / f"s{n}/BIDS.csv",
            "--scheme",
            "2026-demo-rolling",
            "--budget-pence",
            spend,
            "--seed",
            SEED,
            "--out",
            d / f"r{n}",
        )
        assert code == 0, err
        code, out, err = run(
            "decide",
            d / f"r{n}",
            "--events",
            events,
            "--out",
            d / f"d{n}.jsonl",
            "--at",
            (start + timedelta(days=20 * n + 1)).isoformat(),
            "--json",
        )
        assert code == 0, err
        events = d / f"d{n}.jsonl"
        assert run("letters", d / f"r{n}", "--events", events)[0] == 0
        after = json.loads(run("replay", events, "--json")[1])["pots"]["main"]["committed_pence"]
        assert after <= state["pots"]["main"]["committed_pence"] + state["tranche_pence"]
    end = json.loads(run("replay", events, "--json")[1])
    assert not [ref for ref, b in end["bids"].items() if b["state"] == "assessed"]
    assert {b["state"] for b in end["bids"].values()} <= {"offered", "rejected", "ineligible", "withdrawn"}


def test_check_names_every_reason(run, tmp_path: Path) -> None:
    """A sound bid passes; a late one of another nation hears both, in order, and the exit code says so."""
    facts = tmp_path / "FACTS.toml"
    facts.write_text(EXAMPLE, "utf-8")
    code, out, _ = run("check", facts, "--scheme", "2018-demo", "--arrived", "2018-08-10T22:59:59+00:00")
    assert (code, "Nothing bars this bid." in out) == (0, True)
    facts.write_text(EXAMPLE.replace("England", "Scotland"), "utf-8")
    code, out, _ = run("check", facts, "--scheme", "2018-demo", "--arrived", "2018-08-10T23:00:00+00:00", "--json")
    failed = [c["rule"] for c in json.loads(out)["checks"] if c["result"] == "fail"]
    assert (code, failed) == (1, ["E01", "E02"])
    code, _, err = run("check", facts, "--scheme", "2015", "--arrived", "2018-08-10T23:00:00+00:00")
    assert (code, "2018-demo" in err) == (2, True)
    code, _, err = run("check", facts, "--scheme", "2018", "--arrived", "2018-08-10")
    assert (code, "UTC offset" in err or "instant" in err) == (2, True)


def test_schemes_lists_all_and_shows_one(run) -> None:
    """Every round has its line; one in full says what is not known and where sources disagree."""
    _, out, _ = run("schemes")
    assert all(code in out for code in ("2016", "2018-demo", "2025-psms", "scotland-2021"))
    _, out, _ = run("schemes", "2018")
    assert "not known for this round" in out
    assert "a guide prints 1m [g]" in out
    assert "£56,000" in out
    assert hashlib.sha256(b"").hexdigest() not in out
    _, out, _ = run("schemes", "--json")
    assert len(json.loads(out)) == 16


BAD_BIDS = """bid_ref,place_ref,region,faith,tenths,evidence_x2,cap_used_pence,gaps,line_ref,measure,cost_pence,other_grants_pence,closes,alternative_of,needs
A,p1,N,sikh,705,7,0,door=3,A1,door,600000,0,door=9,,
A,p1,N,sikh,706,7,0,door=3,A2,door,600000,0,door=9,,
B,p2,N,sikh,1001,7,0,door=5,B1,sword,0,0,door=11,,
C,p3,N,sikh,700,11,-1,roof=1,C1,door,6e5,0,door:9,,
../D,p4,N,sikh,700,7,0,door=1,D1,door,600000,600000,door=1,,
"""


def test_every_fault_of_bids_is_named(run, tmp_path: Path) -> None:
    """All faults of BIDS.csv at once, each with row, column, value and what was expected; nothing is written."""
    path = tmp_path / "BIDS.csv"
    path.write_text(BAD_BIDS, "utf-8")
    code, out, err = allocate(run, path, tmp_path / "run")

    assert (code, out, (tmp_path / "run").exists()) == (2, "", False)
    for part in (
        "row 3: tenths is 706; expected '705', as in row 2",
        "row 4: tenths is 1001",
        "row 4: gaps is door=5",
        "row 4: measure is sword",
        "row 4: cost_pence is 0",
        "row 4: closes is door=11",
        "row 5: evidence_x2 is 11",
        "row 5: cap_used_pence is -1",
        "row 5: gaps is roof=1",
        "row 5: cost_pence is 6e5",
        "row 5: closes is door:9",
        "row 6: bid_ref is ../D",
        "row 6: other_grants_pence is 600000",
    ):
        assert part in err, part
    path.write_text("bid_ref,place_ref\nA,p\n", "utf-8")
    code, _, err = allocate(run, path, tmp_path / "run")
    assert (code, err.count("is missing")) == (2, 7)


def test_faults_that_single_rows_cannot_show(run, tmp_path: Path) -> None:
    """A place with two bids, a line that needs one that is not there, a circle: named and refused."""
    head = BAD_BIDS.splitlines()[0]
    path = tmp_path / "BIDS.csv"
    path.write_text(
        f"{head}\nA,p,N,,700,7,0,door=3,A1,door,600000,0,door=9,,A9\nB,p,N,,700,7,0,door=3,B1,door,600000,0,door=9,,\n"
        "C,q,N,,700,7,0,door=3,C1,door,600000,0,door=9,,C2\nC,q,N,,700,7,0,door=3,C2,locks,600000,0,door=9,,C1\n",
        "utf-8",
    )
    code, _, err = allocate(run, path, tmp_path / "run")

    assert code == 2
    for part in ("p has bids A, B", "needs is A9", "in a circle"):
        assert part in err


BAD_EVENTS = """{"at":"2018-06-01T00:00+00:00","actor":"a","role":"officer","subject":"round","event":"publish","facts":{"seed_sha256":"x","languages":"en"}}
{"at":"yesterday","actor":"","role":"king","subject":"bid:B1","event":"draft","facts":{"place_ref":1}}
{"at":"2018-06-01T00:00+00:00","actor":"a","role":"officer","subject":"moon","event":"rise","facts":{}}
{"at":"2018-06-01T00:00+00:00","actor":"a","role":"officer","subject":"bid:B1","event":"rise","facts":{}}
not json
{"at":"2018-06-01T00:00+00:00","at":"2018-06-01T00:00+00:00"}
{"at":"2018-06-01T00:00+00:00","actor":"a","role":"finance2","subject":"bid:B1","event":"pay","facts":{"amount_pence":1.5,"with":"b","extra":1}}
{"at":"2018-06-01T00:00+00:00","actor":"a","role":"finance2","subject":"bid:B1","event":"pay","colour":"red","facts":[]}
"""


def test_every_fault_of_events_is_named(run, tmp_path: Path) -> None:
    """All faults of EVENTS.jsonl at once, each with row, field, value and what was expected."""
    path = tmp_path / "EVENTS.jsonl"
    path.write_text(BAD_EVENTS, "utf-8")
    code, out, err = run("replay", path, "--scheme", "2018-demo")

    assert (code, out) == (2, "")
    for part in (
        "row 1: facts.seed_sha256 is x; expected 64 hexadecimal digits",
        "row 1: facts.languages is en; expected a list of texts",
        "row 2: at is yesterday",
        "row 2: role is king",
        "row 2: actor is missing",
        "row 3: subject is moon",
        "row 4: event is rise",
        "row 5: cannot be read as JSON",
        "row 6: at stands twice",
        "row 7: facts.with is b",
        "row 7: facts.amount_pence is 1.5; expected whole pence",
        "row 7: facts.extra is 1",
        "row 8: colour is red",
    ):
        assert part in err, part


def test_replay_refuses_the_first_illegal_event(run, tmp_path: Path) -> None:
    """The first event that may not happen is named with its row and the reason; exit code 3."""
    run("demo", "--bids", 4, "--out", tmp_path)
    path = tmp_path / "EVENTS.jsonl"
    lines = path.read_text("utf-8").splitlines()
    index = next(i for i, x in enumerate(lines) if '"event":"screen"' in x)
    path.write_text("\n".join(lines[:index] + lines[index + 1 :]) + "\n", "utf-8")
    code, _, err = run("replay", path)

    assert code == 3
    assert "may not happen to a bid that is submitted" in err
    assert "refused" in err


def test_bad_assessments_are_named(run, tmp_path: Path) -> None:
    """A short reason, a missing criterion, one twice: named with row and value."""
    path = tmp_path / "A.csv"
    reason = "A reason of more than forty characters, as it has to be."
    rows = [f"b,x,{c},3,{reason}" for c in ("evidence", "exposure", "gap", "fit")] + ["b,x,gap,9,short", "b,y,luck,1,x"]
    path.write_text(
        "bid_ref,assessor_ref,criterion,score,reason\n" + "\n".join(rows).replace(", as", " as") + "\n", "utf-8"
    )
    code, _, err = run("score", path)

    assert code == 2
    for part in ("row 6: criterion is gap", "row 6: score is 9", "row 7: criterion is luck", "delivery has no score"):
        assert part in err, part


@pytest.mark.parametrize(
    "name",
    [
        "schemes",
        "check",
        "score",
        "allocate",
        "explain",
        "sensitivity",
        "letters",
        "replay",
        "decide",
        "publish",
        "demo",
    ],
)
def test_every_command_helps(run, name: str) -> None:
    """--help says what a command does, for whom it is new."""
    code, out, _ = run(name, "--help")

    assert code == 0
    assert "--json" in out
    assert len(out) > 300
