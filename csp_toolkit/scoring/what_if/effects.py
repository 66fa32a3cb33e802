"""What a judgement of identity does to the list: beforehand, match by match, and afterwards, in counts.

    csp.weigh_matches(view, scores)          # what each open possible match would change, weightiest first
    csp.compare_judged(before, after)        # what judgements did change: people, scores, rows of the ledger

Nothing here says who is who. It says where a wrong answer, or none, matters most.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from csp_toolkit.scoring.assessment import score
from csp_toolkit.scoring.ranking import Scores, print_points
from csp_toolkit.tables.assembly import gather_names
from csp_toolkit.tables.governance import Governance
from csp_toolkit.tables.identity import describe_people
from csp_toolkit.tables.on_demand import Frames
from csp_toolkit.tables.view import View

EFFECT_COLUMNS = (
    "match_id", "person_ids", "p_same", "change", "points_before", "points_after", "rank_before", "rank_after",
    "gate_after", "words",
)  # fmt: skip
LEAVES, ENTERS, BAND, PLACE, POINTS, NOTHING = (
    "leaves the ranking", "enters the ranking", "other band or block", "other place", "other points", "nothing",
)  # fmt: skip
CHANGES = (LEAVES, ENTERS, BAND, PLACE, POINTS, NOTHING)


def weigh_matches(
    view: View, scores: Scores, *, vulnerable: Collection[str] = frozenset(), governance: Governance | None = None
) -> pd.DataFrame:
    """Say what each open possible match would change if its records were one person's.

    Parameters
    ----------
    scores : the view's scores, by whose matrix everything is weighed.
    vulnerable : who meets the threshold of harm suffered, as `score` takes it.

    Returns
    -------
    One row per match (`EFFECT_COLUMNS`), the weightiest first: who would leave or enter the ranking, then another
    band or block, another place, other points. `points_before` is that of the highest scored of them, in
    ten-thousandths. A match of people none of whom is on the register changes nothing.

    Notes
    -----
    Each match is weighed by itself, every other one left open: what two do together, where both are one person, is not
    said. Matches that touch nobody in common (`add_tied`) are scored at once, in a view in which the people of each are
    one, and each is then placed among the others with what it alone changes of theirs.
    """
    pool = frozenset(scores.table["person_id"]) | frozenset(scores.left_out["person_id"])
    groups = view.possible_matches.groupby("match_id")["person_id"].unique()
    groups = {str(match): tuple(sorted(people)) for match, people in groups.items()}
    concerned = {match: people for match, people in groups.items() if pool & set(people) and len(people) > 1}
    table, left_out = _index(scores)
    rows = {match: _unchanged(people) for match, people in groups.items() if match not in concerned}
    vulnerable = frozenset(vulnerable)

    def score_merged(batch: Mapping[str, tuple[str, ...]]) -> Scores:
        keeper = {person: people[0] for people in batch.values() for person in people}
        harmed = frozenset(keeper.get(person, person) for person in vulnerable)
        return score(merge_people(view, keeper), scores.matrix, governance=governance, vulnerable=harmed)

    reach = {match: tuple(sorted(add_tied(people, view))) for match, people in concerned.items()}
    for batch in part_matches(reach):
        merged = score_merged({match: concerned[match] for match in batch})
        after, out = _index(merged)
        for match, touched in batch.items():
            people = concerned[match]
            rivals = _take_rivals(scores, merged, people, touched)
            rows[match] = _weigh(people, rivals, table, left_out, after.get(people[0]), out.get(people[0]))
    chances = view.possible_matches.groupby("match_id")["p_same"].max()
    found = pd.DataFrame([{"match_id": match, **row} for match, row in rows.items()], columns=list(EFFECT_COLUMNS))
    found["p_same"] = found["match_id"].map(chances).astype("float64")
    weight = found["change"].map({change: place for place, change in enumerate(CHANGES)})
    moved = (found["points_after"].fillna(0) - found["points_before"].fillna(0)).abs().astype("float64")
    found = found.assign(weight=weight, moved=-moved).sort_values(["weight", "moved", "match_id"], kind="stable")
    whole = ("points_before", "points_after", "rank_before", "rank_after")
    types = {name: "Int64" if name in whole else "str" for name in EFFECT_COLUMNS if name != "p_same"}
    return found[list(EFFECT_COLUMNS)].astype(types).reset_index(drop=True)


def merge_people(view: View, keeper: Mapping[str, str]) -> View:
    """Return the view as it would be were each person the one that `keeper` names."""
    tables = Frames(view.tables, lambda name: _rename(view.tables[name], keeper))
    keys = _rename(view.person_keys, keeper)
    kept = set(keeper.values())
    named = gather_names(tables)
    named, own_keys = (frame[frame["person_id"].isin(kept)].reset_index(drop=True) for frame in (named, keys))
    people = pd.concat([view.people[~view.people["person_id"].isin(keeper)], describe_people(named, own_keys)])
    matches = _rename(view.possible_matches, keeper)
    several = matches.groupby("match_id")["person_id"].transform("nunique") > 1
    return replace(
        view, tables=tables, people=people.sort_values("person_id", ignore_index=True), person_keys=keys,
        possible_matches=matches[several].reset_index(drop=True), decisions=_rename(view.decisions, keeper),
        ever=Frames(view.ever, lambda name: _rename(view.ever[name], keeper)),
    )  # fmt: skip


def _rename(frame: pd.DataFrame, keeper: Mapping[str, str]) -> pd.DataFrame:
    if "person_id" not in frame:
        return frame
    ids = frame["person_id"]
    return frame.assign(person_id=ids.map(keeper).fillna(ids).astype("str")) if ids.isin(list(keeper)).any() else frame


def part_matches(matches: Mapping[str, tuple[str, ...]]) -> Iterator[dict[str, tuple[str, ...]]]:
    """Part matches into batches in which nobody stands twice, so that each can be weighed by itself."""
    left = dict(sorted(matches.items()))
    while left:
        taken: set[str] = set()
        batch = {}
        for match, people in left.items():
            if not taken & set(people):
                taken |= set(people)
                batch[match] = people
        yield batch
        left = {match: people for match, people in left.items() if match not in batch}


def add_tied(people: Collection[str], view: View) -> frozenset[str]:
    """Add whoever is a suspect in a crime with one of some people, for co-offending, or in an open match, for gate g7.

    Nothing else ties what one person scores, or the gates of one, to another person.
    """
    found = set(people)
    for frame, key in ((view["crime_suspects"], "crime_ref"), (view.possible_matches, "match_id")):
        shared = frame.loc[frame["person_id"].isin(list(people)), key].dropna()
        found.update(frame.loc[frame[key].isin(shared), "person_id"].dropna())
    return frozenset(found)


def _index(scores: Scores) -> tuple[dict[str, dict[str, object]], dict[str, dict[str, object]]]:
    table, left_out = (frame.set_index("person_id").to_dict("index") for frame in (scores.table, scores.left_out))
    return table, left_out


def _take_rivals(scores: Scores, merged: Scores, people: Collection[str], touched: Collection[str]) -> pd.DataFrame:
    """Return everybody else's points and block: of those the match touches as it would leave them, of others as now."""
    own, is_touched = scores.table, merged.table["person_id"].isin(list(touched))
    both = pd.concat([own[~own["person_id"].isin(list(touched))], merged.table[is_touched]])
    return both.loc[~both["person_id"].isin(list(people)), ["score", "block"]]


