"""A line that falls silent and may have come back under a new name and number: a suggestion, with its reasons.

Two lines are one network's only if somebody who knows says so. What is printed are the signs, for and against, each
with what it counts; a chance of being one is not given, for nobody has counted how often such signs are right.
"""

from dataclasses import dataclass
from itertools import product

import pandas as pd

from csp_toolkit.networks.borders.line_reach import Reach
from csp_toolkit.networks.borders.policy import BorderPolicy
from csp_toolkit.networks.borders.rebrand_signs import BINDING, DECIMALS, LineSigns
from csp_toolkit.tables.deciding.judgements import list_judged_lines
from csp_toolkit.tables.view import View

REBRAND_COLUMNS = ("old_line", "new_line", "old_brand", "new_brand", "silent_on", "began_on", "gap_days", "counts",
                   "n_people", "n_signs_for", "n_signs_against", "sentence")  # fmt: skip
CONSIDERED_TYPES = {
    "old_line": "str",
    "new_line": "str",
    "gap_days": "int64",
    "counts": "float64",
    "is_suggested": "str",
}
SIGN_COLUMNS = ("old_line", "new_line", "sign", "n", "counts", "words")


@dataclass(frozen=True, eq=False)
class Rebrands:
    """Lines that may be one under two names.

    Attributes
    ----------
    table : one row a suggestion (`REBRAND_COLUMNS`), the strongest first. `n_people` are linked to both.
    signs : one row a sign (`SIGN_COLUMNS`), for (above nought) and against (below it); they sum to `counts`.
    considered : every pair that the days allow, suggested or not: old_line, new_line, gap_days, counts, is_suggested.
    settled : pairs of lines that somebody judged to be one, or not: line_a, line_b, brand_a, brand_b, verdict,
        decided_on. They are not suggested any more.
    """

    table: pd.DataFrame
    signs: pd.DataFrame
    considered: pd.DataFrame
    settled: pd.DataFrame
    policy: BorderPolicy

    def explain(self, old_line: str, new_line: str) -> str:
        """Say what speaks for and against two lines being one, whether or not it is suggested."""
        signs = self.signs[(self.signs["old_line"] == old_line) & (self.signs["new_line"] == new_line)]
        if signs.empty:
            return "The days do not allow it, or nothing speaks for it."
        said = "; ".join(
            f"{words} ({counts:+.2f})" for words, counts in zip(signs["words"], signs["counts"], strict=True)
        )
        return f"{said}. In all {signs['counts'].sum():.2f}; suggested from {self.policy.rebrand.at_least:.2f}."


def suggest_rebrands(view: View, reach: Reach, policy: BorderPolicy) -> Rebrands:
    """Suggest which new lines may be old ones under another name and number.

    Parameters
    ----------
    view : the lines, their numbers, people and addresses.
    reach : what `trace_lines` returned.

    Notes
    -----
    A pair that somebody has judged is not suggested again, whatever was judged of it.
    The old line was last active no more than `most_gap_days` before the new one was first seen, or `most_overlap_days`
    after it, and the new one began later than the old.
    """
    rule, lines = policy.rebrand, reach.table.set_index("line_ref")
    ended = lines[lines["last_active_on"].notna()]
    evidence, settled = LineSigns(view, reach), list_judged_lines(view.judgements)
    judged = {frozenset(pair) for pair in settled[["line_a", "line_b"]].itertuples(index=False)}
    signs: list[tuple[object, ...]] = []
    considered = []
    for old, new in product(ended.index, lines.index):
        gap = (lines.at[new, "first_seen_on"] - lines.at[old, "last_active_on"]).days
        is_later = lines.at[new, "first_seen_on"] > lines.at[old, "first_seen_on"]
        if old == new or pd.isna(gap) or not is_later or not -rule.most_overlap_days <= gap <= rule.most_gap_days:
            continue
        found = evidence.compare(old, new, rule)
        binds = any(sign in BINDING for sign, *_ in found)
        counts = round(sum(c for _, _, c, _ in found), DECIMALS)
        is_open = frozenset((old, new)) not in judged
        considered.append((old, new, gap, counts, "Y" if is_open and binds and counts >= rule.at_least else "N"))
        signs += [(old, new, *sign) for sign in found]
    pairs = pd.DataFrame(considered, columns=list(CONSIDERED_TYPES)).astype(CONSIDERED_TYPES)
    all_signs = pd.DataFrame(signs, columns=list(SIGN_COLUMNS)).astype({"n": "int64", "counts": "float64"})
    table = _describe(pairs[pairs["is_suggested"] == "Y"], all_signs, lines)
    pairs = pairs.sort_values(["old_line", "new_line"], kind="stable", ignore_index=True)
    brands = lines["brand"].to_dict()
    settled = settled.assign(**{f"brand_{end}": settled[f"line_{end}"].map(brands).astype("str") for end in "ab"})
    return Rebrands(table, all_signs, pairs, settled, policy)


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
            f"Against it: {'; '.join(against['words']) or 'nothing recorded'}. "
            "Another network may have taken the vacancy."
        )
        rows.append((old, new, lines.at[old, "brand"], lines.at[new, "brand"], silent, began, gap, counts, n_people,
                     len(speaks), len(against), sentence))  # fmt: skip
    table = pd.DataFrame(rows, columns=list(REBRAND_COLUMNS)).astype({"counts": "float64", "gap_days": "int64"})
    return table.sort_values(["counts", "old_line", "new_line"], ascending=[False, True, True], kind="stable",
                             ignore_index=True)  # fmt: skip
