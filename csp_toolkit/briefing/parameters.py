"""A notebook's parameters: a form with names and types, which must be filled exactly.

Papermill runs a notebook on its default when a name is misspelt, turns dates into text and pastes names as code. So a
notebook is only run when every parameter it declares is given, with the declared type, and nothing else is.
"""

import ast
import keyword
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import nbformat

from csp_toolkit.errors import ParamsError, WorkspaceError

TAG = "parameters"
TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool, "list": list, "dict": dict}
BANNED_TAGS = ("raises-exception", "skip-execution", "injected-parameters")


@dataclass(frozen=True)
class Form:
    """The parameters a notebook declares: the name of the type by the name of the parameter."""

    notebook: str
    types: Mapping[str, str]


def read_template(path: Path) -> nbformat.NotebookNode:
    """Read a notebook; one that cannot be read is a `WorkspaceError`."""
    try:
        return nbformat.read(path, as_version=4)
    except FileNotFoundError:
        raise WorkspaceError(f"There is no notebook {path.name}. Run csp init to get the packaged ones.") from None
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise WorkspaceError(f"{path.name}: not a readable notebook ({type(error).__name__}).") from None


def read_form(notebook: nbformat.NotebookNode, name: str) -> Form:
    """Read the one cell tagged `parameters`; refuse a notebook in which papermill would run on a default.

    Every parameter is one line with a type and a plain value, `as_of: str = ""`. A value worked out from another is
    refused: it would be worked out before the parameters are set.
    """
    tagged = [cell for cell in notebook.cells if TAG in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        raise ParamsError(f"{name}: {len(tagged)} cells are tagged {TAG!r}; there must be one. Tag it in the editor.")
    banned = sorted({t for cell in notebook.cells for t in cell.metadata.get("tags", []) if t in BANNED_TAGS})
    if banned:
        raise ParamsError(f"{name}: a cell is tagged {', '.join(banned)}. Take it off: every cell must run and pass.")
    try:
        lines = ast.parse(tagged[0].source).body
    except SyntaxError as error:
        raise ParamsError(f"{name}: the parameters cell is not valid Python at its line {error.lineno}.") from None
    types: dict[str, str] = {}
    for line in lines:
        kind = line.annotation.id if isinstance(line, ast.AnnAssign) and isinstance(line.annotation, ast.Name) else None
        target = line.target.id if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) else None
        if kind not in TYPES or target is None or target in types or not _is_plain(getattr(line, "value", None)):
            raise ParamsError(
                f"{name}: line {line.lineno} of the parameters cell is not `name: type = plain value`, once a name, "
                f"with one of the types {', '.join(TYPES)}."
            )
        types[target] = kind
    return Form(name, types)


def _is_plain(value: ast.expr | None) -> bool:
    try:
        ast.literal_eval(value)  # type: ignore[arg-type]
    except (ValueError, TypeError):
        return False
    return True


def check_parameters(form: Form, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters if they fill the form exactly; else say everything that is wrong, and no value."""
    problems = []
    odd = [name for name in given if not name.isidentifier() or keyword.iskeyword(name)]
    if odd:
        problems.append(f"{len(odd)} names are not names a notebook can hold")
    unknown = sorted(set(given) - set(form.types) - set(odd))
    if unknown:
        problems.append(f"unknown: {', '.join(unknown)} (it knows {', '.join(form.types) or 'none'})")
    missing = [name for name in form.types if name not in given]
    if missing:
        problems.append(f"missing: {', '.join(missing)}")
    for name, kind in form.types.items():
        if name in given and type(given[name]) is not TYPES[kind]:
            problems.append(f"{name} is of type {type(given[name]).__name__}, not {kind}")
        elif name in given and not _is_json(given[name]):
            problems.append(f"{name} holds something JSON cannot carry")
    if problems:
        raise ParamsError(f"{form.notebook}: parameters do not fill the form: {'; '.join(problems)}.")
    return dict(given)


def _is_json(value: Any) -> bool:
    if type(value) is float:
        return isfinite(value)
    if type(value) is list:
        return all(_is_json(item) for item in value)
    if type(value) is dict:
        return all(type(key) is str and _is_json(item) for key, item in value.items())
    return value is None or type(value) in (str, int, bool)
