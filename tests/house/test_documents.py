"""What the documents say is what there is."""

import importlib.util
import re
from types import ModuleType

import pytest

from tests.house.tracked import REPOSITORY, texts


@pytest.fixture(scope="module")
def documents() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", REPOSITORY / "docs" / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_tree_in_architecture_is_the_tree_on_the_disk(documents: ModuleType) -> None:
    assert documents.ARCHITECTURE.read_text(encoding="utf-8") == documents.architecture(), "run `make docs`"


def test_every_command_and_option_is_documented(documents: ModuleType) -> None:
    assert documents.COMMANDS.read_text(encoding="utf-8") == documents.commands(), "run `make docs`"


def test_every_feed_is_listed(documents: ModuleType) -> None:
    assert documents.FEEDS.read_text(encoding="utf-8") == documents.feeds(), "run `make docs`"


def test_the_commands_people_were_promised_are_there(documents: ModuleType) -> None:
    found = set(re.findall(r"^## csp (\S+)", documents.commands(), re.M))
    assert {"init", "demo", "load", "decide", "brief", "export", "verify", "doctor", "lab"} <= found


def test_every_command_a_document_shows_exists(documents: ModuleType) -> None:
    known = documents.commands()
    shown = {
        (name, command)
        for name, text in texts().items()
        if name.endswith(".md") and name != "docs/commands.md"
        for command in re.findall(r"`csp ([a-z]+)", text) + re.findall(r"^(?:\$ )?csp ([a-z]+)", text, re.M)
    }
    assert sorted(x for x in shown if f"## csp {x[1]}" not in known) == []


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = []
    for name, text in texts().items():
        if name.endswith(".md"):
            here = (REPOSITORY / name).parent
            links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
            broken += [f"{name}: {link}" for link in links if not (here / link).exists()]
    assert broken == []


def test_every_target_the_documents_name_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.M))
    assert {"briefing", "test", "prove", "bench", "check", "lab", "docs"} <= targets
    named = {t for name, text in texts().items() if name.endswith(".md") for t in re.findall(r"`make ([a-z]+)", text)}
    assert named <= targets


def test_the_pinned_versions_name_no_address_and_no_path() -> None:
    lines = [x for x in (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines() if x and x[0] != "#"]
    assert [x for x in lines if not re.fullmatch(r"[A-Za-z0-9_.\-]+==[A-Za-z0-9_.+!]+", x)] == []


def test_every_runtime_dependency_is_pinned() -> None:
    import tomllib

    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *extras["lab"], *extras["link"], *extras["pdf"], *extras["dev"]]
    pinned = {_name(x) for x in (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines() if "==" in x}
    assert [name for x in asked if (name := _name(x)) not in pinned] == []


def _name(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[=<>\[;! ]", requirement, maxsplit=1)[0]).lower()
