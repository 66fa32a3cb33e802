"""What the delivery group is told of actions: counts by priority and kind, of nobody in particular."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from csp_toolkit.cases.actions import OPEN_STATES
from csp_toolkit.cases.caseload import Caseload
from csp_toolkit.tables.view import View

KINDS = ("SUPPORT", "DISRUPTION", "ENFORCEMENT", "INFORMATION", "ADMIN")
DONE, DONE_LATE = "COMPLETE", "COMPLETE_LATE"
FIGURE_COLUMNS = ("priority", "source", "kind", "n_actions", "n_done", "n_done_late", "n_open", "n_late", "n_dropped")


@dataclass(frozen=True, eq=False)
class DeliveryFigures:
    """What was agreed, done and late, by priority and kind; no reference to any person or case.

    Attributes
    ----------
    table : one row a priority, source (``case meeting`` or ``delivery plan``) and kind (`FIGURE_COLUMNS`); `n_actions`
        is the sum of done, done late, open, late and dropped.
    since, as_of : the days between which actions were agreed, both counted.
    least_for_percent : a percentage is said only of so many actions.
    """

    table: pd.DataFrame
    since: date
    as_of: date
    least_for_percent: int

    def say_split(self) -> str:
        """Say how support and enforcement divide, as counts; a share only where there are enough to have one."""
        own = self.table[self.table["source"] == "case meeting"].groupby("kind")["n_actions"].sum()
        n = int(own.reindex(["SUPPORT", "DISRUPTION", "ENFORCEMENT"]).sum())
        said = ", ".join(f"{kind.lower()} {self._share(int(own.get(kind, 0)), n)}" for kind in KINDS[:3])
        return f"Of {n} actions of the case meeting: {said}."

    def _share(self, part: int, whole: int) -> str:
        return f"{part} ({100 * part / whole:.0f}%)" if whole >= self.least_for_percent else f"{part} of {whole}"

    def _repr_html_(self) -> str:
        caption = f"Actions agreed from {self.since.isoformat()} to {self.as_of.isoformat()}. {self.say_split()}"
        return f"<p>{caption}</p>{self.table.to_html(index=False)}"


def count_delivery(caseload: Caseload, view: View, *, since: date | None = None) -> DeliveryFigures:
    """Count what the delivery group of each priority is told of actions.

    Parameters
    ----------
    caseload : whose actions are counted under the priority that the case policy names.
    since : the first day on which an action counted was agreed; by default as many days back as the policy says.
    """
    policy = caseload.policy
    since = since or view.as_of - timedelta(days=policy.delivery_days)
    actions = caseload.actions
    agreed = actions[actions["set_on"].between(pd.Timestamp(since), pd.Timestamp(view.as_of))]
    own = agreed.assign(priority=policy.delivery_priority, source="case meeting", kind=agreed["action_type"])
    plan = view["delivery_actions"].assign(source="delivery plan", kind="PLAN")
    columns = ["priority", "source", "kind", "status", "due_on"]
    rows = pd.concat([own[columns], plan[columns]], ignore_index=True)
    is_open = rows["status"].isin(OPEN_STATES)
    late = is_open & (rows["due_on"] < pd.Timestamp(view.as_of))
    flags = rows.assign(
        n_done=rows["status"].eq(DONE), n_done_late=rows["status"].eq(DONE_LATE), n_open=is_open & ~late, n_late=late
    )
    keys = ["priority", "source", "kind"]
    counts = flags.groupby(keys)[["n_done", "n_done_late", "n_open", "n_late"]].sum()
    counts["n_actions"] = flags.groupby(keys).size()
    counts["n_dropped"] = counts["n_actions"] - counts[["n_done", "n_done_late", "n_open", "n_late"]].sum(
        axis="columns"
    )
    table = counts.reset_index().sort_values(keys, ignore_index=True)[list(FIGURE_COLUMNS)]
    return DeliveryFigures(table, since, view.as_of, policy.delivery_least_for_percent)
