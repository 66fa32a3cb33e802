"""The ledger to scores: totals by basis and by domain, bands, blocks, and places that know their ties.

A list made here is of candidates. It exists to explain and check the police's list, never to replace it, and nobody
is on the final list until a named person has put them there, with a reason.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from html import escape

import pandas as pd

from csp_toolkit.display.values import NOT_ASSESSED
from csp_toolkit.display.wording import count_in_100
from csp_toolkit.errors import CheckFailed, TableError
from csp_toolkit.scoring.blocks import BLOCKS, RANKED, place_in_blocks
from csp_toolkit.scoring.evidence.inclusion import CITED_COLUMNS
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.matrix_parts import BASES, ONE, ten_thousandths
from csp_toolkit.scoring.points import COUNTS, ITEM_COLUMNS, RULES
from csp_toolkit.tables.view import View

RED, AMBER, GREEN = "Red", "Amber", "Green"
_SHOWN = 10


@dataclass(frozen=True, eq=False)
class Scores:
    """Everyone scored, with every row that made their score.

    Attributes
    ----------
    table : one row per scored person, by block, rank and person_id: score, proved, alleged, intelligence and one
        column per domain, all in whole ten-thousandths of a point; band, p_red, block, rank, last_event_on, is_child,
        is_dual, is_assessment_led. Red stands without its chance as long as `p_red` says "not assessed"; `settle_bands`
        gives it to whoever is Red.
    ledger : item by item, what counts, what is retired, what a cap cuts; it sums to `score`.
    left_out : person_id, gate, reason. They have no score.
    flags : what was read otherwise than sent, cited without scoring, or unsure; changes no score.
    matrix, as_of : the settings.
    items : what the matrix counts as evidence about anyone, scored or not (`points.ITEM_COLUMNS`): what the ledger was
        made from, for whoever scores it again under other assumptions.
    cited : what the register cites for everyone scored (`inclusion.CITED_COLUMNS`), and `after`: the day of a removal
        after which something cited must be dated, where there was one.
    """

    table: pd.DataFrame
    ledger: pd.DataFrame
    left_out: pd.DataFrame
    flags: pd.DataFrame
    matrix: Matrix
    as_of: date
    items: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(ITEM_COLUMNS)))
    cited: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=[*CITED_COLUMNS, "after"]))

    def explain(self, person_id: str) -> str:
        """Say in a few sentences what a person's score is made of, or why they have none."""
        out = self.left_out[self.left_out["person_id"].eq(person_id)]
        if len(out):
            return f"No score. {out['gate'].iloc[0]}: {out['reason'].iloc[0]}."
        rows = self.table[self.table["person_id"].eq(person_id)]
        if rows.empty:
            raise TableError("Nobody of that person_id is on the register as at this date.")
        row = rows.iloc[0]
        own = self.ledger[self.ledger["person_id"].eq(person_id)]
        n_block = int(self.table["block"].eq(row["block"]).sum())
        heaviest = own[own["rule"].eq(COUNTS)].sort_values(["points", "item_id"], ascending=[False, True]).head(3)
        items = ", ".join(
            f"{item.criterion} {item.item_id} {print_points(item.points)}" for item in heaviest.itertuples()
        )
        known = row["p_red"] != NOT_ASSESSED
        said = f"{count_in_100(100 * row['p_red'])} in 100 re-runs" if known else NOT_ASSESSED
        chance = f" (its chance {said})" if row["band"] == RED else ""
        cut = -int(own.loc[own["points"] < 0, "points"].sum())
        n_retired = int((own["points"].eq(0)).sum())
        return (
            f"{print_points(row['score'])} points, {row['band']}{chance}, place {row['rank']} of {n_block} in block "
            f"{row['block']} as at {self.as_of}: "
            f"{', '.join(f'{print_points(row[basis])} {basis}' for basis in BASES)}; "
            f"{', '.join(f'{d.title.lower()} {print_points(row[d.id])}' for d in self.matrix.domains)}. "
            f"Weightiest: {items}. Caps cut {print_points(cut)}; {n_retired} items retired by a rule. "
            f"{self.matrix.note}"
        )

    def list_ranked(self) -> list[str]:
        """Return the person_id of everyone in the ranked block, first place first."""
        return self.table.loc[self.table["block"].eq(RANKED), "person_id"].tolist()

    def _repr_html_(self) -> str:
        columns = ["rank", "person_id", "score", *BASES, "band"]
        top = self.table[self.table["block"].eq(RANKED)].head(_SHOWN)
        cells = top.assign(**{name: top[name].map(print_points) for name in ("score", *BASES)})[columns]
        head = "".join(f"<th>{escape(name)}</th>" for name in columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(str(value))}</td>" for value in row) + "</tr>"
            for row in cells.itertuples(index=False)
        )
        n_block = self.table["block"].value_counts()
        counts = ", ".join(f"{n_block[block]} {block}" for block in BLOCKS if block in n_block)
        caption = (
            f"Candidates as at {self.as_of}, first {len(top)} of the ranked; {counts or 'nobody scored'}; "
            f"{len(self.left_out)} left out. {self.matrix.title}. {self.matrix.note}"
        )
        return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def print_points(points: object) -> str:
    """Return ten-thousandths as points with one decimal, half-up.

    >>> print_points(8500)
    '0.9'
    """
    tenths = (abs(int(points)) * 10 * 2 + ONE) // (2 * ONE)  # type: ignore[call-overload]
    sign = "-" if int(points) < 0 and tenths else ""  # type: ignore[call-overload]
    return f"{sign}{tenths // 10}.{tenths % 10}"


