"""Identities left open: in a draw in which a possible match is one person, the records' items are that person's.

Gates and blocks stay as they are. Whoever of a match is placed best stands for all of it; the others have no place of
their own in such a draw. The items of the joined person are collected anew, so that a crime in which both are named,
or a home that was taken over, is read as it would be of one person.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from csp_toolkit.scoring.evidence.items import collect_items
from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.scoring.what_if.effects import merge_people
from csp_toolkit.tables.draws import MATCH, draw_truths, number_names
from csp_toolkit.tables.joining import join_smallest
from csp_toolkit.tables.view import View


@dataclass(frozen=True, eq=False)
class OpenMatches:
    """The possible matches that are varied.

    Attributes
    ----------
    groups : matches that hang together, each by itself.
    n_unknown : matches of somebody scored with no chance given, which are held apart.
    n_beyond : matches beyond the most that are varied of those that hang together, held apart too.
    """

    groups: tuple["MatchGroup", ...]
    n_unknown: int
    n_beyond: int

    @property
    def n_drawn(self) -> int:
        """Return how many matches are varied."""
        return sum(len(group.matches) for group in self.groups)


@dataclass(frozen=True, eq=False)
class MatchGroup:
    """Matches that hang together: `matches` with their chances, and who of the people is one in each state."""

    matches: tuple[str, ...]
    chances: tuple[float, ...]
    states: tuple[tuple[frozenset[str], ...], ...]

    @property
    def parts(self) -> list[frozenset[str]]:
        """Return every set of people who are one in some state, each once, in a fixed order."""
        return sorted({part for state in self.states for part in state}, key=sorted)


@dataclass(frozen=True, eq=False)
class OpenGroup:
    """A match group on a sheet: which standing each part of it has."""

    group: MatchGroup
    standing_of: Mapping[frozenset[str], int]

    def settle(self, draws: range | None, n_draws: int, *, seed: int) -> dict[int, np.ndarray]:
        """Return in which draws each standing of the group is there; without draws everybody is apart."""
        state = np.zeros(n_draws, dtype="int64")
        if draws is not None:
            numbers = number_names(MATCH, self.group.matches, seed=seed)
            is_one = draw_truths(numbers, np.array(self.group.chances), draws)
            state = (is_one * (1 << np.arange(len(self.group.matches)))[:, None]).sum(axis=0)
        holds = {
            part: np.array([part in state_parts for state_parts in self.group.states]) for part in self.standing_of
        }
        return {standing: holds[part][state] for part, standing in self.standing_of.items()}

    def restrict(self, places: Mapping[int, int]) -> "OpenGroup":
        """Return the group with the standings that `places` gives, and without those it lacks."""
        kept = {part: places[standing] for part, standing in self.standing_of.items() if standing in places}
        return OpenGroup(self.group, kept)


def find_open_matches(view: View, scores: Scores, people: Collection[str], *, most: int) -> OpenMatches:
    """Find the possible matches that could change the score of any of these people.

    Parameters
    ----------
    most : how many matches that hang together are varied; the most open to doubt are, the others are held apart.
    """
    scored = frozenset(people)
    matter = frozenset(scores.table["person_id"]) | frozenset(scores.items["person_id"]) | _marked(view)
    listed = view.possible_matches[["match_id", "person_id", "p_same"]]
    listed = listed[listed["person_id"].isin(matter)]
    listed = listed[listed["match_id"].isin(listed.loc[listed["person_id"].isin(scored), "match_id"])]
    found = listed.groupby("match_id").agg(people=("person_id", frozenset), chance=("p_same", "max"))
    found = found[found["people"].map(len) > 1]
    known = found[found["chance"].notna()]
    groups = list(_hang_together({str(match): people for match, people in known["people"].items()}))
    chance = known["chance"].astype("float64").to_dict()
    made, n_beyond = [], 0
    for group in groups:
        matches = sorted(group, key=lambda match: (abs(chance[match] - 0.5), match))
        n_beyond += len(matches[most:])
        kept = sorted(matches[:most])
        if kept:
            made.append(_make_group(kept, [chance[match] for match in kept], [group[match] for match in kept]))
    return OpenMatches(tuple(made), len(found) - len(known), n_beyond)


def _marked(view: View) -> frozenset[str]:
    """Return who has no items and yet changes how another's are read: a householder, or a member of a group."""
    return frozenset(view["line_cuckooed"]["person_id"].dropna()) | frozenset(
        view["group_members"]["person_id"].dropna()
    )


