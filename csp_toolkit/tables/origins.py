"""Where each item's information first came from.

Five reports that repeat one source are one source. Reports that name the same origin, or of which one repeats the
other, share an origin; a circle of reports that lean on each other is one origin too (control C11).
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from csp_toolkit.display.formatted import Heading, format_table
from csp_toolkit.errors import TableError
from csp_toolkit.tables.joining import join_smallest
from csp_toolkit.tables.view import View

ORIGIN_COLUMNS = ("report_ref", "origin_id", "n_reports")
JUDGED_COLUMNS = ("report_a", "report_b", "verdict")
COUNT_COLUMNS = ("person_id", "n_reports", "n_origins", "n_largest", "n_repeats")
SAME = "SAME"
_SHOWN = 10


def trace_origins(reports: pd.DataFrame, confirmed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Give every report the origin its information came from.

    Parameters
    ----------
    reports : report_ref, origin_ref, derived_from (references parted by ``"; "``). Pass reports as ever received:
        a withdrawn report still joins the two that repeat it.
    confirmed : report_a, report_b, verdict: what people decided of pairs whose texts are alike. `SAME` joins the two
        as if one repeated the other; any other verdict joins nothing, and parts nothing that the sender joined.

    Returns
    -------
    One row per report (`ORIGIN_COLUMNS`), sorted by reference. `origin_id` is the smallest `origin_ref` among the
    joined reports, else their smallest `report_ref`; `n_reports` counts the reports of that origin.

    Notes
    -----
    A report that is repeated but was never received joins all that repeat it and may name their origin; it has no
    row and is not counted.

    >>> loop = pd.DataFrame({"report_ref": ["A", "B"], "origin_ref": [None, None], "derived_from": ["B", "A"]})
    >>> trace_origins(loop)["origin_id"].tolist()
    ['A', 'A']
    """
    absent = [name for name in ("report_ref", "origin_ref", "derived_from") if name not in reports]
    if absent:
        raise TableError(f"reports: no column {', '.join(absent)}. Pass the table intel_reports.")
    reports = reports.reset_index(drop=True)
    own = reports["report_ref"]
    derived = reports["derived_from"].astype("str").str.split(";").explode().astype("str").str.strip()
    derived = derived[derived.notna() & derived.ne("")]
    origin = reports["origin_ref"][reports["origin_ref"].notna() & reports["origin_ref"].ne("")]
    links = pd.concat(
        [
            pd.DataFrame({"report": own.loc[origin.index].to_numpy(), "to": ("origin:" + origin).to_numpy()}),
            pd.DataFrame({"report": own.loc[derived.index].to_numpy(), "to": ("report:" + derived).to_numpy()}),
            _confirmed_links(confirmed),
        ],
        ignore_index=True,
    )
    codes, nodes = pd.factorize(pd.concat(["report:" + own, "report:" + links["report"], links["to"]]), sort=True)
    n_own, n_links = len(own), len(links)
    group = join_smallest(len(nodes), codes[n_own : n_own + n_links], codes[n_own + n_links :])

    # Nodes are sorted and "origin" stands before "report", so the smallest of a group is its smallest origin_ref,
    # where it has one.
    smallest = pd.Series(nodes[group[codes[:n_own]]], dtype="str")
    traced = pd.DataFrame({"report_ref": own.to_numpy(), "origin": smallest.to_numpy()})
    traced = traced.drop_duplicates("report_ref").sort_values("report_ref", ignore_index=True)
    traced["origin_id"] = traced["origin"].str.slice(len("report:")).astype("str")  # both prefixes are as long
    traced["n_reports"] = traced.groupby("origin")["report_ref"].transform("size").astype("Int64")
    return traced[list(ORIGIN_COLUMNS)]


def _confirmed_links(confirmed: pd.DataFrame | None) -> pd.DataFrame:
    """Return the pairs that a person said are of one origin, as links from one report to the other."""
    if confirmed is None or confirmed.empty:
        return pd.DataFrame({"report": [], "to": []}, dtype="str")
    absent = [name for name in JUDGED_COLUMNS if name not in confirmed]
    if absent:
        raise TableError(f"confirmed: no column {', '.join(absent)}. Pass report_a, report_b and verdict.")
    same = confirmed[confirmed["verdict"].eq(SAME)]
    return pd.DataFrame({"report": same["report_a"].to_numpy(), "to": ("report:" + same["report_b"]).to_numpy()})


@dataclass(frozen=True, eq=False)
class OriginCounts:
    """How many origins stand behind the reports that name each person.

    Attributes
    ----------
    table : one row per person (`COUNT_COLUMNS`), most repeats first.
    reasons : person_id, origin_id, n_reports: the reports by origin, which add up to the table.
    as_of : the day the reports speak for.
    """

    table: pd.DataFrame
    reasons: pd.DataFrame
    as_of: date

    def explain(self, person_id: str) -> str:
        """Say in one sentence how many reports name a person, and how many origins they come to."""
        found = self.table[self.table["person_id"].eq(person_id)]
        if found.empty:
            return f"No report that counts names {person_id}."
        row = found.iloc[0]
        return f"{_count(row['n_reports'], 'report')}, {_count(row['n_origins'], 'origin')}."

    def _repr_html_(self) -> str:
        shown = self.table[self.table["n_repeats"] > 0]
        headings = (
            Heading("person_id", "Person", is_row_header=True),
            Heading("n_reports", "Reports", kind="whole"),
            Heading("n_origins", "Origins", kind="whole"),
            Heading("n_largest", "Most reports", "of one origin", kind="whole"),
        )
        return str(format_table(
            shown.head(_SHOWN), headings, table_id="origin-counts",
            caption=f"Reports and the origins they come to, as at {self.as_of}.",
            caption_note=f"{_count(len(shown), 'person', 'people')} of {len(self.table):,} with reports that repeat.",
        ))  # fmt: skip

    def __repr__(self) -> str:
        n_repeating = int(self.table["n_repeats"].gt(0).sum())
        return f"OriginCounts(as_of={self.as_of}, people={len(self.table)}, with_repeats={n_repeating})"


def count_origins(view: View, confirmed: pd.DataFrame | None = None) -> OriginCounts:
    """Count the reports that name each person, and the origins they come to.

    Parameters
    ----------
    view : its reports are those that count as at its date; they are traced through all that was ever received.
    confirmed : as `trace_origins` takes it; by default what people judged and stands in the view.
    """
    confirmed = view.judged_origins if confirmed is None else confirmed
    reports, ever = view["intel_reports"], view.ever.get("intel_reports", view["intel_reports"])
    origins = trace_origins(ever, confirmed).set_index("report_ref")["origin_id"]
    named = view["intel_subjects"][["person_id", "report_ref"]].dropna().drop_duplicates()
    named = named[named["report_ref"].isin(reports["report_ref"])]
    named = named.assign(origin_id=named["report_ref"].map(origins).fillna(named["report_ref"]))
    by = named.groupby(["person_id", "origin_id"], as_index=False).size().rename(columns={"size": "n_reports"})
    table = by.groupby("person_id", as_index=False).agg(
        n_reports=("n_reports", "sum"), n_origins=("origin_id", "nunique"), n_largest=("n_reports", "max")
    )
    table = table.assign(n_repeats=table["n_reports"] - table["n_origins"])
    table = table.sort_values(["n_repeats", "n_reports", "person_id"], ascending=[False, False, True])
    return OriginCounts(table[list(COUNT_COLUMNS)].reset_index(drop=True), by, view.as_of)


def _count(n: int, one: str, many: str = "") -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"