def rank_people(
    view: View,
    ledger: pd.DataFrame,
    eligible: pd.DataFrame,
    matrix: Matrix,
    *,
    vulnerable: Collection[str] = frozenset(),
) -> pd.DataFrame:
    """Rank everyone who has points, each within their block; equal scores share a rank.

    Parameters
    ----------
    ledger : what `award_points` returned for these people.
    eligible : person_id and is_child of those no gate left out.
    vulnerable : who meets the threshold of harm suffered: identifiers only, never how much.

    Returns
    -------
    The table of `Scores`.
    """
    table = _add_up(ledger, matrix)
    table = table.merge(eligible[["person_id", "is_child"]], on="person_id")
    table["band"] = _band(table, ledger, matrix)
    table["p_red"] = NOT_ASSESSED
    table["block"] = place_in_blocks(view, table, matrix)
    table["rank"] = table.groupby("block")["score"].rank(method="min", ascending=False).astype("Int64")
    last_events = _last_event(ledger, matrix).reindex(table["person_id"])
    table["last_event_on"] = last_events.astype("datetime64[us]").to_numpy()
    is_high = table["score"] >= ten_thousandths(matrix.dual.score_at_least)
    table["is_dual"] = table["person_id"].isin(list(vulnerable)) & is_high
    share = ten_thousandths(matrix.assessment_led_share)
    table["is_assessment_led"] = table["intelligence"] * ONE > table["score"] * share
    order = pd.Categorical(table["block"], categories=BLOCKS, ordered=True)
    table = table.assign(order=order).sort_values(["order", "rank", "person_id"], kind="stable")
    columns = ["person_id", "score", *BASES, *(d.id for d in matrix.domains), "band", "p_red", "block", "rank",
               "last_event_on", "is_child", "is_dual", "is_assessment_led"]  # fmt: skip
    return table[columns].reset_index(drop=True)


def sort_ledger(ledger: pd.DataFrame) -> pd.DataFrame:
    """Put a ledger in the one order it is printed and stored in."""
    order = pd.Categorical(ledger["rule"], categories=RULES, ordered=True)
    ledger = ledger.assign(order=order).sort_values(["person_id", "criterion", "item_id", "order"], kind="stable")
    whole = ("base", "evidence_factor", "recency_factor", "role_factor", "points")
    return ledger.drop(columns="order").reset_index(drop=True).astype(dict.fromkeys(whole, "Int64"))


def _add_up(ledger: pd.DataFrame, matrix: Matrix) -> pd.DataFrame:
    domains = {c.id: c.domain for c in matrix.criteria}
    total = ledger.groupby("person_id")["points"].sum().rename("score")
    by_basis = _spread(ledger, ledger["basis"], BASES)
    by_domain = _spread(ledger, ledger["criterion"].map(domains), [d.id for d in matrix.domains])
    table = pd.concat([total, by_basis, by_domain], axis="columns").fillna(0).astype("Int64").reset_index()
    for names in (list(BASES), list(by_domain.columns)):
        if not table[names].sum(axis="columns").eq(table["score"]).all():
            raise CheckFailed(f"The parts {', '.join(names)} do not add up to the score. Report this fault.")
    return table[table["score"] > 0].reset_index(drop=True)


def _spread(ledger: pd.DataFrame, by: pd.Series, names: Collection[str]) -> pd.DataFrame:
    sums = ledger.groupby(["person_id", by.rename("part")])["points"].sum().unstack("part")
    return sums.reindex(columns=list(names))


def _band(table: pd.DataFrame, ledger: pd.DataFrame, matrix: Matrix) -> pd.Series:
    """Cut the bands on unrounded points; Red also needs harm that is proved or alleged."""
    red, amber = matrix.bands.red, matrix.bands.amber
    harmful = [c.id for c in matrix.criteria if c.domain in red.harm_domains or c.id in red.harm_criteria]
    harm = ledger[ledger["criterion"].isin(harmful) & ledger["basis"].ne("intelligence")]
    harm_points = harm.groupby("person_id")["points"].sum().reindex(table["person_id"], fill_value=0).to_numpy()
    is_red = (table["score"] >= ten_thousandths(red.at_least)) & (harm_points >= ten_thousandths(red.harm_at_least))
    band = pd.Series(GREEN, index=table.index, dtype="str")
    return band.mask(table["score"] >= ten_thousandths(amber.at_least), AMBER).mask(is_red, RED)


def _last_event(ledger: pd.DataFrame, matrix: Matrix) -> pd.Series:
    """Return the newest event that counts.

    An order in force is dated by the day of the view, so it speaks only where nothing else does.
    """
    standing = [c.id for c in matrix.criteria if c.evidence == ("order",)]
    counts = ledger[ledger["rule"].eq(COUNTS)]
    events = counts[~counts["criterion"].isin(standing)].groupby("person_id")["event_date"].max()
    return events.combine_first(counts.groupby("person_id")["event_date"].max())
