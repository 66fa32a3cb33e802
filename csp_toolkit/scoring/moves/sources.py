"""Read from two views what lies between two meetings: whose records they are now, and what they say of an item."""

from dataclasses import replace
from datetime import date

import pandas as pd

from csp_toolkit.records.schema import TABLES
from csp_toolkit.scoring.assessment import reckon
from csp_toolkit.scoring.evidence.items import collect_items
from csp_toolkit.scoring.evidence.readings import read_outcomes
from csp_toolkit.scoring.evidence.reports import ORDER_NAMED_FIRST
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.moves.items import ITEM_KEY, KNOWN_COLUMNS
from csp_toolkit.scoring.moves.replay import Between, Standing
from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.tables.ages import birthday, youngest_birth
from csp_toolkit.tables.assembly import gather_names
from csp_toolkit.tables.identity import describe_people
from csp_toolkit.tables.on_demand import Frames
from csp_toolkit.tables.view import View


def look_between(now: Scores, before: Scores, view: View, last_view: View) -> Between:
    """Look at what lies between two meetings' scores, each with the view it was made from."""
    is_same = before.matrix == now.matrix
    recast = before if is_same else reckon(last_view, now.matrix)
    scored = frozenset([*before.table["person_id"], *recast.table["person_id"], *now.table["person_id"]])
    moved = _list_moved(last_view.person_keys, view.person_keys)
    touched = moved[moved["person_before"].isin(scored) | moved["person_now"].isin(scored)]
    old_view, items = last_view, recast.items
    if len(touched):
        old_view = identify_anew(last_view, moved, view.person_keys)
        items = collect_items(old_view, now.matrix)
    same_day = _read_same_day(now, view, items, last_view.as_of)
    refs = _list_one_sided(items, now.items, scored)
    return Between(
        then=Standing(_by_person(before), before.items, before.matrix, before.as_of),
        now=Standing(_by_person(now), now.items, now.matrix, now.as_of),
        recast=_by_person(recast),
        renamed=items,
        same_day=same_day,
        relations=frozenset(zip(touched["person_before"], touched["person_now"], strict=True)),
        known_then=read_known(old_view, refs, now.matrix),
        known_now=read_known(view, refs, now.matrix),
    )


def _by_person(scores: Scores) -> pd.Series:
    return scores.table.set_index("person_id")["score"]


def _list_moved(keys_before: pd.DataFrame, keys_now: pd.DataFrame) -> pd.DataFrame:
    """List the references that stand for somebody else now: source_ref, person_before, person_now."""
    keys = ["source_system", "source_ref"]
    both = keys_before.merge(keys_now, on=keys, suffixes=("_before", "_now"))
    both = both.rename(columns={"person_id_before": "person_before", "person_id_now": "person_now"})
    return both[both["person_before"].ne(both["person_now"])].reset_index(drop=True)


def identify_anew(view: View, moved: pd.DataFrame, keys_now: pd.DataFrame) -> View:
    """Return a view as it would be had it been known who is who as it is known now.

    `moved` holds the references that stand for somebody else now; a row goes with the reference it carries, and one
    that carries none with the first of its person's.
    """
    pairs = moved.drop_duplicates(["person_before", "source_ref"])
    by_ref = pairs.set_index(["person_before", "source_ref"])["person_now"]
    kept = set(view.person_keys.merge(keys_now, on=list(keys_now.columns))["person_id"])
    whole = moved[~moved["person_before"].isin(kept)].drop_duplicates("person_before")
    by_person = dict(zip(whole["person_before"], whole["person_now"], strict=True))
    concerned = frozenset(moved["person_before"])

    def name(frame: pd.DataFrame, ref: str | None) -> pd.DataFrame:
        if "person_id" not in frame or not frame["person_id"].isin(concerned).any():
            return frame
        ids = frame["person_id"]
        found = ids.map(by_person).astype("str")
        if ref:
            index = pd.MultiIndex.from_arrays([ids, frame[ref]])
            found = pd.Series(by_ref.reindex(index).to_numpy(), index=frame.index, dtype="str").fillna(found)
        return frame.assign(person_id=found.fillna(ids).astype("str"))

    tables = Frames(view.tables, lambda table: name(view.tables[table], TABLES[table].person))
    keys = name(view.person_keys, "source_ref")
    others = concerned | frozenset(moved["person_now"])
    named = gather_names(tables)
    anew = describe_people(*(frame[frame["person_id"].isin(others)].reset_index(drop=True) for frame in (named, keys)))
    people = pd.concat([view.people[~view.people["person_id"].isin(others)], anew])
    return replace(
        view, tables=tables, person_keys=keys, people=people.sort_values("person_id", ignore_index=True),
        decisions=name(view.decisions, "person_ref"),
    )  # fmt: skip


