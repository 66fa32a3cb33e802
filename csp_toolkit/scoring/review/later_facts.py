"""What was recorded of people later: new proved or alleged events in the domains a back-test asks about.

Read straight from crimes and detentions, whether or not the matrix would give them points, so that what is tested and
what it is tested against share no weight, window or cap. Intelligence is no outcome. A matrix asks for a charge before
supply counts; here a named suspect of supply counts as alleged.
"""

from datetime import date, timedelta

import pandas as pd

from csp_toolkit.scoring.evidence.offences import collect_custody
from csp_toolkit.scoring.evidence.readings import read_outcomes
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.tables.view import View

FACT_COLUMNS = ("person_id", "event_on", "event_ref", "criterion", "basis", "is_proactive")
_PROACTIVE = "PROACTIVE"


def list_facts(view: View, matrix: Matrix, domains: tuple[str, ...]) -> pd.DataFrame:
    """List every proved or alleged event of the domains a person is recorded in (`FACT_COLUMNS`).

    `is_proactive` marks crimes that police work brought to light, which follow attention as well as conduct; of a
    detention by another force it is not known and taken as reported.
    """
    wanted = [c.id for c in matrix.criteria if c.domain in domains]
    weighs = [key for key, outcome in matrix.outcomes.items() if outcome.factor > 0 and not outcome.is_removed]
    basis = {key: outcome.basis for key, outcome in matrix.outcomes.items()}
    crimes = read_outcomes(view, matrix)
    crimes = crimes[crimes["criterion"].isin(wanted) & crimes["outcome"].isin(weighs)]
    found = view["crimes"].loc[view["crimes"]["detection"].eq(_PROACTIVE), "crime_ref"]
    held = collect_custody(view, matrix)
    held = held[held["criterion"].isin(wanted) & held["evidence"].isin(weighs)]
    facts = pd.concat(
        [
            pd.DataFrame({
                "person_id": crimes["person_id"], "event_on": crimes["event_on"], "event_ref": crimes["crime_ref"],
                "criterion": crimes["criterion"], "basis": crimes["outcome"].map(basis),
                "is_proactive": crimes["crime_ref"].isin(found),
            }),
            pd.DataFrame({
                "person_id": held["person_id"], "event_on": held["event_on"], "event_ref": held["event_id"],
                "criterion": held["criterion"], "basis": held["basis"], "is_proactive": False,
            }),
        ],
        ignore_index=True,
    )  # fmt: skip
    facts = facts.sort_values(["person_id", "event_ref", "criterion"], kind="stable")
    return facts.drop_duplicates(["person_id", "event_ref"])[list(FACT_COLUMNS)].reset_index(drop=True)


def has_within(people: pd.Series, facts: pd.DataFrame, since: date, days: int) -> pd.Series:
    """Say of each person whether a fact is dated after a day and not later than so many days from it."""
    later = facts["event_on"].gt(pd.Timestamp(since)) & facts["event_on"].le(pd.Timestamp(since + timedelta(days=days)))
    return people.isin(facts.loc[later, "person_id"])


def count_before(people: pd.Series, facts: pd.DataFrame, until: date, days: int) -> pd.DataFrame:
    """Count each person's events in so many days up to a day, that day included: n and the newest, `last_on`."""
    near = facts["event_on"].le(pd.Timestamp(until)) & facts["event_on"].gt(pd.Timestamp(until - timedelta(days=days)))
    counts = facts[near].groupby("person_id")["event_on"].agg(n="size", last_on="max").reindex(people)
    return counts.assign(n=counts["n"].fillna(0).astype("int64")).reset_index(names="person_id")
