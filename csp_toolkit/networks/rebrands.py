"""A line that falls silent and may have come back under a new name and number: a suggestion, with its reasons.

Two lines are one network's only if somebody who knows says so. What is printed are the signs, for and against, each
with what it counts; a chance of being one is not given, for nobody has counted how often such signs are right.
"""

from dataclasses import dataclass
from itertools import product

import pandas as pd

from csp_toolkit.networks.areas import UNKNOWN, Areas
from csp_toolkit.networks.border_policy import BorderPolicy, RebrandPolicy
from csp_toolkit.networks.line_reach import Reach
from csp_toolkit.networks.sources import people_kept_out
from csp_toolkit.tables.view import View

REBRAND_COLUMNS = ("old_line", "new_line", "old_brand", "new_brand", "silent_on", "began_on", "gap_days", "counts",
                   "n_people", "n_signs_for", "n_signs_against", "sentence")  # fmt: skip
SIGN_COLUMNS = ("old_line", "new_line", "sign", "n", "counts", "words")
DECIMALS = 3


@dataclass(frozen=True, eq=False)
class Rebrands:
    """Lines that may be one under two names.

    Attributes
    ----------
    table : one row a suggestion (`REBRAND_COLUMNS`), the strongest first. `n_people` are linked to both.
    signs : one row a sign (`SIGN_COLUMNS`), for (above nought) and against (below it); they sum to `counts`.
    considered : every pair that the days allow, suggested or not: old_line, new_line, gap_days, counts, is_suggested.
    """

    table: pd.DataFrame
    signs: pd.DataFrame
    considered: pd.DataFrame
    policy: BorderPolicy

    def explain(self, old_line: str, new_line: str) -> str:
        """Say what speaks for and against two lines being one, whether or not it is suggested."""
        signs = self.signs[(self.signs["old_line"] == old_line) & (self.signs["new_line"] == new_line)]
        if signs.empty:
            return "The days do not allow it, or nothing speaks for it."
        said = "; ".join(f"{words} ({counts:+.2f})" for words, counts in zip(signs["words"], signs["counts"], strict=True))
        return f"{said}. In all {signs['counts'].sum():.2f}; suggested from {self.policy.rebrand.at_least:.2f}."


def suggest_rebrands(view: View, reach: Reach, policy: BorderPolicy) -> Rebrands:
    """Suggest which new lines may be old ones under another name and number.

    Parameters
    ----------
    view : the lines, their numbers, people and addresses.
    reach : what `trace_lines` returned.

    Notes
    -----
    The old line was last active no more than `most_gap_days` before the new one was first seen, or `most_overlap_days`
    after it, and the new one began later than the old. Householders and those who buy are not signs of one network:
    they are found by whoever comes next.
    """
    rule, lines = policy.rebrand, reach.table.set_index("line_ref")
    ended = lines[lines["last_active_on"].notna()]
    evidence = _Evidence(view, reach)
    signs: list[tuple[object, ...]] = []
    considered = []
    for old, new in product(ended.index, lines.index):
        gap = (lines.at[new, "first_seen_on"] - lines.at[old, "last_active_on"]).days
        is_later = lines.at[new, "first_seen_on"] > lines.at[old, "first_seen_on"]
        if old == new or pd.isna(gap) or not is_later or not -rule.most_overlap_days <= gap <= rule.most_gap_days:
            continue
        found = evidence.compare(old, new, rule)
        binds = any(sign in ("shared number", "shared person", "shared address") for sign, *_ in found)
        counts = round(sum(c for _, _, c, _ in found), DECIMALS)
        considered.append((old, new, gap, counts, "Y" if binds and counts >= rule.at_least else "N"))
        signs += [(old, new, *sign) for sign in found]
    pairs = pd.DataFrame(considered, columns=["old_line", "new_line", "gap_days", "counts", "is_suggested"])
    all_signs = pd.DataFrame(signs, columns=list(SIGN_COLUMNS))
    table = _describe(pairs[pairs["is_suggested"] == "Y"], all_signs, lines)
    pairs = pairs.sort_values(["old_line", "new_line"], kind="stable", ignore_index=True)
    return Rebrands(table, all_signs, pairs, policy)


