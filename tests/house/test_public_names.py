"""The verbs a notebook may count on."""

import ast
import importlib

import pytest

import csp_toolkit
from tests.house.tracked import REPOSITORY

# A name taken away breaks somebody's notebook: say so in the changelog, then change this list.
PUBLIC = [
    "CaseWork", "Casebook", "__version__", "add_disclosures", "ask_recovery", "assess", "assess_certainty",
    "assess_harm", "attach_conditions", "back_test", "blind_people", "build_graph", "check_criteria", "check_quality",
    "check_unseen", "collect_answers", "collect_ties", "compare", "compare_found", "compare_groups",
    "compare_judged", "compare_lists", "compare_matrices", "compare_networks", "compare_ratings",
    "compare_shares", "count_delivery", "count_origins", "count_rules", "describe_people", "describe_subjects",
    "divert_people", "draw_for_second_rating", "draw_network", "fill_assessment", "find_bridges",
    "find_contradictions", "find_fragility", "find_gaps", "find_groups", "find_messengers", "follow_actions",
    "follow_message", "gather_plans", "grow_snowball", "judge", "keep_places", "list_agreed_actions",
    "list_border_workings", "list_case_workings", "list_circumstances", "list_copies",
    "list_for_i2", "list_outstanding", "list_review",
    "list_under_18", "list_workings", "look_ahead", "look_back", "look_through", "make_cards", "make_picture",
    "map_file", "measure", "name_groups", "offer_options", "open_caseload", "open_meeting",
    "prepare_border_papers", "prepare_case_papers", "prepare_papers", "prepare_review", "read_case_policy",
    "read_feeds", "read_lenses", "read_matrix", "read_requirements", "read_review_inputs", "read_toolkit",
    "recall_places", "release", "remove_people", "say_network", "say_picture", "say_questions", "say_rests_on",
    "say_what_counts", "score", "settle_bands", "settle_overrides", "slice_time", "study_borders",
    "suggest_answers", "suggest_origins", "suggest_people", "trace_records", "try_changes", "validate",
    "vary_ties", "view_network", "weigh_answers", "weigh_matches", "weigh_questions", "write_graphml",
    "write_tables",
]  # fmt: skip


def test_the_public_names_are_these() -> None:
    assert sorted(csp_toolkit.__all__) == PUBLIC


@pytest.mark.parametrize("name", PUBLIC)
def test_each_of_them_can_be_had(name: str) -> None:
    assert getattr(csp_toolkit, name) is not None


def test_a_name_that_is_not_there_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute"):
        _ = csp_toolkit.probability_of_offending


def test_no_verb_shares_its_name_with_a_folder_or_a_module() -> None:
    places = {p.stem if p.is_file() else p.name for p in (REPOSITORY / "csp_toolkit").rglob("*") if "__" not in p.name}
    assert sorted(places & set(PUBLIC)) == []


def test_the_version_is_the_one_that_is_built() -> None:
    project = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{csp_toolkit.__version__}"' in project


def test_notebooks_use_only_public_names() -> None:
    import json

    used: dict[str, set[str]] = {}
    for path in (REPOSITORY / "notebooks").rglob("*.ipynb"):
        cells = [c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
        tree = ast.parse("\n".join("".join(cell["source"]) for cell in cells))
        used[path.name] = {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "csp"
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("csp_toolkit."):
                module = importlib.import_module(node.module or "")
                assert all(hasattr(module, alias.name) and not alias.name.startswith("_") for alias in node.names)
    assert {name: sorted(names - set(PUBLIC)) for name, names in used.items() if names - set(PUBLIC)} == {}
