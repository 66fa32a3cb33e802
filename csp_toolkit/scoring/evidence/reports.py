"""Items from intelligence: graded reports, and a recorded part in a line.

Only the person named first in a report gets points: a report has no column for roles, and the others get a tie.
Debt, travel, exploitation and lifestyle score nothing for anybody.
"""

from datetime import date

import pandas as pd

from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.matrix_parts import NOT_RECORDED, ten_thousandths
from csp_toolkit.tables.view import View

ORDER_NAMED_FIRST = 1


def collect_reports(view: View, reports: pd.DataFrame, matrix: Matrix) -> pd.DataFrame:
    """Make an item of each live graded report on a theme the matrix counts, for the person named first."""
    first = view["intel_subjects"].dropna(subset=["person_id"])
    first = first[first["position"].eq(ORDER_NAMED_FIRST)][["report_ref", "person_id"]]
    counted = first.merge(reports[reports["theme"].isin(list(matrix.themes))], on="report_ref")
    themes = matrix.themes
    spared = counted["theme"].isin([name for name, theme in themes.items() if theme.not_of_cuckooed])
    counted = counted[~(spared & _was_cuckooed(counted, view["line_cuckooed"]))]
    criterion = counted["theme"].map({name: theme.criterion for name, theme in themes.items()})
    base = (
        counted["theme"]
        .map(
            {name: ten_thousandths(theme.base or matrix.by_id[theme.criterion].base) for name, theme in themes.items()}
        )
        .astype("Int64")
    )
    bonus = criterion.map({c.id: ten_thousandths(c.directs_bonus) for c in matrix.criteria}).astype("Int64")
    directs = counted["person_id"].isin(_directing(view["group_members"], view.as_of))
    return pd.DataFrame(
        {
            "person_id": counted["person_id"],
            "criterion": criterion,
            "item_id": counted["report_ref"],
            "event_id": counted["report_ref"],
            "origin_id": counted["origin_id"],
            "event_on": counted["event_on"],
            "basis": "intelligence",
            "evidence": counted["grade"],
            "role": NOT_RECORDED,
            "base": base + bonus.where(directs, 0),
        }
    ).reset_index(drop=True)


def collect_lines(view: View, matrix: Matrix) -> pd.DataFrame:
    """Make an item of each recorded link to a line as its controller or holder.

    It is intelligence by the link's own grade, dated by the end of the link, else by the line's last activity.
    Runners, users, drivers and money mules are no items.
    """
    links = view["line_people"].dropna(subset=["person_id"])
    links = links[links["role"].isin(list(matrix.line_roles)) & links["grade"].isin(list(matrix.grades))]
    links = links.merge(view["lines"][["line_ref", "last_active_on"]], on="line_ref", how="left")
    dated_on = links["to_on"].fillna(links["last_active_on"]).fillna(links["from_on"])
    items = pd.DataFrame(
        {
            "person_id": links["person_id"],
            "criterion": matrix.line_criterion,
            "item_id": links["link_ref"],
            "event_id": links["link_ref"],
            "origin_id": links["link_ref"],
            "event_on": dated_on.clip(upper=pd.Timestamp(view.as_of)),
            "basis": "intelligence",
            "evidence": links["grade"],
            "role": links["role"].map(matrix.line_roles).astype("str"),
        }
    )
    has_begun = ~(links["from_on"] > pd.Timestamp(view.as_of))
    return items[items["event_on"].notna() & has_begun].reset_index(drop=True)


def _was_cuckooed(reports: pd.DataFrame, cuckooed: pd.DataFrame) -> pd.Series:
    """Say of each report whether its person was recorded at that time as the householder a line took over."""
    spans = cuckooed[["person_id", "from_on", "to_on"]].dropna(subset=["person_id"])
    rows = reports.reset_index(names="row")[["row", "person_id", "event_on"]].merge(spans, on="person_id")
    within = ~(rows["from_on"] > rows["event_on"]) & ~(rows["to_on"] < rows["event_on"])
    return pd.Series(reports.index.isin(rows.loc[within, "row"]), index=reports.index)


def _directing(members: pd.DataFrame, as_of: date) -> frozenset[str]:
    today = pd.Timestamp(as_of)
    now = members["role"].eq("DIRECTS") & ~(members["from_on"] > today) & ~(members["to_on"] < today)
    return frozenset(members.loc[now, "person_id"].dropna())
