"""Where each item's information first came from.

Five reports that repeat one source are one source. Reports that name the same origin, or of which one repeats the
other, share an origin; a circle of reports that lean on each other is one origin too (control C11).
"""

import pandas as pd

from csp_toolkit.errors import TableError
from csp_toolkit.tables.joining import join_smallest

ORIGIN_COLUMNS = ("report_ref", "origin_id", "n_reports")


def trace_origins(reports: pd.DataFrame) -> pd.DataFrame:
    """Give every report the origin its information came from.

    Parameters
    ----------
    reports : report_ref, origin_ref, derived_from (references parted by ``"; "``). Pass reports as ever received:
        a withdrawn report still joins the two that repeat it.

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
