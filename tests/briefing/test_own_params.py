"""A workspace's own params are brought up to date without losing a number: what is missing is said, and only added."""

import re
from pathlib import Path

import pytest
import yaml

from csp_toolkit.briefing.adding_keys import add_key
from csp_toolkit.briefing.own_params import add_missing, hold_params, list_not_held
from csp_toolkit.briefing.policy_models import MODELS
from csp_toolkit.briefing.workspace import SEVERAL, init_workspace
from csp_toolkit.params import Key, find_faults, packaged, parse_nodes, parse_policy

# How the tie policy of a partnership looked before this version: numbers and comments of its own, three keys short.
OURS = """
# Ours, argued over in March.
name: ours
version: "4"
owner: analyst
approved_on: 2026-03-01
why: Our own numbers, as the panel agreed them in March.
"""


@pytest.fixture
def params(tmp_path: Path) -> Path:
    """A new workspace's params, with a tie policy of the partnership's own that lacks keys."""
    init_workspace(tmp_path / "ws")
    home = tmp_path / "ws" / "params"
    shipped = (home / "networks" / "csp_example_v1.yaml").read_text(encoding="utf-8")
    (home / "networks" / "csp_example_v1.yaml").unlink()
    body = shipped[shipped.index("# The picture shows") :]
    body = re.sub(r"(?m)^  (draws_monthly|least_side): .*\n", "", body)
    body = re.sub(r"(?ms)^membership: .*?\n", "", body).replace("shared_phone: 0.40", "shared_phone: 0.11  # March")
    (home / "networks" / "ours.yaml").write_text(OURS + body, encoding="utf-8")
    return home


def keys_of(node: yaml.Node | None, key: Key = ()) -> list[Key]:
    """Every key of a policy file, parts within lists left out."""
    if not isinstance(node, yaml.MappingNode):
        return []
    own = [(*key, name.value) for name, _ in node.value]
    return own + [k for (_, value), one in zip(node.value, own, strict=True) for k in keys_of(value, one)]


def without(content: dict, key: Key) -> dict:
    if len(key) == 1:
        return {k: v for k, v in content.items() if str(k) != key[0]}
    return {k: without(v, key[1:]) if str(k) == key[0] else v for k, v in content.items()}


def test_every_file_is_said_at_once_with_what_it_lacks_and_what_nobody_knows(params: Path) -> None:
    feed = params / "feeds" / "police_crimes.yaml"
    feed.write_text(feed.read_text(encoding="utf-8").replace("agency:", "agencie:"), encoding="utf-8")
    (params / "lenses" / "css.yaml").write_text("a: [", encoding="utf-8")
    said = {held.name: str(held) for held in hold_params(params) if held.faults}
    assert set(said) == {"networks/ours.yaml", "feeds/police_crimes.yaml", "lenses/css.yaml"}
    assert (
        "missing: membership, doubt.draws_monthly, doubt.least_side. `csp init --update`" in said["networks/ours.yaml"]
    )
    assert "missing: agency; not known to this version, take out: agencie." in said["feeds/police_crimes.yaml"]
    assert "not valid YAML" in said["lenses/css.yaml"]


def test_what_is_missing_is_added_and_nothing_else_changes(params: Path) -> None:
    path = params / "networks" / "ours.yaml"
    old, old_text = parse_policy(path.read_text(encoding="utf-8")), path.read_text(encoding="utf-8")
    (added,) = add_missing(params)
    assert added.problem is None and added.keys == "membership, doubt.draws_monthly, doubt.least_side"
    text = path.read_text(encoding="utf-8")
    new = parse_policy(text)
    assert new["shared_phone"] == 0.11 and "# March" in text and "# Ours, argued over in March." in text
    assert new["doubt"] | {"draws_monthly": 0, "least_side": 0} == old["doubt"] | {"draws_monthly": 0, "least_side": 0}
    assert new["doubt"]["draws_monthly"] == 60 and new["membership"]["POSSIBLE"] == 0.30
    assert "# A membership is as sure as its record says." in text
    assert find_faults(new, MODELS["networks"]) == ()
    assert (path.parent / str(added.before)).read_text(encoding="utf-8") == old_text
    assert not add_missing(params) and not [h for h in hold_params(params) if h.faults]


def test_nobody_has_approved_what_was_added(params: Path) -> None:
    add_missing(params)
    text = (params / "networks" / "ours.yaml").read_text(encoding="utf-8")
    assert parse_policy(text)["approved_on"] is None and "was 2026-03-01, before these were added: membership" in text


def test_a_file_that_would_be_refused_still_is_left_as_it_is(params: Path) -> None:
    path = params / "networks" / "ours.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("top: 5", "top: -5"), encoding="utf-8")
    old = path.read_bytes()
    (added,) = add_missing(params)
    assert "doubt.top" in str(added.problem) and path.read_bytes() == old
    assert [p.name for p in path.parent.iterdir()] == ["ours.yaml"]


def test_an_entry_of_a_list_is_known_by_its_name_wherever_it_stands(params: Path) -> None:
    path = params / "interventions" / "csp_menu_v1.yaml"
    menu = parse_policy(path.read_text(encoding="utf-8"))
    first, *others = menu["interventions"]
    short = {k: v for k, v in first.items() if k != "basis"}
    path.write_text(yaml.safe_dump(menu | {"interventions": [*others, short]}, sort_keys=False), encoding="utf-8")
    added = {a.name: a for a in add_missing(params)}["interventions/csp_menu_v1.yaml"]
    assert added.problem is None and added.keys == "interventions.*.basis (1 entries)"
    now = parse_policy(path.read_text(encoding="utf-8"))["interventions"]
    assert now[-1] == first and now[:-1] == others


def test_what_is_a_persons_to_say_is_left_to_a_person(params: Path) -> None:
    own = "name: wardens\nversion: '1'\nowner: analyst\napproved_on:\nwhy: Wardens meet people before others do.\n"
    (params / "feeds" / "wardens.yaml").write_text(own, encoding="utf-8")
    css = params / "lenses" / "css.yaml"
    css.write_text(css.read_text(encoding="utf-8").replace("why:", "wy:"), encoding="utf-8")
    problems = {a.name: str(a.problem) for a in add_missing(params)}
    assert "add them by hand" in problems["feeds/wardens.yaml"] and "why is yours to say" in problems["lenses/css.yaml"]


@pytest.mark.parametrize("kind", sorted(MODELS))
def test_any_key_taken_out_of_a_shipped_file_comes_back_as_it_was(kind: str) -> None:
    path = sorted((packaged("params") / kind).glob("*.yaml"))[-1]
    text = path.read_text(encoding="utf-8")
    whole = parse_policy(text)
    keys = keys_of(parse_nodes(text))
    for key in keys[:: max(len(keys) // 3, 1)]:
        short = yaml.safe_dump(without(whole, key), sort_keys=False, default_flow_style=len(key) % 2 == 0, width=100)
        back = add_key(short, text, key)
        assert back is not None and parse_policy(back) == whole, key


def test_init_puts_no_second_file_beside_the_one_a_workspace_uses(params: Path) -> None:
    (params / "recipients" / "housing.yaml").unlink()
    made = init_workspace(params.parent)
    assert made.copied == ("params/recipients/housing.yaml",)
    assert [p.name for p in (params / "networks").glob("*.yaml")] == ["ours.yaml"]
    assert list_not_held(params) == ["networks/csp_example_v1.yaml"]
    shipped = {p.name for p in packaged("params").iterdir() if len(list(p.glob("*.yaml"))) > 1}
    assert shipped <= SEVERAL
