"""The signs by which two drug lines may be one under two names: numbers, people, addresses, deal, group, drugs, areas.

Householders whose home was taken over and those who buy are no sign: whoever comes next finds them.
"""

import pandas as pd

from csp_toolkit.networks.borders.areas import UNKNOWN
from csp_toolkit.networks.borders.line_reach import Reach
from csp_toolkit.networks.borders.policy import RebrandPolicy
from csp_toolkit.networks.evidence.sources import people_kept_out
from csp_toolkit.tables.view import View

DECIMALS = 3
BINDING = ("shared number", "shared person", "shared address")
Sign = tuple[str, int, float, str]  # sign, how many, what it counts, in words


class LineSigns:
    """What each line is known by: its numbers, people, addresses, deal, group, drugs and areas."""

    def __init__(self, view: View, reach: Reach) -> None:
        links = view["line_people"]
        links = links[links["role"].ne("USER") & ~links["person_id"].isin(people_kept_out(view))]
        self._numbers = _sets(view["line_phones"], "number")
        self._people = _sets(links, "person_id")
        self._addresses = _sets(view["line_addresses"], "uprn")
        self._n_lines = links.drop_duplicates(["line_ref", "person_id"])["person_id"].value_counts()
        lines = view["lines"].drop_duplicates("line_ref").set_index("line_ref")
        self._deals = lines["deal"].fillna("").map(lambda text: " ".join(text.casefold().split()))
        self._drugs = lines["drugs"].fillna("").map(lambda text: {d.strip() for d in text.split(";") if d.strip()})
        self._lines, self._areas = reach.table.set_index("line_ref"), reach.areas
        hosts = reach.areas_of[(reach.areas_of["part"] == "host") & (reach.areas_of["area"] != UNKNOWN)]
        self._hosts = {ref: set(group["area"]) for ref, group in hosts.groupby("line_ref")}

    def compare(self, old: str, new: str, rule: RebrandPolicy) -> list[Sign]:
        """Return the signs for and against two lines being one: sign, how many, what it counts, in words."""
        found = [self._share_numbers(old, new, rule), self._share_people(old, new, rule),
                 self._came_over(old, new, rule), self._share_addresses(old, new, rule),
                 self._share_deal(old, new, rule), self._compare_groups(old, new, rule),
                 self._compare_drugs(old, new, rule), self._compare_areas(old, new, rule),
                 self._compare_homes(old, new, rule)]  # fmt: skip
        return [sign for sign in found if sign is not None and sign[2] != 0]

    def _share_numbers(self, old: str, new: str, rule: RebrandPolicy) -> Sign | None:
        n = len(self._numbers.get(old, set()) & self._numbers.get(new, set()))
        return ("shared number", n, rule.shared_number, f"{n} of its numbers used by both") if n else None

    def _share_people(self, old: str, new: str, rule: RebrandPolicy) -> Sign | None:
        both = sorted(self._people.get(old, set()) & self._people.get(new, set()))
        if not both:
            return None
        weight = sum(rule.shared_person / (int(self._n_lines[p]) - 1) for p in both)
        only = sum(int(self._n_lines[p]) == 2 for p in both)
        others = (
            "in no other" if only == len(both) else "in others as well" if not only else f"{only} of them in no other"
        )
        words = f"{_people(len(both))} recorded in both lines, {others}"
        return "shared person", len(both), round(min(weight, rule.shared_person_most), DECIMALS), words

    def _came_over(self, old: str, new: str, rule: RebrandPolicy) -> Sign | None:
        theirs = self._people.get(new, set())
        n = len(self._people.get(old, set()) & theirs)
        if n < rule.came_over_from:
            return None
        whom = f"{n} of the {len(theirs)}" if n < len(theirs) else "both" if n == 2 else f"all {n}"
        words = f"{whom} people recorded in the new one were in the old"
        return "came over", n, round(rule.came_over * n / len(theirs), DECIMALS), words

    def _share_deal(self, old: str, new: str, rule: RebrandPolicy) -> Sign | None:
        deals = [self._deals[line] for line in (old, new)]
        if not deals[0] or deals[0] != deals[1]:
            return None
        n = int((self._deals == deals[0]).sum())
        words = f"the same wording of the deal, which {n} lines use"
        return (
            "deal",
            n,
            round(rule.same_deal / (n - 1), DECIMALS),
            words,
        )

    def _share_addresses(self, old: str, new: str, rule: RebrandPolicy) -> Sign | None:
        n = len(self._addresses.get(old, set()) & self._addresses.get(new, set()))
        words = f"{n} {'address' if n == 1 else 'addresses'} used by both"
        return ("shared address", n, rule.shared_address, words) if n else None

    def _compare_groups(self, old: str, new: str, rule: RebrandPolicy) -> Sign | None:
        groups = [self._lines.at[line, "controlling_group"] for line in (old, new)]
        if any(pd.isna(group) for group in groups):
            return None
        if groups[0] == groups[1]:
            return "group", 1, rule.same_group, "one group recorded as controlling both"
        return "group", 1, rule.other_group, "recorded as controlled by two groups"

    def _compare_drugs(self, old: str, new: str, rule: RebrandPolicy) -> Sign | None:
        ours, theirs = self._drugs[old], self._drugs[new]
        if not ours or not theirs:
            return None
        if ours == theirs:
            return "drugs", len(ours), rule.same_drugs, "the same drugs"
        return None if ours & theirs else ("drugs", 0, rule.other_drugs, "other drugs")

    def _compare_areas(self, old: str, new: str, rule: RebrandPolicy) -> Sign | None:
        ours, theirs = self._hosts.get(old, set()), self._hosts.get(new, set())
        same = ours == theirs and bool(ours)
        names = " and ".join(self._areas.name_of(code) for code in sorted(ours))
        return ("hosts", len(ours), rule.same_hosts, f"both run into {names}") if same else None

    def _compare_homes(self, old: str, new: str, rule: RebrandPolicy) -> Sign | None:
        homes = [self._lines.at[line, "home"] for line in (old, new)]
        if UNKNOWN in homes or homes[0] == homes[1]:
            return None
        names = [self._areas.name_of(code) for code in homes]
        return "homes", 1, rule.other_home, f"recorded as run from {names[0]} and from {names[1]}"


def _sets(rows: pd.DataFrame, column: str) -> dict[str, set[str]]:
    known = rows.dropna(subset=["line_ref", column])
    return {str(ref): set(group) for ref, group in known.groupby("line_ref")[column]}


def _people(n: int) -> str:
    return "1 person" if n == 1 else f"{n} people"
