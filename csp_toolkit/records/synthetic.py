"""A seeded, fictional partnership for the demo, the tests and the docs: two monthly deliveries with planted stories.

Nobody in it exists, and nothing in it was taken from anyone's records. The town is Saltmere, surnames, streets and
wards are made up, phone numbers lie in the range kept for drama, the postcode area does not exist, and every
reference carries SYN. The same seed gives the same files to the byte.

>>> [f"{story} {person}" for story, person in zip(planted_stories()["story"], planted_stories()["name"])][:2]
['first RAVENSIKE, Osric', 'mover QUILLFEATHER, Dane']
"""

import json
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from csp_toolkit.records.demo.dossiers import draw_dossiers
from csp_toolkit.records.demo.events import make_arrests, make_crimes, make_reports, make_stops
from csp_toolkit.records.demo.files import write_delivery
from csp_toolkit.records.demo.people import make_people
from csp_toolkit.records.demo.rows import World
from csp_toolkit.records.demo.stories import STORIES, dossiers, sketches

SEED = 2026
MEETINGS = (date(2026, 10, 29), date(2026, 11, 26))
OUTCOMES_ON = date(2026, 11, 24)
DELIVERIES: dict[str, date] = {"2026-10": date(2026, 10, 23), "2026-11": date(2026, 11, 20)}
"""Each delivery's folder and the day it was received."""
LEFT_OUT = {"2026-10": (), "2026-11": ("police_stop_search",)}
N_ORDINARY, N_OTHERS, N_EVERYDAY, N_REPORTS, N_STOPS = 30, 400, 1_080, 230, 190
TOGETHER = (("first", "bridge_a"), ("mover", "bridge_b"), ("circular", "brother_a"), ("ordinary-0", "first"))
HOUSING = "Council Housing/ASB"
DECISION_COLUMNS = [
    "sheet", "row", "kind", "person_ref", "meeting_on", "decided_on", "decided_by", "role", "outcome", "reason",
    "valid_until", "details",
]  # fmt: skip


def make_world(*, seed: int = SEED) -> World:
    """Make everything there is in the demo, whenever it becomes known."""
    people = make_people(sketches(), n_ordinary=N_ORDINARY, n_others=N_OTHERS, seed=seed)
    ordinary = [key for key in people if key.startswith("ordinary")]
    others = [key for key in people if key.startswith("other")]
    everyone = [*dossiers(), *draw_dossiers(ordinary, seed=seed)]
    crimes = make_crimes(everyone, others, n_everyday=N_EVERYDAY, seed=seed)
    elsewhere = {"unlisted": date(2026, 4, 14), "merged": date(2026, 2, 9)}
    return World(
        seed=seed, people=people, dossiers=everyone, crimes=crimes,
        reports=make_reports(everyone, others, n_others=N_REPORTS, seed=seed),
        arrests=make_arrests(crimes, elsewhere, seed=seed),
        stops=make_stops(list(TOGETHER), [*others, *ordinary], n_others=N_STOPS, seed=seed),
    )  # fmt: skip


def write_demo(folder: Path, *, seed: int = SEED) -> None:
    """Write the demo's two deliveries into `folder`, as `2026-10` and `2026-11`."""
    world = make_world(seed=seed)
    for (name, received_on), meeting in zip(DELIVERIES.items(), MEETINGS, strict=True):
        write_delivery(
            folder / name, world, run_on=received_on - timedelta(days=1), meeting=meeting, left_out=LEFT_OUT[name]
        )


def planted_stories(*, seed: int = SEED) -> pd.DataFrame:
    """Return what was planted and ought to be found: story, people, what happens, where it should be seen."""
    people = make_people(sketches(), n_ordinary=0, n_others=0, seed=seed)
    rows = [
        (story.key, sketch.key, people[sketch.key].ref, people[sketch.key].label, story.what, story.seen_as)
        for story in STORIES
        for sketch in story.people
    ]
    return pd.DataFrame(rows, columns=["story", "person", "person_ref", "name", "what", "seen_as"])


