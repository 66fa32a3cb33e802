"""Imports go one way, light ones first, and nothing reaches for a network."""

import ast
import re
import subprocess
import sys
import tomllib

import pytest

from tests.house.tracked import REPOSITORY, modules, texts

ANALYSES = ("scoring", "networks", "risk")
NETWORK = {
    "socket",
    "requests",
    "urllib.request",
    "urllib3",
    "http.client",
    "httpx",
    "aiohttp",
    "ftplib",
    "smtplib",
    "telnetlib",
}
HEAVY = (
    "papermill",
    "nbconvert",
    "sklearn",
    "matplotlib",
    "pyvis",
    "duckdb",
    "polars",
    "splink",
    "pyspark",
    "weasyprint",
)


def _imported(text: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def _package() -> dict[str, str]:
    return {name: text for name, text in texts().items() if name.startswith("csp_toolkit/") and name.endswith(".py")}


def test_the_import_contract_holds() -> None:
    run = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache"],
        cwd=REPOSITORY, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-1000:]


@pytest.mark.parametrize("analysis", ANALYSES)
def test_the_three_analyses_never_import_each_other(analysis: str) -> None:
    others = tuple(f"csp_toolkit.{other}" for other in ANALYSES if other != analysis)
    found = {name: [i for i in _imported(text) if i.startswith(others)]
             for name, text in _package().items() if name.startswith(f"csp_toolkit/{analysis}/")}  # fmt: skip
    assert {name: imports for name, imports in found.items() if imports} == {}


def test_nothing_in_the_package_reaches_for_a_network() -> None:
    found = {name: _imported(text) & NETWORK for name, text in _package().items()}
    assert {name: imports for name, imports in found.items() if imports} == {}


def test_importing_the_package_loads_nothing_heavy() -> None:
    asked = f"import sys, csp_toolkit; print(*[m for m in {HEAVY!r} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", asked], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""


def test_every_module_can_be_imported() -> None:
    assert len(modules()) > 50


def test_every_library_the_package_imports_is_asked_for_by_name() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [
        *project["dependencies"],
        *(r for name in ("lab", "link", "pdf") for r in project["optional-dependencies"][name]),
    ]
    provided = {re.split(r"[=<>\[;! ]", r, maxsplit=1)[0].lower().replace("-", "_") for r in asked}
    provided |= {"yaml" if "pyyaml" in provided else "", "sklearn" if "scikit_learn" in provided else ""}
    provided |= {"sknetwork"} if "scikit_network" in provided else set()
    roots = {name.split(".")[0].lower() for text in _package().values() for name in _imported(text)}
    theirs = roots - {name.lower() for name in sys.stdlib_module_names} - {"csp_toolkit"}
    assert sorted(theirs - provided) == []


def test_every_library_asked_for_is_used() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    used = {name.split(".")[0].lower() for text in _package().values() for name in _imported(text)}
    mentioned = "\n".join(_package().values())
    names = [re.split(r"[=<>\[;! ]", r, maxsplit=1)[0].lower().replace("-", "_") for r in project["dependencies"]]
    # ipykernel is what a notebook runs in, zoneinfo reads tzdata, and three are imported by other names: yaml, sklearn,
    # sknetwork.
    fine = used | {"ipykernel", "pyyaml", "tzdata"} | ({"scikit_learn"} if "sklearn" in used else set())
    fine |= {"scikit_network"} if "sknetwork" in used else set()
    assert [n for n in names if n not in fine and f'"{n}' not in mentioned] == []