def _hang_together(matches: Mapping[str, frozenset[str]]) -> Iterator[dict[str, frozenset[str]]]:
    people = sorted(frozenset().union(*matches.values()))
    place = {person: n for n, person in enumerate(people)}
    pairs = [(place[min(group)], place[person]) for group in matches.values() for person in group]
    left, right = np.array(pairs, dtype="int64").reshape(-1, 2).T
    root = join_smallest(len(people), left, right)
    together: dict[int, dict[str, frozenset[str]]] = {}
    for match in sorted(matches):
        together.setdefault(int(root[place[min(matches[match])]]), {})[match] = matches[match]
    yield from together.values()


def _make_group(matches: Sequence[str], chances: Sequence[float], people: Sequence[frozenset[str]]) -> MatchGroup:
    everybody = frozenset().union(*people)
    states = []
    for on in product((False, True), repeat=len(matches)):
        parts = [frozenset([person]) for person in sorted(everybody)]
        for joined in (group for group, is_one in zip(people, reversed(on), strict=True) if is_one):
            touched = [part for part in parts if part & joined]
            parts = [part for part in parts if not part & joined] + [frozenset().union(*touched)]
        states.append(tuple(parts))
    return MatchGroup(tuple(matches), tuple(chances), tuple(states))


def stand(view: View, scores: Scores, open_matches: OpenMatches) -> tuple[pd.DataFrame, list[str], list[OpenGroup]]:
    """Let everybody scored stand, and beside them whoever they may be together with others.

    Returns
    -------
    Items with the `standing` they count for; the person each standing is; the match groups on the sheet.
    """
    people = scores.table["person_id"].tolist()
    place = {person: n for n, person in enumerate(people)}
    who = list(people)
    groups, keepers = [], []
    for group in open_matches.groups:
        standing_of = {}
        for part in group.parts:
            keeper = min((place[person] for person in part if person in place), default=None)
            if keeper is None:
                continue
            standing_of[part] = keeper
            if len(part) > 1:
                standing_of[part] = len(who)
                keepers.append((part, people[keeper], len(who)))
                who.append(people[keeper])
        groups.append(OpenGroup(group, standing_of))
    items = scores.items[scores.items["person_id"].isin(people)]
    parts = [items.assign(standing=items["person_id"].map(place).astype("int64"))]
    parts += list(_collect_joined(view, scores, keepers))
    return pd.concat(parts, ignore_index=True), who, groups


def _collect_joined(
    view: View, scores: Scores, keepers: Sequence[tuple[frozenset[str], str, int]]
) -> Iterator[pd.DataFrame]:
    """Collect the items of each joined person, many at a time where nobody stands in two."""
    left = list(keepers)
    while left:
        taken: set[str] = set()
        batch: list[tuple[frozenset[str], str, int]] = []
        later: list[tuple[frozenset[str], str, int]] = []
        for entry in left:
            (later if taken & entry[0] else batch).append(entry)
            taken |= entry[0]
        merged = merge_people(view, {person: keeper for part, keeper, _ in batch for person in part})
        items = collect_items(merged, scores.matrix)
        standing = {keeper: place for _, keeper, place in batch}
        own = items[items["person_id"].isin(standing)]
        yield own.assign(standing=own["person_id"].map(standing).astype("int64"))
        left = later