def _unchanged(people: tuple[str, ...]) -> dict[str, object]:
    words = "none of them is on the register; nothing in the list changes"
    return {"person_ids": "; ".join(people), "change": NOTHING, "words": words}


def _weigh(
    people: tuple[str, ...], rivals: pd.DataFrame, table: Mapping[str, dict[str, object]],
    left_out: Mapping[str, dict[str, object]], after: dict[str, object] | None, out: dict[str, object] | None,
) -> dict[str, object]:  # fmt: skip
    before = [table[person] for person in people if person in table]
    best = max(before, key=lambda row: int(str(row["score"])), default=None)
    now = {"person_ids": "; ".join(people), "points_before": best and best["score"],
           "rank_before": best and best["rank"]}  # fmt: skip
    is_out = sorted(str(left_out[person]["gate"]) for person in people if person in left_out)
    was = f"{_say(best)} now" if best else f"left out now ({', '.join(is_out) or 'no points'})"
    if after is None:
        why = f"{out['gate']}: {out['reason']}" if out else "no points"
        change = LEAVES if best else NOTHING
        words = f"would be left out ({why}); {was}" if best else f"left out either way ({why})"
        return now | {"change": change, "gate_after": out and out["gate"], "words": words}
    place = int((rivals["block"].eq(after["block"]) & (rivals["score"] > after["score"])).sum()) + 1
    after = after | {"rank": place}
    words = f"would be {_say(after)}; {was}"
    if len(before) > 1:
        words += f", and {len(before) - 1} more of them in the list"
    return now | {
        "change": _name_change(best, after),
        "points_after": after["score"],
        "rank_after": place,
        "words": words,
    }


