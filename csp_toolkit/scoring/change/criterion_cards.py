"""Criterion cards: what counts, what does not, and an example whose sum the scorer itself counts.

Guidance and code cannot say different things: the words are the matrix's own, and so are the points, for the example's
items go through the same function that scores people.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from csp_toolkit.display.cards import Card, format_cards, write_cards
from csp_toolkit.errors import TableError
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.matrix_parts import ONE, Criterion, Worked, ten_thousandths
from csp_toolkit.scoring.points import COUNTS, award_points

CARD_COLUMNS = ("criterion", "title", "domain", "points", "cap", "days", "counts", "does_not_count", "example", "sum",
                "example_points")  # fmt: skip
_TIMES = "\N{MULTIPLICATION SIGN}"
_DAY = date(2026, 1, 31)  # any day: an example's items are dated by their age


@dataclass(frozen=True, eq=False)
class CriterionCards:
    """The cards of a matrix.

    Attributes
    ----------
    table : one row a criterion, in the matrix's order (`CARD_COLUMNS`): points of one item, cap and look-back, the
        words, and the example with its sum in words and in ten-thousandths; both missing where there is no example.
    items : criterion and points: what each item of an example comes to; adds up to `example_points`.
    matrix : whose cards they are.
    """

    table: pd.DataFrame
    items: pd.DataFrame
    matrix: Matrix

    def explain(self, criterion: str) -> str:
        """Say one card in a few sentences."""
        return " ".join(f"{label}: {text}" for label, text in self._card(criterion).lines)

    @property
    def cards(self) -> list[Card]:
        """Return the cards in the matrix's order."""
        return [self._card(name) for name in self.table["criterion"]]

    @property
    def markdown(self) -> str:
        """Return the cards as Markdown."""
        return write_cards(self.cards)

    def _card(self, criterion: str) -> Card:
        rows = self.table[self.table["criterion"].eq(criterion)]
        if rows.empty:
            raise TableError("The matrix has no criterion of that name.")
        row = rows.iloc[0]
        beneath = f"{row['domain']}. {row['points']:g} points for one item, at most {row['cap']:g}; "
        beneath += f"{row['days']} days back, the last day counts."
        example = row["example"] if pd.isna(row["sum"]) else f"{row['example']} {row['sum']}"
        lines = (("What counts", row["counts"]), ("What does not", row["does_not_count"]), ("Example", example))
        return Card(f"{criterion}. {row['title']}", beneath, lines)

    def _repr_html_(self) -> str:
        matrix = self.matrix
        return str(format_cards(self.cards, caption=f"{matrix.title}, version {matrix.version}. {matrix.note}"))

    def __repr__(self) -> str:
        return f"CriterionCards(criteria={len(self.table)}, matrix={self.matrix.name!r})"


def make_cards(matrix: Matrix) -> CriterionCards:
    """Make the card of every criterion of a matrix."""
    ledger = _work_out(matrix)
    domains = {domain.id: domain.title for domain in matrix.domains}
    rows, items = [], []
    for one in matrix.criteria:
        own = ledger[ledger["criterion"].eq(one.id)]
        total = int(own["points"].sum())
        words = _say_sum(own, total) if one.worked else None
        rows.append((one.id, one.title, domains[one.domain], float(one.base), float(one.cap), one.window_days,
                     one.counts, one.does_not_count, one.example, words, total if one.worked else None))  # fmt: skip
        items += [(one.id, int(points)) for points in own["points"]]
    table = pd.DataFrame(rows, columns=list(CARD_COLUMNS)).astype({"example_points": "Int64", "days": "Int64"})
    return CriterionCards(
        table, pd.DataFrame(items, columns=["criterion", "points"]).astype({"points": "Int64"}), matrix
    )


def _work_out(matrix: Matrix) -> pd.DataFrame:
    """Score every criterion's example as if it were a person of its own."""
    rows = [_as_item(one, item, n, matrix) for one in matrix.criteria for n, item in enumerate(one.worked)]
    names = (
        "person_id",
        "criterion",
        "item_id",
        "event_id",
        "origin_id",
        "event_on",
        "basis",
        "evidence",
        "role",
        "base",
    )
    items = pd.DataFrame(rows, columns=list(names)).astype({"event_on": "datetime64[us]", "base": "Int64"})
    ledger = award_points(items, matrix, as_of=_DAY) if len(items) else items.assign(points=[], rule=[])
    return ledger.sort_values(["person_id", "item_id", "points"], ascending=[True, True, False], kind="stable")


def _as_item(one: Criterion, item: Worked, n: int, matrix: Matrix) -> tuple[object, ...]:
    outcome = matrix.outcomes.get(item.evidence)
    basis = outcome.basis if outcome else "intelligence"
    base = ten_thousandths(item.base if item.base is not None else one.base)
    ref = f"{one.id}-{n}"
    day = pd.Timestamp(_DAY - timedelta(days=item.age_days))
    return one.id, one.id, ref, ref, f"{one.id}-{item.origin}", day, basis, item.evidence, item.role, base


def _say_sum(own: pd.DataFrame, total: int) -> str:
    """Say a sum as the ledger made it: what was multiplied for each item, then what a rule or cap took."""
    parts, taken = [], []
    for row in own.itertuples():
        if row.rule == COUNTS:
            factors = [row.evidence_factor, row.recency_factor, *([row.role_factor] if row.role_factor != ONE else [])]
            parts.append(f" {_TIMES} ".join([f"{row.base / ONE:g}", *(f"{factor / ONE:g}" for factor in factors)]))
        elif row.points < 0:
            taken.append(f"less {-row.points / ONE:g} ({row.rule})")
        else:
            parts.append(f"nothing ({row.rule})")
    if not parts:
        return "Nothing: outside its window, or of no weight."
    return f"{' + '.join(parts)}{''.join(f', {one}' for one in taken)} = {total / ONE:g} points."