def demo_decisions(*, seed: int = SEED) -> pd.DataFrame:
    """Return what October's meeting decided, in the columns of a decisions workbook.

    Ten selections with a reason each, one review, one removal, the chair's decision on a man with a referral, and
    six actions, two of them housing's, about adults at liberty.
    """
    ref = planted_stories(seed=seed).set_index("person")["person_ref"]
    meeting, chair = MEETINGS[0], ("SYN Chair", "chair")
    selected = (
        "first",
        "mover",
        "dual",
        "acquitted",
        "unlisted",
        "brother_a",
        "bridge_b",
        "circular",
        "brother_b",
        "conditions",
    )
    rows: list[tuple[object, ...]] = [
        ("selection", ref[key], *chair, "SELECTED", "Serious harm, recent, and something can be done", None, {})
        for key in selected
    ]
    rows += [
        (
            "selection",
            ref["listed_low"],
            *chair,
            "NOT_SELECTED",
            "Little on record; police to say what they know",
            None,
            {},
        ),
        (
            "review",
            ref["listed_low"],
            "SYN Officer 1",
            "owner",
            "KEEP",
            "Still meets the criteria; police to say what they know",
            date(2027, 1, 28),
            {},
        ),
        ("removal", ref["put_out"], *chair, "REMOVE", "One assault, no link shown since", None, {}),
        (
            "exploitation",
            ref["decided"],
            *chair,
            "SCORE",
            "Referral closed with no grounds after joint visit",
            None,
            {},
        ),
    ]
    actions = (
        ("mover", "Check tenancy and who lives there", "DISRUPTION", "D01", "SYN Housing Lead 1", HOUSING, 14),
        ("brother_b", "Offer a managed move out of the ward", "SUPPORT", "S17", "SYN Housing Lead 1", HOUSING, 21),
        ("first", "Apply for a search warrant", "ENFORCEMENT", "E02", "SYN Officer 4", "Essex Police", 21),
        ("dual", "Threat assessment and safety plan", "SUPPORT", "S25", "SYN Officer 5", "Essex Police", 7),
        ("child_16", "Strategy discussion", "SUPPORT", "S03", "SYN SW4", "ECC Children & Families", 7),
        ("cuckooed", "Joint welfare visit", "SUPPORT", "S19", "SYN Officer 6", "Essex Police", 14),
    )
    for n, (key, text, kind, code, owner, agency, days) in enumerate(actions, start=1):
        details = {
            "action_ref": _name_action(meeting, n), "action_text": text, "action_type": kind, "intervention_code": code,
            "action_owner": owner, "agency": agency, "due_on": f"{meeting + timedelta(days=days)}",
        }  # fmt: skip
        rows.append(("action", ref[key], *chair, "AGREED", "", None, details))
    return _as_workbook(rows, meeting, meeting)


def demo_outcomes() -> pd.DataFrame:
    """Return what had come of October's actions two days before November's meeting, as its workbook says it.

    Two are done with a safeguarding outcome, one is done, one was carried over; housing's visit is open and late, and
    its managed move is not done.
    """
    october, meeting = MEETINGS
    told: tuple[tuple[int, str, str, dict[str, str]], ...] = (
        (3, "COMPLETE", "Warrant executed, phones recovered", {"result": "ACHIEVED", "completed_on": "2026-11-17"}),
        (4, "COMPLETE", "Threat assessed, plan agreed with him",
         {"result": "ACHIEVED", "completed_on": "2026-11-04", "safeguarding": "MOVED_TO_SUPPORT"}),
        (5, "COMPLETE", "Discussion held, enquiry begun",
         {"result": "PARTLY", "completed_on": "2026-11-09", "safeguarding": "REFERRAL_MADE"}),
        (2, "NOT_DONE", "He moved in with relatives before the offer", {}),
        (6, "CARRIED_OVER", "Nobody at home twice", {"new_due_on": "2026-12-03"}),
    )  # fmt: skip
    rows: list[tuple[object, ...]] = [
        ("outcome", None, "SYN Coordinator", "coordinator", outcome, words, None,
         {"action_ref": _name_action(october, n), **details})
        for n, outcome, words, details in told
    ]  # fmt: skip
    return _as_workbook(rows, meeting, OUTCOMES_ON)


def _name_action(meeting: date, n: int) -> str:
    return f"SYND-{meeting}/A{n}"


def _as_workbook(rows: list[tuple[object, ...]], meeting: date, decided_on: date) -> pd.DataFrame:
    names = ["kind", "person_ref", "decided_by", "role", "outcome", "reason", "valid_until", "details"]
    made = pd.DataFrame(rows, columns=names).assign(sheet="demo", meeting_on=pd.Timestamp(meeting))
    return made.assign(
        row=range(1, len(made) + 1),
        decided_on=pd.Timestamp(decided_on),
        valid_until=pd.to_datetime(made["valid_until"]),
        details=[json.dumps(details, sort_keys=True) if details else None for details in made["details"]],
    )[DECISION_COLUMNS]