def _read_same_day(now: Scores, view: View, items: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return the items of now as they would have been on an earlier day, where more than dates could differ."""
    matrix, people = now.matrix, view.people.drop_duplicates("person_id")
    adult_on = birthday(youngest_birth(people), matrix.gates.adult_from_years)
    turned = people.loc[adult_on.gt(pd.Timestamp(day)) & adult_on.le(pd.Timestamp(view.as_of)), "person_id"]
    own = items[items["person_id"].isin(now.table["person_id"])]
    both = own.merge(now.items, on=ITEM_KEY, suffixes=("", "_now"))
    is_timed = matrix.stale.is_down_weighted or both["base"].ne(both["base_now"]).any()
    if not (is_timed or own["person_id"].isin(turned).any()):
        return now.items
    return collect_items(replace(view, as_of=day), matrix)


def _list_one_sided(then: pd.DataFrame, now: pd.DataFrame, people: frozenset[str]) -> frozenset[str]:
    """Return the item_id of every item that somebody scored has at one meeting only."""
    sides = [frame.loc[frame["person_id"].isin(people), ITEM_KEY] for frame in (then, now)]
    return frozenset(pd.concat(sides).drop_duplicates(keep=False)["item_id"])


def read_known(view: View, refs: frozenset[str], matrix: Matrix) -> pd.DataFrame:
    """Read what the records say under these references, whether or not it makes an item (`KNOWN_COLUMNS`)."""
    crimes = {name: _under(view[name], "crime_ref", refs) for name in ("crimes", "crime_suspects")}
    outcomes = read_outcomes(replace(view, tables=crimes), matrix)
    live = view["intel_reports"][view["intel_reports"]["status"].eq("LIVE")]
    reports = _under(view["intel_subjects"], "report_ref", refs).merge(live, on="report_ref")
    custody, orders = _under(view["custody"], "custody_ref", refs), _under(view["orders"], "order_ref", refs)
    links = _under(view["line_people"], "link_ref", refs)
    is_first = reports["position"].eq(ORDER_NAMED_FIRST).map({True: "first", False: "beside"})
    parts = (
        (outcomes, "crime_ref", ("outcome", "criterion"), outcomes["role"]),
        (reports, "report_ref", ("grade", "theme"), is_first),
        (custody, "custody_ref", ("disposal", "offence"), ""),
        (orders, "order_ref", ("order_type", "basis"), ""),
        (links, "link_ref", ("grade",), links["role"]),
    )
    frames = [
        pd.DataFrame({"person_id": frame["person_id"], "item_id": frame[ref], "part": part,
                      "said": frame[list(said)].fillna("").astype("str").agg("/".join, axis="columns")})
        for frame, ref, said, part in parts if len(frame)
    ]  # fmt: skip
    found = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(KNOWN_COLUMNS))
    return found.dropna(subset=["person_id"]).astype("str")[list(KNOWN_COLUMNS)]


def _under(frame: pd.DataFrame, ref: str, refs: frozenset[str]) -> pd.DataFrame:
    return frame[frame[ref].isin(refs)].reset_index(drop=True)
