"""A matrix with other weights and look-backs: tried out, and written as a draft file when somebody asks for it.

Points of a criterion are those of one item. Where a report's theme has points of its own (a firearm 8, a weapon 5),
they move in proportion; caps stay. A draft is written from the text of the file in use, so that its comments stay, and
is read back and held to what was meant before it is kept.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import ValidationError

from csp_toolkit.errors import ParamsError
from csp_toolkit.params import read_policy
from csp_toolkit.scoring.change.past import check_author
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.matrix_parts import Criterion

_HEAD = ("name", "version", "owner", "approved_on", "why")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]{0,20}")


def adjust(
    matrix: Matrix, *, points: Mapping[str, float] | None = None, days: Mapping[str, int] | None = None
) -> Matrix:
    """Return a matrix with other points of one item, and other look-backs in days, by criterion.

    Raises
    ------
    ParamsError : the matrix has no such criterion, or would contradict itself.
    """
    points, days = points or {}, days or {}
    unknown = sorted({*points, *days} - set(matrix.by_id))
    if unknown:
        raise ParamsError(f"The matrix has no criterion {', '.join(unknown)}. It has: {', '.join(matrix.by_id)}.")
    criteria = tuple(
        c.model_copy(update={"base": points.get(c.id, c.base), "window_days": days.get(c.id, c.window_days)})
        for c in matrix.criteria
    )
    themes = {
        name: theme.model_copy(update={"base": _scale(theme.base, points, matrix.by_id[theme.criterion])})
        for name, theme in matrix.themes.items()
    }
    return _check(matrix.model_copy(update={"criteria": criteria, "themes": themes}))


def write_draft(matrix: Matrix, source: Path, folder: Path, *, name: str, version: str, author: str, why: str) -> Path:
    """Write a changed matrix as a draft, with its author and reason, approved by nobody yet.

    Parameters
    ----------
    source : the file of the matrix in use, whose text and comments the draft keeps.
    folder : where drafts lie; never the folder a workspace reads its matrix from.

    Raises
    ------
    ParamsError : something the draft needs is missing, one of that name is there already, or the folder is in use.
    """
    _refuse(source, folder, name, version)
    head = {"name": name, "version": version, "owner": " ".join(author.split()), "approved_on": None,
            "why": " ".join(why.split())}  # fmt: skip
    new = matrix.model_copy(update=head)
    check_author(read_policy(source, Matrix), new)
    path = folder / f"{name}-{version}.yaml"
    if path.exists():
        raise ParamsError(f"{path.name} is there already. Give another version.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = path.with_suffix(".aside")
    try:
        for text in (_rewrite(source.read_text(encoding="utf-8"), new), _write_anew(new)):
            aside.write_text(text, encoding="utf-8", newline="\n")
            if _reads_as(aside, new):
                aside.rename(path)
                return path
    finally:
        aside.unlink(missing_ok=True)
    raise ParamsError("The draft does not read back as what was meant, so none was written. Report this fault.")


def _scale(base: float | None, points: Mapping[str, float], criterion: Criterion) -> float | None:
    """Return a theme's own points when its criterion's have changed, to three decimals."""
    return None if base is None else round(base * points.get(criterion.id, criterion.base) / criterion.base, 3)


def _check(made: Matrix) -> Matrix:
    try:
        return Matrix.model_validate(made.model_dump())
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'matrix'}: {e['msg']}" for e in error.errors())
        raise ParamsError(f"The matrix would contradict itself: {wrong}.") from None


def _refuse(source: Path, folder: Path, name: str, version: str) -> None:
    if folder.resolve() == source.resolve().parent:
        raise ParamsError("A draft beside the matrix in use would stop every meeting. Give another folder.")
    if not _NAME.fullmatch(name):
        raise ParamsError("name: small letters, digits and underscores, beginning with a letter.")
    if not _VERSION.fullmatch(version):
        raise ParamsError("version: letters, digits, dots and hyphens, at most twenty-one.")


def _reads_as(path: Path, new: Matrix) -> bool:
    try:
        return read_policy(path, Matrix) == new
    except ParamsError:
        return False


def _rewrite(text: str, new: Matrix) -> str:
    """Put the head, and each criterion's points and look-back, into the text of the file in use."""
    body = text
    for key in _HEAD:
        value = getattr(new, key)
        line = f"{key}:\n" if value is None else f"{key}: {_quote(value)}\n"
        found = re.search(rf"^{key}:[^\n]*\n(?:[ ]+[^\n]*\n)*", body, flags=re.M)
        if found is not None:
            body = body[: found.start()] + line + body[found.end() :]
    for criterion in new.criteria:
        body = _rewrite_block(
            body, criterion.id, {"base": f"{criterion.base:g}", "window_days": str(criterion.window_days)}
        )
    for name, theme in new.themes.items():
        if theme.base is not None:
            body = re.sub(rf"^(  {re.escape(name)}: {{.*\bbase: )[\d.]+", rf"\g<1>{theme.base:g}", body, flags=re.M)
    return body


def _rewrite_block(text: str, criterion: str, values: Mapping[str, str]) -> str:
    found = re.search(rf"^  - id: {re.escape(criterion)}\n(?:    [^\n]*\n)+", text, flags=re.M)
    if found is None:
        return text
    block = found[0]
    for key, value in values.items():
        block = re.sub(rf"^    {key}: [^\n]*$", f"    {key}: {value}", block, count=1, flags=re.M)
    return text[: found.start()] + block + text[found.end() :]


def _quote(value: object) -> str:
    return yaml.safe_dump(str(value), default_style='"', allow_unicode=True, width=10**6).strip()


def _write_anew(new: Matrix) -> str:
    """Write the whole matrix without the comments of the old, where its text is laid out otherwise."""
    return yaml.safe_dump(new.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=110)
