"""A network for other programs: GraphML, and the entities and links that i2 Analyst's Notebook takes in.

Each tie goes with its chance, its grades and its dates: a chart that lost them would show a rumour as a fact.
"""

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from csp_toolkit.networks.evidence.evidence_text import say_evidence
from csp_toolkit.networks.ties import Ties

if TYPE_CHECKING:
    import networkx as nx

ENTITY_COLUMNS = ("entity_id", "entity_type", "label")
LINK_COLUMNS = (
    "link_id", "from_id", "to_id", "link_type", "label", "strength", "chance_in_100", "grades", "n_items", "n_origins",
    "is_tested", "first_seen", "last_seen", "handling",
)  # fmt: skip

TESTED = {"Y": "Confirmed", "N": "Unconfirmed"}  # i2's words for how firm a link is


def write_graphml(graph: "nx.Graph") -> str:
    """Write a graph as GraphML; what the form has no type for is written as text, what is not known is left out."""
    import networkx as nx

    plain = nx.Graph(**_plain(graph.graph))
    plain.add_nodes_from((str(n), _plain(d)) for n, d in graph.nodes(data=True))
    plain.add_edges_from((str(a), str(b), _plain(d)) for a, b, d in graph.edges(data=True))
    page = io.BytesIO()
    nx.write_graphml(plain, page, encoding="utf-8", named_key_ids=True)
    return page.getvalue().decode("utf-8")


def list_for_i2(ties: Ties, labels: Mapping[str, str] | None = None) -> dict[str, pd.DataFrame]:
    """List entities and links as i2's import reads them: ``entities`` and ``links``, to be written as CSV.

    Parameters
    ----------
    labels : what to write on each person_id; the id itself where there is none.
    """
    labels = labels or {}
    ids = sorted({*ties.table["person_a"], *ties.table["person_b"]})
    entities = pd.DataFrame(
        {"entity_id": ids, "entity_type": "Person", "label": [labels.get(i, i) for i in ids]}, dtype="str"
    )
    table = ties.table.sort_values(["person_a", "person_b"], kind="stable", ignore_index=True)
    links = table.assign(
        link_id=table["person_a"] + "|" + table["person_b"], from_id=table["person_a"], to_id=table["person_b"],
        link_type="Association", label=say_evidence(table, ties.evidence), grades=_grades(table, ties.evidence),
        strength=table["is_tested"].map(TESTED).where(table["p_exists"] > 0.5, "Tentative"),
        chance_in_100=(100 * table["p_exists"]).round().astype("int64"),
        first_seen=table["first_seen"].dt.strftime("%Y-%m-%d"), last_seen=table["last_seen"].dt.strftime("%Y-%m-%d"),
    )  # fmt: skip
    return {"entities": entities[list(ENTITY_COLUMNS)], "links": links[list(LINK_COLUMNS)]}


def _grades(table: pd.DataFrame, evidence: pd.DataFrame) -> pd.Series:
    counted = evidence[evidence["is_in_measures"] == "Y"]
    each = counted.groupby(["person_a", "person_b"])["grade"].agg(lambda grades: " ".join(sorted(set(grades))))
    pairs = pd.MultiIndex.from_frame(table[["person_a", "person_b"]])
    return pd.Series(each.reindex(pairs).to_numpy(), index=table.index, dtype="str")


def _plain(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {str(k): _value(v) for k, v in attributes.items() if not _is_unknown(v)}


def _is_unknown(value: Any) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _value(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    return value if isinstance(value, bool | int | float | str) else str(value)
