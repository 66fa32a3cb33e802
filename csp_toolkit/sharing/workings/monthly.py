"""The tables that stay beside the workings: what the run counted, row by row.

They carry references and no names.
"""

import pandas as pd

from csp_toolkit.networks.measures import Measures
from csp_toolkit.networks.ties import Ties
from csp_toolkit.scoring.certainty.places import Certainty
from csp_toolkit.scoring.lenses import Lenses
from csp_toolkit.scoring.moves.movement import MOVEMENT_COLUMNS, Movement
from csp_toolkit.scoring.moves.sunset import Outlook
from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.scoring.what_if.fragility import Fragility
from csp_toolkit.scoring.what_if.requirements import Questions
from csp_toolkit.sharing.papers.ground import Papers
from csp_toolkit.sharing.papers.people import find_places
from csp_toolkit.tables.quality.report import Quality
from csp_toolkit.tables.view import View

NOT_RANKED = "not ranked"
UNITS_PER_POINT = 10_000
_POINTS = ("score", "proved", "alleged", "intelligence", "violence", "drugs", "gang_link")


def list_workings(
    view: View,
    scores: Scores,
    movement: Movement,
    papers: Papers,
    *,
    ties: Ties,
    measures: Measures,
    groups: pd.DataFrame,
    quality: Quality,
    certainty: Certainty,
    fragility: Fragility,
    lenses: Lenses,
    overlap: pd.DataFrame,
    ahead: Outlook,
    questions: Questions,
    bridges: pd.DataFrame | None = None,
    network_change: pd.DataFrame | None = None,
) -> dict[str, pd.DataFrame]:
    """List every table of a run by the name of its file; points as decimals of four places."""
    return {
        "candidates": _candidates(view, scores, papers, certainty, lenses),
        "certainty": certainty.table,
        "certainty_shares": certainty.shares,
        "ledger": _in_points(scores.ledger, ("base", "points", "evidence_factor", "recency_factor", "role_factor")),
        "left_out": _with_refs(scores.left_out, view)[["person_id", "source_refs", "gate", "reason"]],
        "flags": scores.flags,
        "movement": _in_points(movement.causes, ("points",))[list(MOVEMENT_COLUMNS)],
        "ahead": ahead.events,
        "rejected": view.rejected,
        "people": view.person_keys.sort_values(["person_id", "source_system", "source_ref"]).reset_index(drop=True),
        "possible_matches": view.possible_matches,
        "ties": ties.table.rename(columns={"kinds": "kind"}),
        "measures": measures.table,
        "groups": groups,
        "raised": papers["raised_people"],
        "coverage": papers["coverage"],
        "accounts": papers["accounts"],
        "quality": quality.findings,
        "fragility": _in_points(fragility.table, ("score", "points_above")),
        "fragility_sets": _in_points(fragility.sets, ("points_after",)),
        "lenses": lenses.table,
        "list_overlap": overlap,
        "questions": questions.table,
        "question_answers": questions.answers,
        **{n: t for n, t in (("bridges", bridges), ("network_change", network_change)) if t is not None},
    }


def _candidates(view: View, scores: Scores, papers: Papers, certainty: Certainty, lenses: Lenses) -> pd.DataFrame:
    status = papers["people"].set_index("person_id")
    table = _with_refs(_in_points(scores.table, _POINTS), view)
    place = find_places(papers["police_list"])
    chosen = view.decisions[
        (view.decisions["kind"] == "selection") & (view.decisions["meeting_on"] == pd.Timestamp(view.as_of))
    ].set_index("person_id")["outcome"]
    table = table.assign(
        police_rank=table["person_id"].map(place).astype("Int64"),
        status=table["person_id"].map(status["status_text"]),
        next_review=table["person_id"].map(status["next_review_on"]),
        selected=table["person_id"].map(chosen).fillna("not decided"),
        lens_count=table["person_id"].map(lenses.table.set_index("person_id")["lens_count"]).astype("Int64"),
        **_sure(table["person_id"], certainty),
    )
    first = [
        "person_id", "source_refs", "police_rank", "block", "rank", "rank_low", "rank_high", "p_top10", *_POINTS,
        "band", "lens_count", "status", "next_review", "selected",
    ]  # fmt: skip
    return table[[*first, "p_red", "last_event_on", "is_dual", "is_assessment_led"]]


def _sure(people: pd.Series, certainty: Certainty) -> dict[str, pd.Series]:
    """Return the columns that say how sure a place is; who is not ranked with the others has none."""
    sure = certainty.table.set_index("person_id")
    shown = {
        name: people.map(sure[name]).astype("str").fillna(NOT_RANKED) for name in ("rank_low", "rank_high", "p_top10")
    }
    return shown | {"p_red": people.map(sure["p_red"])}


def _with_refs(table: pd.DataFrame, view: View) -> pd.DataFrame:
    return table.assign(source_refs=table["person_id"].map(view.people.set_index("person_id")["source_refs"]))


def _in_points(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Write ten-thousandths as decimals, exactly: text of four places, missing where not known."""
    return table.assign(**{name: table[name].map(_exact, na_action="ignore").astype("str") for name in columns})


def _exact(units: int) -> str:
    whole, rest = divmod(abs(int(units)), UNITS_PER_POINT)
    return f"{'-' if units < 0 else ''}{whole}.{rest:04d}"