class _Evidence:
    """What each line is known by: its numbers, people, addresses, group, drugs and areas."""

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

    def compare(self, old: str, new: str, rule: RebrandPolicy) -> list[tuple[str, int, float, str]]:
        """Return the signs for and against two lines being one: sign, how many, what it counts, in words."""
        found = [self._share_numbers(old, new, rule), self._share_people(old, new, rule),
                 self._came_over(old, new, rule), self._share_addresses(old, new, rule),
                 self._share_deal(old, new, rule), self._compare_groups(old, new, rule),
                 self._compare_drugs(old, new, rule), self._compare_areas(old, new, rule),
                 self._compare_homes(old, new, rule)]  # fmt: skip
        return [sign for sign in found if sign is not None and sign[2] != 0]

    def _share_numbers(self, old: str, new: str, rule: RebrandPolicy) -> tuple[str, int, float, str] | None:
        n = len(self._numbers.get(old, set()) & self._numbers.get(new, set()))
        return ("shared number", n, rule.shared_number, f"{n} of its numbers used by both") if n else None

    def _share_people(self, old: str, new: str, rule: RebrandPolicy) -> tuple[str, int, float, str] | None:
        both = sorted(self._people.get(old, set()) & self._people.get(new, set()))
        if not both:
            return None
        weight = sum(rule.shared_person / (int(self._n_lines[p]) - 1) for p in both)
        only = sum(int(self._n_lines[p]) == 2 for p in both)
        words = f"{_people(len(both))} recorded in both lines ({only or 'none'} of them in no other)"
        return "shared person", len(both), round(min(weight, rule.shared_person_most), DECIMALS), words

    def _came_over(self, old: str, new: str, rule: RebrandPolicy) -> tuple[str, int, float, str] | None:
        theirs = self._people.get(new, set())
        n = len(self._people.get(old, set()) & theirs)
        if n < rule.came_over_from:
            return None
        words = f"{n} of the {len(theirs)} people of the new one were in the old"
        return "came over", n, round(rule.came_over * n / len(theirs), DECIMALS), words

    def _share_deal(self, old: str, new: str, rule: RebrandPolicy) -> tuple[str, int, float, str] | None:
        deals = [self._deals[line] for line in (old, new)]
        if not deals[0] or deals[0] != deals[1]:
            return None
        n = int((self._deals == deals[0]).sum())
        return "deal", n, round(rule.same_deal / (n - 1), DECIMALS), f"the same wording of the deal, which {n} lines use"

    def _share_addresses(self, old: str, new: str, rule: RebrandPolicy) -> tuple[str, int, float, str] | None:
        n = len(self._addresses.get(old, set()) & self._addresses.get(new, set()))
        words = f"{n} {'address' if n == 1 else 'addresses'} used by both"
        return ("shared address", n, rule.shared_address, words) if n else None

    def _compare_groups(self, old: str, new: str, rule: RebrandPolicy) -> tuple[str, int, float, str] | None:
        groups = [self._lines.at[line, "controlling_group"] for line in (old, new)]
        if any(pd.isna(group) for group in groups):
            return None
        if groups[0] == groups[1]:
            return "group", 1, rule.same_group, "one group recorded as controlling both"
        return "group", 1, rule.other_group, "recorded as controlled by two groups"

    def _compare_drugs(self, old: str, new: str, rule: RebrandPolicy) -> tuple[str, int, float, str] | None:
        ours, theirs = self._drugs[old], self._drugs[new]
        if not ours or not theirs:
            return None
        if ours == theirs:
            return "drugs", len(ours), rule.same_drugs, "the same drugs"
        return None if ours & theirs else ("drugs", 0, rule.other_drugs, "other drugs")

    def _compare_areas(self, old: str, new: str, rule: RebrandPolicy) -> tuple[str, int, float, str] | None:
        ours, theirs = self._hosts.get(old, set()), self._hosts.get(new, set())
        same = ours == theirs and bool(ours)
        names = " and ".join(self._areas.name_of(code) for code in sorted(ours))
        return ("hosts", len(ours), rule.same_hosts, f"both run into {names}") if same else None

    def _compare_homes(self, old: str, new: str, rule: RebrandPolicy) -> tuple[str, int, float, str] | None:
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


def _describe(pairs: pd.DataFrame, signs: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for old, new, gap, counts, _ in pairs.itertuples(index=False):
        of = signs[(signs["old_line"] == old) & (signs["new_line"] == new)]
        n_people = int(of.loc[of["sign"] == "shared person", "n"].sum())
        speaks, against = of[of["counts"] > 0], of[of["counts"] < 0]
        silent, began = lines.at[old, "last_active_on"], lines.at[new, "first_seen_on"]
        when = f"{gap} days after" if gap >= 0 else f"{-gap} days before"
        sentence = (
            f"{lines.at[new, 'brand']} may be {lines.at[old, 'brand']} under a new name: first seen {when} it was last "
            f"recorded as active. For it: {'; '.join(speaks['words'])}. "
            f"Against it: {'; '.join(against['words']) or 'nothing recorded'}. Another network may have taken the vacancy."
        )
        rows.append((old, new, lines.at[old, "brand"], lines.at[new, "brand"], silent, began, gap, counts, n_people,
                     len(speaks), len(against), sentence))  # fmt: skip
    table = pd.DataFrame(rows, columns=list(REBRAND_COLUMNS))
    return table.sort_values(["counts", "old_line", "new_line"], ascending=[False, True, True], kind="stable",
                             ignore_index=True)  # fmt: skip
