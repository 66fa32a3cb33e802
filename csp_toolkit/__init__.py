"""An analyst's toolkit for a Community Safety Partnership.

It explains and stress-tests a list that people make. It never decides, never says what anyone will do, keeps victims
apart from suspects, facts apart from beliefs and unknown apart from nought, and lets nothing leave that may not.

The flow, and the verbs of it that stand here:

=====================  ==========================================================================
what comes in          `read_feeds`, `map_file`
what we trust          `validate`, `Casebook` and its `view(as_of, known_at)`, `check_quality`, `count_origins`,
                       `suggest_origins`, `judge`
who comes first        `read_matrix`, `score`, `assess_certainty`, `settle_bands`, `compare`, `look_ahead`,
                       `weigh_matches`, `compare_judged`, `find_fragility`, `read_lenses`, `look_through`,
                       `compare_lists`, `read_requirements`, `weigh_questions`, `trace_records`
does the matrix hold   `look_back`, `back_test`, `check_criteria`, `draw_for_second_rating`, `compare_ratings`,
                       `blind_people`, `compare_shares`
changing the matrix    `compare_matrices`, `make_cards`, `try_changes`, `read_review_inputs`, `prepare_review`
who is connected       `collect_ties`, `build_graph`, `vary_ties`, `measure`, `check_unseen`, `find_groups`,
                       `name_groups`, `compare_groups`, `find_bridges`, `compare_networks`, `compare_found`,
                       `slice_time`, `grow_snowball`, `make_picture`, `draw_network`, `recall_places`,
                       `keep_places`, `say_network`, `view_network`, `list_for_i2`, `write_graphml`,
                       `study_borders`
what if                `suggest_people`, `remove_people`, `divert_people`, `ask_recovery`, `find_messengers`,
                       `follow_message`, `list_under_18`
who may be harmed      `assess_harm`, `read_toolkit`, `collect_answers`, `weigh_answers`, `assess`,
                       `find_contradictions`, `suggest_answers`, `settle_overrides`, `fill_assessment`
what we will do        `follow_actions`, `list_outstanding`, `list_agreed_actions`, `offer_options`,
                       `read_case_policy`, `open_caseload`, `gather_plans`, `find_gaps`, `count_delivery`
who may see what       `open_meeting`, `describe_people`, `describe_subjects`, `count_rules`, `prepare_papers`,
                       `prepare_border_papers`, `CaseWork`, `prepare_case_papers`, `add_disclosures`,
                       `release`
what stays here        `list_workings`, `list_review`, `list_border_workings`, `list_case_workings`, `write_tables`
=====================  ==========================================================================

Each is imported when first asked for, so that `import csp_toolkit` costs nothing.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_VERBS = {
    "Casebook": "tables.casebook",
    "CaseWork": "sharing.papers.cases",
    "add_disclosures": "sharing.papers.disclosed",
    "ask_recovery": "networks.what_if.recovery",
    "assess": "risk.bands",
    "assess_certainty": "scoring.certainty.uncertainty",
    "assess_harm": "risk.vulnerability",
    "attach_conditions": "sharing.papers.network",
    "back_test": "scoring.review.validity",
    "blind_people": "scoring.review.disparity",
    "build_graph": "networks.graph",
    "check_criteria": "scoring.review.redundancy",
    "check_quality": "tables.quality.report",
    "check_unseen": "networks.draws.unseen",
    "collect_answers": "risk.answers",
    "collect_ties": "networks.ties",
    "compare": "scoring.moves.movement",
    "compare_found": "networks.group_changes",
    "compare_groups": "networks.groups",
    "compare_judged": "scoring.what_if.effects",
    "compare_lists": "scoring.list_overlap",
    "compare_matrices": "scoring.change.past",
    "compare_networks": "networks.changes",
    "compare_ratings": "scoring.review.rater_agreement",
    "compare_shares": "scoring.review.disparity",
    "count_delivery": "cases.delivery",
    "count_origins": "tables.origins",
    "count_rules": "sharing.papers.sources",
    "describe_people": "sharing.papers.people",
    "describe_subjects": "sharing.papers.subjects",
    "divert_people": "networks.what_if.disruption",
    "draw_for_second_rating": "scoring.review.second_rating",
    "draw_network": "sharing.papers.network",
    "fill_assessment": "risk.assessment_form",
    "find_bridges": "networks.bridges",
    "find_contradictions": "risk.contradicting.contradictions",
    "find_fragility": "scoring.what_if.fragility",
    "find_gaps": "cases.gaps",
    "find_groups": "networks.communities",
    "find_messengers": "networks.what_if.outreach",
    "follow_actions": "cases.follow_up",
    "follow_message": "networks.what_if.outreach",
    "gather_plans": "cases.case_plans",
    "grow_snowball": "networks.snowball",
    "judge": "sharing.judgement_form",
    "keep_places": "sharing.papers.last_picture",
    "list_agreed_actions": "tables.deciding.decisions",
    "list_border_workings": "sharing.workings.borders",
    "list_case_workings": "sharing.workings.cases",
    "list_circumstances": "sharing.circumstances",
    "list_copies": "sharing.released",
    "list_for_i2": "networks.exchange",
    "list_outstanding": "cases.actions",
    "list_review": "sharing.workings.review",
    "list_under_18": "tables.ages",
    "list_workings": "sharing.workings.monthly",
    "look_ahead": "scoring.moves.sunset",
    "look_back": "scoring.review.past_meetings",
    "look_through": "scoring.lenses",
    "make_cards": "scoring.change.criterion_cards",
    "make_picture": "networks.picture",
    "map_file": "records.mapping",
    "measure": "networks.measures",
    "name_groups": "networks.groups",
    "offer_options": "cases.plans",
    "open_caseload": "cases.caseload",
    "open_meeting": "sharing.meeting",
    "prepare_border_papers": "sharing.papers.borders",
    "prepare_case_papers": "sharing.papers.cases",
    "prepare_papers": "sharing.papers.monthly",
    "prepare_review": "sharing.papers.review",
    "read_case_policy": "cases.case_policy",
    "read_feeds": "records.feeds",
    "read_lenses": "scoring.lenses",
    "read_matrix": "scoring.matrix",
    "read_requirements": "scoring.what_if.requirements",
    "read_review_inputs": "sharing.review_inputs",
    "read_toolkit": "risk.toolkit",
    "recall_places": "sharing.papers.last_picture",
    "release": "sharing.released",
    "remove_people": "networks.what_if.disruption",
    "say_network": "sharing.papers.network",
    "say_picture": "networks.picture",
    "say_questions": "sharing.papers.evidence",
    "say_rests_on": "sharing.papers.evidence",
    "say_what_counts": "sharing.papers.people",
    "score": "scoring.assessment",
    "settle_bands": "scoring.certainty.uncertainty",
    "settle_overrides": "risk.overriding.overrides",
    "slice_time": "networks.graph",
    "study_borders": "networks.borders.study",
    "suggest_answers": "risk.suggesting.suggestions",
    "suggest_origins": "tables.near_duplicates",
    "suggest_people": "networks.what_if.disruption",
    "trace_records": "scoring.what_if.what_ifs",
    "try_changes": "scoring.change.form",
    "validate": "tables.validation",
    "vary_ties": "networks.draws.plausible",
    "view_network": "display.network_view",
    "weigh_answers": "risk.answers",
    "weigh_matches": "scoring.what_if.effects",
    "weigh_questions": "scoring.what_if.requirements",
    "write_graphml": "networks.exchange",
    "write_tables": "sharing.spreadsheets",
}

__all__ = ["__version__", *_VERBS]


def __getattr__(name: str) -> Any:
    """Import a verb when it is first asked for."""
    if name not in _VERBS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_VERBS[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
