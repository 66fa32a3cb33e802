"""The list in some months if nothing new comes: who falls below the cut, whose review falls due, who is released.

Points fade by the calendar, so this is a sum and no guess: the same records, scored as at later days. It takes for
granted that reviews are held when they fall due, and says which those are; were one not held, gate g4 would leave that
person out. It says what the list would do, never what a person will.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from typing import Any

import pandas as pd

from csp_toolkit.display.values import show_date
from csp_toolkit.display.wording import check_sentence, count_in_words, join_in_words
from csp_toolkit.scoring.assessment import reckon_each
from csp_toolkit.scoring.blocks import HELD, RANKED
from csp_toolkit.scoring.evidence.register import read_register
from csp_toolkit.scoring.ranking import AMBER, GREEN, RED, Scores
from csp_toolkit.tables.ages import birthday, youngest_birth
from csp_toolkit.tables.on_demand import Frames
from csp_toolkit.tables.view import View

EVENT_COLUMNS = ("person_id", "kind", "on", "month", "words")
FALLS, ENTERS, BAND, OUT, REVIEW, RELEASE, ADULT = KINDS = (
    "falls below the cut", "comes within the cut", "lower band", "left out", "review due", "release due", "turns 18",
)  # fmt: skip
_HIGHER = {GREEN: 0, AMBER: 1, RED: 2}
_COUNTED = {
    FALLS: ("person falls below the cut", "people fall below the cut"),
    ENTERS: ("comes within it", "come within it"),
    BAND: ("person drops a band", "people drop a band"),
    OUT: ("person is left out by a gate", "people are left out by a gate"),
    REVIEW: ("review falls due", "reviews fall due"),
    RELEASE: ("release falls due", "releases fall due"),
    ADULT: ("person turns 18", "people turn 18"),
}


@dataclass(frozen=True, eq=False)
class Outlook:
    """The list as time alone would leave it.

    Attributes
    ----------
    table : one row a person scored now and a later day: person_id, on, score (ten-thousandths), band, block, rank;
        missing where a gate would leave them out, then gate and reason.
    events : one row for each thing that time brings (`EVENT_COLUMNS`): `on` is its day, of places and bands the first
        of the later days by which it has come; `month` counts which of these that is, from 1.
    as_of : the day of the list. days : the later ones. seats : the places above the cut.
    """

    table: pd.DataFrame
    events: pd.DataFrame
    as_of: date
    days: tuple[date, ...]
    seats: int

    def explain(self, person_id: str) -> str:
        """Say in one sentence what time alone brings for a person."""
        own = self.events[self.events["person_id"].eq(person_id)]
        if own.empty:
            return f"Nothing falls due before {show_date(self.days[-1])}, if nothing new comes." if self.days else ""
        return f"If nothing new comes: {'; '.join(own['words'])}."

    @property
    def sentences(self) -> list[str]:
        """Return one sentence for each month ahead: what it brings, in counts."""
        said = []
        for month, day in enumerate(self.days, start=1):
            counts = self.events.loc[self.events["month"].eq(month), "kind"].value_counts()
            parts = [count_in_words(int(counts[kind]), *_COUNTED[kind]) for kind in KINDS if kind in counts]
            since = show_date(self.as_of if month == 1 else self.days[month - 2])
            brings = join_in_words(parts) or "nothing changes"
            said.append(check_sentence(f"If nothing new comes, from {since} to {show_date(day)} {brings}."))
        return said

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><td>{escape(sentence)}</td></tr>" for sentence in self.sentences)
        caption = f"The list as at {self.as_of} scored on the same records at {len(self.days)} later days."
        return f"<table><caption>{escape(caption)}</caption><tbody>{rows}</tbody></table>"


def look_ahead(view: View, scores: Scores, *, months: Sequence[int]) -> Outlook:
    """Score the same records as at later days and list what time alone brings.

    Parameters
    ----------
    scores : the view's scores; whoever has none now is not followed, but where they come within the cut.
    months : how many calendar months ahead, rising; the day of the month stays, or is its last.
    """
    days = tuple((pd.Timestamp(view.as_of) + pd.DateOffset(months=n)).date() for n in months)
    moved = [_move(view, scores, day) for day in days]
    later = [_cap_bands(then, scores) for then in reckon_each(moved, scores.matrix, before=scores)] if days else []
    seats = scores.matrix.movement.top
    events = pd.concat([
        _follow_places(scores, later, seats), _list_reviews(view, scores, days), _list_releases(view, scores, days),
        _list_birthdays(view, scores, days),
    ], ignore_index=True)  # fmt: skip
    kinds = pd.Categorical(events["kind"], categories=KINDS, ordered=True)
    events = events.assign(order=kinds).astype({"on": "datetime64[us]", "month": "Int64"})
    events = events.sort_values(["on", "order", "person_id"], kind="stable", ignore_index=True)[list(EVENT_COLUMNS)]
    return Outlook(_tabulate(scores, later), events, view.as_of, days, seats)


def _move(view: View, scores: Scores, day: date) -> View:
    """Return the same records as at a later day, the reviews of whoever is scored held on time."""
    held = view["reviews"]["person_id"].isin(scores.table["person_id"])
    reviews = view["reviews"].assign(
        last_review_on=view["reviews"]["last_review_on"].mask(held, pd.Timestamp(day)),
        next_review_on=view["reviews"]["next_review_on"].mask(held, pd.Timestamp(day)),
    )
    tables = Frames(view.tables, lambda name: reviews if name == "reviews" else view.tables[name])
    return replace(view, as_of=day, tables=tables)


def _cap_bands(then: Scores, now: Scores) -> Scores:
    """Keep whoever is not Red now for want of chance from being Red later: nothing new came that could raise it."""
    was = then.table["person_id"].map(now.table.set_index("person_id")["band"])
    rises = then.table["band"].eq(RED) & was.notna() & was.ne(RED)
    return replace(then, table=then.table.assign(band=then.table["band"].mask(rises, was)))


def _tabulate(scores: Scores, later: Sequence[Scores]) -> pd.DataFrame:
    columns = ["score", "band", "block", "rank"]
    frames = []
    for then in later:
        own = scores.table[["person_id"]].merge(then.table[["person_id", *columns]], on="person_id", how="left")
        own = own.merge(then.left_out.drop_duplicates("person_id"), on="person_id", how="left")
        frames.append(own.assign(on=pd.Timestamp(then.as_of)))
    empty = pd.DataFrame(columns=["person_id", "on", *columns, "gate", "reason"])
    table = pd.concat(frames, ignore_index=True)[list(empty.columns)] if frames else empty
    return table.sort_values(["person_id", "on"], kind="stable", ignore_index=True)


def _follow_places(scores: Scores, later: Sequence[Scores], seats: int) -> pd.DataFrame:
    """List who falls below the cut, comes within it, drops a band or is left out, by the first day that shows it."""
    rows: list[tuple[str, str, date, int, str]] = []
    seen: set[tuple[str, str]] = set()
    was = scores
    for month, then in enumerate(later, start=1):
        before, after = was.table.set_index("person_id"), then.table.set_index("person_id")
        gone = then.left_out.drop_duplicates("person_id").set_index("person_id")
        for person in sorted({*before.index, *after.index}):
            for kind, words in _name_changes(before, after, gone, str(person), seats, then.as_of):
                if (str(person), kind) not in seen or kind == BAND:
                    rows.append((str(person), kind, then.as_of, month, words))
                    seen.add((str(person), kind))
        was = then
    return pd.DataFrame(rows, columns=list(EVENT_COLUMNS))


def _name_changes(before: pd.DataFrame, after: pd.DataFrame, gone: pd.DataFrame, person: str, seats: int, day: date,
                  ) -> list[tuple[str, str]]:  # fmt: skip
    by = f"by {show_date(day)}"
    if person not in after.index:
        gate = f"{gone['gate'][person]}: {gone['reason'][person]}" if person in gone.index else "not on the register"
        return [(OUT, f"left out {by} ({gate})")]
    row = after.loc[person]
    if person not in before.index:
        return [(ENTERS, _say_place(row, "comes within", by))] if _has_seat(row, seats) else []
    old, found = before.loc[person], []
    if _has_seat(old, seats) and row["block"] == RANKED and not _has_seat(row, seats):
        found.append((FALLS, f"{_say_place(row, 'falls below', by)}, from {_ordinal(int(old['rank']))}"))
    if _has_seat(row, seats) and not _has_seat(old, seats):
        was = _ordinal(int(old["rank"])) if old["block"] == RANKED else "another block"
        found.append((ENTERS, f"{_say_place(row, 'comes within', by)}, from {was}"))
    if _HIGHER[row["band"]] < _HIGHER[old["band"]]:
        found.append((BAND, f"from {old['band']} to {row['band']} {by}"))
    return found


def _has_seat(row: Any, seats: int) -> bool:  # noqa: ANN401 (a row of scores)
    return bool(row["block"] == RANKED and row["rank"] <= seats)


def _say_place(row: Any, verb: str, by: str) -> str:  # noqa: ANN401
    return f"{verb} the cut {by}: {_ordinal(int(row['rank']))}"


def _ordinal(n: int) -> str:
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def _list_reviews(view: View, scores: Scores, days: Sequence[date]) -> pd.DataFrame:
    """List whose next review falls due: its day, or the last that the limit since the review before allows."""
    register = read_register(view)
    register = register[register["person_id"].isin(scores.table["person_id"])]
    rules = scores.matrix.gates
    is_child = register["age_years"].lt(rules.adult_from_years).fillna(True).astype(bool)  # noqa: FBT003
    limit = pd.to_timedelta(is_child.map({True: rules.review_days_child, False: rules.review_days}), unit="D")
    due_on = pd.concat([register["next_review_on"], register["last_review_on"] + limit], axis="columns").min(axis=1)
    return _dated(register["person_id"], due_on, view.as_of, days, REVIEW, "review due on {}")


def _list_releases(view: View, scores: Scores, days: Sequence[date]) -> pd.DataFrame:
    """List whose release from custody falls due, by the newest prison record."""
    stays = view["prison_stays"].dropna(subset=["person_id"])
    is_here = ~(stays["received_on"] > pd.Timestamp(view.as_of))
    stays = stays[stays["person_id"].isin(scores.table["person_id"]) & is_here]
    stays = stays.sort_values(["person_id", "received_on", "source_ref"], kind="stable", na_position="first")
    newest = stays.drop_duplicates("person_id", keep="last")
    held = newest[newest["status"].isin(HELD) & ~(newest["released_on"] <= pd.Timestamp(view.as_of))]
    return _dated(held["person_id"], held["release_due_on"], view.as_of, days, RELEASE, "release due on {}")


def _list_birthdays(view: View, scores: Scores, days: Sequence[date]) -> pd.DataFrame:
    people = view.people.drop_duplicates("person_id")
    people = people[people["person_id"].isin(scores.table["person_id"])].reset_index(drop=True)
    adult_on = birthday(youngest_birth(people), scores.matrix.gates.adult_from_years)
    return _dated(people["person_id"], adult_on, view.as_of, days, ADULT, "turns 18 on {}")


def _dated(people: pd.Series, on: pd.Series, as_of: date, days: Sequence[date], kind: str, words: str) -> pd.DataFrame:
    """List what falls after the list's day and not after the last later one."""
    ends = [pd.Timestamp(as_of), *map(pd.Timestamp, days)]
    found = pd.DataFrame({"person_id": people.to_numpy(), "on": on.to_numpy()}).dropna()
    month = pd.cut(found["on"], ends, labels=False, right=True) + 1 if days else pd.Series(dtype="float64")
    found = found.assign(kind=kind, month=month).dropna(subset=["month"])
    return found.assign(words=[words.format(show_date(day)) for day in found["on"]])[list(EVENT_COLUMNS)]
