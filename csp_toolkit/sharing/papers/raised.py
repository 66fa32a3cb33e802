"""Who is raised for safeguarding: counted for the meeting, named on a sheet of their own that another path takes.

The names never stand in the meeting's copies: they lie beside the workings, for the safeguarding lead to hand on.
"""

import pandas as pd

RAISED_COLUMNS = ("person_id", "reference", "is_child", "why", "route")
ROUTES = {
    "child": "Children’s services, and the exploitation panel for children",
    "decision": "The chair, and the National Referral Mechanism’s first responder",
    "adult": "Case management meeting, and adult safeguarding",
}
WHY = {
    "child": "under 18 with harm recorded",
    "decision": "a sign of exploitation, score hidden until the chair decides",
    "adult": "harm recorded at or above the threshold",
}


def raise_people(people: pd.DataFrame, left_out: pd.DataFrame, over_threshold: frozenset[str]) -> pd.DataFrame:
    """List who on these papers is raised for safeguarding, once each: `RAISED_COLUMNS`.

    Parameters
    ----------
    people : what `describe_people` returned. left_out : person_id and gate.
    over_threshold : person_id of everyone with harm at or above the threshold.
    """
    waits = set(left_out.loc[left_out["gate"].eq("g7"), "person_id"])
    is_child = people["is_child"].eq("Y") & people["harm_state"].eq("recorded")
    is_waiting = people["person_id"].isin(waits)
    is_adult = people["is_child"].ne("Y") & people["person_id"].isin(list(over_threshold))
    kind = pd.Series(None, index=people.index, dtype="str").mask(is_adult, "adult").mask(is_child, "child")
    kind = kind.mask(is_waiting, "decision")
    raised = people[kind.notna()].assign(why=kind.map(WHY), route=kind.map(ROUTES))
    return raised[list(RAISED_COLUMNS)].sort_values(["route", "person_id"], ignore_index=True)


def count_raised(raised: pd.DataFrame, listed: pd.Series) -> pd.DataFrame:
    """Count who is raised by path: why, route, n_people, n_listed; a path that nobody takes stands with 0."""
    rows = []
    for kind, route in ROUTES.items():
        own = raised[raised["why"].eq(WHY[kind])]
        rows.append((WHY[kind], route, len(own), int(own["person_id"].isin(listed).sum())))
    return pd.DataFrame(rows, columns=["why", "route", "n_people", "n_listed"])
