"""Every public thing says what it is, in words, and its examples are true."""

import ast
import doctest
import re
from collections.abc import Iterator

import pytest

from tests.house.tracked import modules, texts

TYPES = re.compile(
    r"^\s+[\w*, ]+ : (?:int|str|float|bool|list|dict|set|tuple|date|Path|pd\.|pandas|DataFrame|Series|None)\b", re.M
)
# Words that end in s and are imperatives or nouns all the same.
FINE = frozenset(
    {"process", "pass", "express", "address", "dismiss", "discuss", "compress", "assess", "access", "miss", "press"}
)
OPENERS = ("this function", "this method", "this class", "a function", "function to", "helper")
PACKAGE = sorted(name for name in texts() if name.startswith("csp_toolkit/") and name.endswith(".py"))


def _documented(tree: ast.Module, name: str) -> Iterator[tuple[str, ast.AST, str | None]]:
    yield name, tree, ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            yield f"{name}: {node.name}", node, ast.get_docstring(node)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not _is_protocol(node):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
                    yield f"{name}: {node.name}.{inner.name}", inner, ast.get_docstring(inner)


def _is_protocol(node: ast.ClassDef) -> bool:
    """Whether the class only lists what others must have; it says so once, for all its members."""
    return any(isinstance(parent, ast.Name) and parent.id == "Protocol" for parent in node.bases)


def _fault(node: ast.AST, text: str | None) -> str:
    if not text:
        return "has no docstring"
    first = re.sub(r"^\d\w?\. ", "", text.split("\n\n")[0].replace("\n", " ").strip())
    word = re.split(r"\W", first.lower(), maxsplit=1)[0]
    if not first[0].isupper() and not first.startswith("`"):
        return "does not start with a capital"
    if not first.endswith((".", "?", ":")):
        return "does not end its first sentence"
    if first.lower().startswith(OPENERS):
        return "says that it is a thing instead of what it is for"
    if isinstance(node, ast.FunctionDef) and word.endswith("s") and word not in FINE and not word.endswith("ss"):
        return f"starts with {word!r}: an imperative is wanted"
    if TYPES.search(text):
        return "repeats a type that stands in the signature"
    return ""


@pytest.mark.parametrize("name", PACKAGE)
def test_every_public_thing_says_what_it_is_for(name: str) -> None:
    tree = ast.parse(texts()[name])
    faults = {where: fault for where, node, text in _documented(tree, name) if (fault := _fault(node, text))}
    assert faults == {}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (None, "no docstring"),
        ("Returns the score.", "imperative"),
        ("return the score.", "capital"),
        ("Return the score", "end"),
        ("Return it.\n\nParameters\n----------\nrows\n    n : int, how many", "type"),
    ],
)
def test_a_poor_docstring_is_found(text: str | None, fault: str) -> None:
    assert fault in _fault(ast.parse("def f(): pass").body[0], text)


def test_examples_in_docstrings_give_what_they_say() -> None:
    results = [doctest.testmod(module) for module in modules()]
    assert sum(r.failed for r in results) == 0
    assert sum(r.attempted for r in results) > 10
