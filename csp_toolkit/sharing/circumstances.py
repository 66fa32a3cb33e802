"""What is recorded of a person that makes an option on the menu suit them.

Circumstances choose what is printed beside a person and nothing else: they carry no points, and an option that is not
printed can still be named at the meeting.
"""

import pandas as pd

from csp_toolkit.cases.plans import Menu
from csp_toolkit.tables.view import View

CUSTODY_BLOCKS = {"custody": "custody", "returning": "returning"}


def list_circumstances(view: View, people: pd.DataFrame, ledger: pd.DataFrame, menu: Menu) -> dict[str, frozenset[str]]:
    """List what is recorded of each person, by person_id.

    Parameters
    ----------
    people : what `describe_people` returned. ledger : the scored items.
    menu : says by which criteria a circumstance counts as recorded, and which areas are the partnership's own; somebody
        recorded as living elsewhere is out of area.
    """
    today = pd.Timestamp(view.as_of)
    counted = ledger[ledger["points"] > 0]
    holders: dict[str, pd.Series] = {
        "child": people.loc[people["is_child"] == "Y", "person_id"],
        "harmed": people.loc[people["harm_state"] == "recorded", "person_id"],
        "licence": people.loc[people["status_text"].str.contains("licence", case=False), "person_id"],
        "out_of_area": people.loc[~people["area"].isin([*menu.home_areas, "not known", "no fixed abode"]), "person_id"],
        **{
            word: counted.loc[counted["criterion"].isin(rule.criteria), "person_id"]
            for word, rule in menu.recorded_by.items()
            if rule.criteria
        },
        "charged": counted.loc[counted["basis"] == "alleged", "person_id"],
        "line": view["line_people"]["person_id"],
        "cuckooed": view["line_cuckooed"]["person_id"],
        "group": view["group_members"].loc[view["group_members"]["to_on"].isna(), "person_id"],
        "order": view["orders"].loc[view["orders"]["expires_on"] >= today, "person_id"],
        **{word: people.loc[people["block"] == block, "person_id"] for block, word in CUSTODY_BLOCKS.items()},
    }
    sets = {word: frozenset(ids.dropna()) for word, ids in holders.items()}
    return {person: frozenset(word for word, ids in sets.items() if person in ids) for person in people["person_id"]}
