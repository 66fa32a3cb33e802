"""Items from crimes and detentions: what a person was convicted of, charged with, or is suspected of.

A suspect who was not charged counts in V1 to V6 and never where the criterion asks for a charge (D1, D2, D3, G2).
A recovered weapon counts through its crime. Nothing is read from free text.
"""

import pandas as pd

from csp_toolkit.scoring.evidence.readings import map_titles
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.matrix_parts import NOT_RECORDED
from csp_toolkit.tables.view import View


def collect_offences(outcomes: pd.DataFrame, matrix: Matrix) -> pd.DataFrame:
    """Make an item of each crime a person is a suspect in, where its offence is in the matrix.

    Acquitted and discontinued leave no item. The crime is event, item and origin in one.
    """
    counted = outcomes[outcomes["criterion"].notna() & outcomes["outcome"].isin(_present(matrix))]
    counted = counted[~_lacks_charge(counted, matrix)]
    return _as_items(counted, counted["crime_ref"], matrix)


def collect_custody(view: View, matrix: Matrix) -> pd.DataFrame:
    """Make an item of each detention by another force that has no crime here, by its disposal and offence title.

    Refused charge, no further action and everything else not named in the matrix counts nothing. It is dated by the
    day of arrival.
    """
    custody = view["custody"].dropna(subset=["person_id", "force"])
    elsewhere = custody[~custody["force"].isin(list(matrix.home_forces)) & custody["crime_ref"].isna()]
    elsewhere = elsewhere.assign(
        outcome=elsewhere["disposal"].map(matrix.disposals).astype("str"),
        titles=elsewhere["offence"].str.split(";"),
        event_on=elsewhere["arrived_at"].dt.normalize(),
        role=NOT_RECORDED,
    ).explode("titles")
    elsewhere["criterion"] = map_titles(elsewhere["titles"].astype("str"), matrix)
    counted = elsewhere[elsewhere["criterion"].notna() & elsewhere["outcome"].isin(_present(matrix))]
    counted = counted[~_lacks_charge(counted, matrix)]
    return _as_items(counted, counted["custody_ref"], matrix)


def collect_co_offending(outcomes: pd.DataFrame, active: frozenset[str], matrix: Matrix) -> pd.DataFrame:
    """Make an item of each violence or drugs crime in which another active nominal was charged too (G2).

    Charged, convicted or cautioned, both of them. It weighs what the person's own outcome weighs. Being seen,
    stopped or arrested together is no item.
    """
    in_domains = [c.id for c in matrix.criteria if c.domain in matrix.co_offending_domains]
    charged = [key for key, outcome in matrix.outcomes.items() if outcome.is_charge]
    together = outcomes[outcomes["criterion"].isin(in_domains) & outcomes["outcome"].isin(charged)]
    nominals = together["person_id"].isin(active)
    others = nominals.groupby(together["crime_ref"]).transform("sum") - nominals
    counted = together[others > 0].assign(criterion=matrix.co_offending_criterion)
    return _as_items(counted, counted["crime_ref"], matrix)


def _present(matrix: Matrix) -> list[str]:
    return [key for key, outcome in matrix.outcomes.items() if not outcome.is_removed]


def _lacks_charge(parts: pd.DataFrame, matrix: Matrix) -> pd.Series:
    asking = [c.id for c in matrix.criteria if c.needs_charge]
    charged = [key for key, outcome in matrix.outcomes.items() if outcome.is_charge]
    return parts["criterion"].isin(asking) & ~parts["outcome"].isin(charged)


def _as_items(counted: pd.DataFrame, refs: pd.Series, matrix: Matrix) -> pd.DataFrame:
    basis = {key: outcome.basis for key, outcome in matrix.outcomes.items()}
    return pd.DataFrame(
        {
            "person_id": counted["person_id"],
            "criterion": counted["criterion"],
            "item_id": refs,
            "event_id": refs,
            "origin_id": refs,
            "event_on": counted["event_on"],
            "basis": counted["outcome"].map(basis),
            "evidence": counted["outcome"],
            "role": counted["role"],
        }
    ).reset_index(drop=True)