def _name_change(before: dict[str, object] | None, after: dict[str, object]) -> str:
    if before is None:
        return ENTERS
    if (before["band"], before["block"]) != (after["band"], after["block"]):
        return BAND
    if before["rank"] != after["rank"]:
        return PLACE
    return POINTS if before["score"] != after["score"] else NOTHING


def _say(row: dict[str, object]) -> str:
    return f"{print_points(row['score'])} points, {row['band']}, place {row['rank']} of block {row['block']}"


@dataclass(frozen=True)
class Correction:
    """What judgements changed, in counts; whom, stays in the tables of a run."""

    n_joined: int
    n_split: int
    n_scores_changed: int
    n_entered: int
    n_left: int
    n_ledger_rows_moved: int
    n_contradictions: int

    def __str__(self) -> str:
        held = f" {self.n_contradictions} links are held against a judgement." if self.n_contradictions else ""
        return (
            f"{self.n_joined} people joined to another, {self.n_split} split off; {self.n_scores_changed} scores "
            f"changed, {self.n_entered} entered the list and {self.n_left} left it; {self.n_ledger_rows_moved} rows "
            f"of the ledger moved.{held}"
        )


def compare_judged(before: tuple[View, Scores], after: tuple[View, Scores]) -> Correction:
    """Count what judgements changed between two views of one casebook, each with its scores."""
    (view, scores), (new_view, new_scores) = before, after
    both = view.person_keys.merge(new_view.person_keys, on=["source_system", "source_ref"], suffixes=("_was", "_is"))
    both = both.drop_duplicates(["person_id_was", "person_id_is"])
    # Of somebody split, the part that keeps the name is who they were.
    both = both.assign(other=both["person_id_was"].ne(both["person_id_is"])).sort_values("other", kind="stable")
    named = both.drop_duplicates("person_id_was").set_index("person_id_was")["person_id_is"]
    old = scores.table.assign(person_id=scores.table["person_id"].map(named))
    old, new = (frame.groupby("person_id")["score"].max().to_dict() for frame in (old, new_scores.table))
    ledger = scores.ledger.assign(person_id=scores.ledger["person_id"].map(named))
    rows, new_rows = (
        Counter(frame[["person_id", "criterion", "item_id", "points"]].itertuples(index=False, name=None))
        for frame in (ledger, new_scores.ledger)
    )
    return Correction(
        n_joined=len(both) - both["person_id_is"].nunique(),
        n_split=len(both) - both["person_id_was"].nunique(),
        n_scores_changed=sum(new[person] != points for person, points in old.items() if person in new),
        n_entered=len(new.keys() - old.keys()), n_left=len(old.keys() - new.keys()),
        n_ledger_rows_moved=max((rows - new_rows).total(), (new_rows - rows).total()),
        n_contradictions=len(new_view.contradictions),
    )  # fmt: skip
