"""Two months side by side: ties that are new, gone, surer or weaker, bridges that are new, and why.

A tie does not come or go by itself. It does because a record came in, was taken back, was graded otherwise, had an
outcome, or because two records turned out to be one person; the cause is read off the evidence of both months.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from csp_toolkit.display.formatted import Heading, format_table
from csp_toolkit.display.wording import check_sentence, count_in_words, join_in_words
from csp_toolkit.errors import TableError
from csp_toolkit.networks.bridges import Bridges
from csp_toolkit.networks.ties import Ties

CHANGE_COLUMNS = ("person_a", "person_b", "change", "p_before", "p_now", "cause", "n_items_before", "n_items_now")
NEW, GONE, SURER, WEAKER = "new", "gone", "surer", "weaker"
PAIR = ["person_a", "person_b"]
ITEM = [*PAIR, "kind", "item_ref"]


@dataclass(frozen=True, eq=False)
class NetworkChange:
    """What changed between two months.

    Attributes
    ----------
    ties : one row a pair whose chance changed (`CHANGE_COLUMNS`), new ones first. Opening ties and new ones less those
        gone are the closing ties, or it is not made.
    new_bridges, gone_bridges : bridges of one month alone, as `find_bridges` lists them; none where not compared.
    n_before, n_now : ties in each.
    """

    ties: pd.DataFrame
    new_bridges: pd.DataFrame | None
    gone_bridges: pd.DataFrame | None
    n_before: int
    n_now: int

    def __repr__(self) -> str:
        return f"NetworkChange(ties={self.n_before}->{self.n_now}, changed={len(self.ties)})"

    def count(self, change: str) -> int:
        """Count the ties with one kind of change."""
        return int((self.ties["change"] == change).sum())

    def say(self) -> str:
        """Say in one sentence how the network changed, so that it adds up."""
        n_new, n_gone = self.count(NEW), self.count(GONE)
        said = f"{self.n_before:,} ties at the meeting before, {n_new} new and {n_gone} gone, make {self.n_now:,} now"
        said += f"; {self.count(SURER)} are surer than they were and {self.count(WEAKER)} less sure"
        bridges = "" if self.new_bridges is None else f"; {count_in_words(len(self.new_bridges), 'bridge')} new"
        return check_sentence(f"{said}{bridges}.")

    def explain(self, person_a: str, person_b: str) -> str:
        """Say in one sentence what became of a tie, and why."""
        a, b = sorted((person_a, person_b))
        row = self.ties[(self.ties["person_a"] == a) & (self.ties["person_b"] == b)]
        if row.empty:
            return "As sure as it was, or as absent."
        one = row.iloc[0]
        was, now = 100 * one["p_before"], 100 * one["p_now"]
        return f"{one['change'].capitalize()}: {was:.0f} to {now:.0f} in 100; {one['cause']}."

    def _repr_html_(self) -> str:
        headings = (
            Heading("between", "Between", is_row_header=True), Heading("change", "Change"), Heading("cause", "Why"),
            Heading("was", "Was", "in 100", kind="whole"), Heading("is_now", "Is", "in 100", kind="whole"),
        )  # fmt: skip
        shown = self.ties.head(15)
        shown = shown.assign(
            between=shown["person_a"] + " – " + shown["person_b"], was=_hundredths(shown["p_before"]),
            is_now=_hundredths(shown["p_now"]),
        )  # fmt: skip
        return str(format_table(
            shown, headings, table_id="network-change", caption="Ties that changed.", caption_note=self.say()
        ))  # fmt: skip


def compare_networks(now: Ties, before: Ties, *, bridges: tuple[Bridges, Bridges] | None = None) -> NetworkChange:
    """Compare the ties of two months, with the cause of each change.

    Parameters
    ----------
    now, before : what `collect_ties` returned for each month.
    bridges : what `find_bridges` found now and before, in this order.

    Raises
    ------
    TableError : opening, new and gone ties do not come to the closing ones.
    """
    columns = [*PAIR, "p_exists", "n_items"]
    both = now.table[columns].merge(before.table[columns], on=PAIR, how="outer", suffixes=("_now", "_before"))
    p_now, p_before = both["p_exists_now"].fillna(0.0), both["p_exists_before"].fillna(0.0)
    both = both.assign(
        p_now=p_now, p_before=p_before, n_items_now=both["n_items_now"].fillna(0).astype("int64"),
        n_items_before=both["n_items_before"].fillna(0).astype("int64"), change=_name(p_now, p_before),
    )  # fmt: skip
    changed = both[both["change"] != ""].copy()
    changed["cause"] = _find_causes(changed, now, before)
    order = changed["change"].map({NEW: 0, GONE: 1, SURER: 2, WEAKER: 3})
    changed = changed.assign(order=order, by=-changed[["p_now", "p_before"]].max(axis=1))
    changed = changed.sort_values(["order", "by", *PAIR], kind="stable", ignore_index=True)[list(CHANGE_COLUMNS)]
    n_new, n_gone = int((changed["change"] == NEW).sum()), int((changed["change"] == GONE).sum())
    if len(before.table) + n_new - n_gone != len(now.table):
        raise TableError("ties: those of the month before, new and gone do not come to those of this one.")
    new, gone = _bridge_changes(bridges) if bridges else (None, None)
    return NetworkChange(changed, new, gone, len(before.table), len(now.table))


def _name(now: pd.Series, before: pd.Series) -> pd.Series:
    names = pd.Series("", index=now.index, dtype="str")
    names = names.mask(now > before, SURER).mask(now < before, WEAKER)
    return names.mask((before == 0) & (now > 0), NEW).mask((now == 0) & (before > 0), GONE)


def _find_causes(changed: pd.DataFrame, now: Ties, before: Ties) -> pd.Series:
    """Read the cause of each change off the items of both months."""
    pairs = changed[PAIR]
    columns = [*ITEM, "origin_id", "grade", "p_true", "is_in_measures", "n_people"]
    items = (
        now.evidence[columns].merge(pairs, on=PAIR).merge(
            before.evidence[columns].merge(pairs, on=PAIR), on=ITEM, how="outer", suffixes=("_now", "_before"))
    )  # fmt: skip
    had, has = items["p_true_before"].notna(), items["p_true_now"].notna()
    counted_now, counted_before = items["is_in_measures_now"].eq("Y"), items["is_in_measures_before"].eq("Y")
    causes = {
        "new record": has & ~had & counted_now,
        "a record no longer held": had & ~has & counted_before,
        "regraded": had & has & items["grade_now"].ne(items["grade_before"]),
        "an outcome came": had & has & (counted_now != counted_before),
        "more or fewer at the event": had & has & items["n_people_now"].ne(items["n_people_before"]),
        "origins judged or traced anew": had & has & items["origin_id_now"].ne(items["origin_id_before"]),
    }
    others = had & has & items["p_true_now"].ne(items["p_true_before"]) & ~pd.DataFrame(causes).any(axis=1)
    causes["weighed otherwise"] = others
    said = pd.DataFrame({cause: rows.groupby([items[c] for c in PAIR]).any() for cause, rows in causes.items()})
    known = pd.MultiIndex.from_frame(pairs)
    said = said.reindex(known, fill_value=False)
    words = [join_in_words([cause for cause, holds in row.items() if holds]) for row in said.to_dict("records")]
    kept_out = [
        "taken off the register or there as a victim" if {a, b} & (now.kept_out - before.kept_out) else ""
        for a, b in pairs.itertuples(index=False)
    ]
    return pd.Series(
        [out or word or "records of one person joined or parted" for out, word in zip(kept_out, words, strict=True)],
        index=changed.index, dtype="str",
    )  # fmt: skip


def _bridge_changes(bridges: tuple[Bridges, Bridges]) -> tuple[pd.DataFrame, pd.DataFrame]:
    keys = ["kind", "person_id", *PAIR, "side_a", "side_b"]
    (now, before), (known, was) = (
        [b.table for b in bridges],
        [pd.MultiIndex.from_frame(b.table[keys]) for b in bridges],
    )
    return now[~known.isin(was)].reset_index(drop=True), before[~was.isin(known)].reset_index(drop=True)


def say_new_bridges(change: NetworkChange, bridges: Bridges, labels: Mapping[str, str] | None = None) -> list[str]:
    """Say each bridge that is new this month in one plain sentence."""
    new = change.new_bridges
    if new is None:
        return []
    keys = [*PAIR, "kind"]
    said = dict(zip(bridges.table[keys].itertuples(index=False, name=None), bridges.say(labels), strict=True))
    return [said[key] for key in new[keys].itertuples(index=False, name=None)]


def _hundredths(share: pd.Series) -> pd.Series:
    return (100 * share).round().astype("Int64")
