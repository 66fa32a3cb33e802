"""A frame to a CSV file somebody will open in a spreadsheet, with a sidecar that carries its marking.

A cell that begins as a formula does is written so that a spreadsheet shows it as text. The bytes depend on the frame
alone.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

META = ".meta.json"
_FORMULA = re.compile(r"^\s*[=+\-@\t\r]")
_NUMBER = re.compile(r"^\s*[+-]?\d[\d,]*(\.\d+)?\s*$")


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path | str, *, marking: str, **facts: Any) -> list[Path]:
    """Write each frame to `<folder>/<name>.csv` with its sidecar, and return the files."""
    return [
        write_table(table, Path(folder) / f"{name}.csv", marking=marking, **facts) for name, table in tables.items()
    ]


def write_table(table: pd.DataFrame, path: Path | str, *, marking: str, **facts: Any) -> Path:
    """Write one frame as CSV with its sidecar `.meta.json`.

    Parameters
    ----------
    marking : the protective marking, which the sidecar carries since a CSV cannot.
    facts : anything else the sidecar should say; text, numbers or truths.
    """
    home = Path(path)
    home.parent.mkdir(parents=True, exist_ok=True)
    _disarm(table).to_csv(home, index=False, lineterminator="\n", date_format="%Y-%m-%d", encoding="utf-8")
    write_sidecar(home, marking=marking, **facts)
    return home


def write_sidecar(path: Path, *, marking: str, **facts: Any) -> Path:
    """Write the sidecar of a CSV file that is there."""
    content = path.read_bytes()
    meta = {"file": path.name, "marking": marking, "sha256": hashlib.sha256(content).hexdigest(), **facts}
    sidecar = path.with_suffix(META)
    sidecar.write_text(json.dumps(meta, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return sidecar


def _disarm(table: pd.DataFrame) -> pd.DataFrame:
    changed = {}
    for column in table.columns:
        values = table[column]
        if pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_datetime64_any_dtype(values.dtype):
            continue
        armed = {v: disarm(v) for v in set(values) if isinstance(v, str) and is_formula(v)}
        if armed:
            changed[column] = values.map(lambda v, armed=armed: armed.get(v, v) if isinstance(v, str) else v)
    return table.assign(**changed)


def disarm(text: str) -> str:
    """Return `text` so that a spreadsheet takes it for text: a formula gets an apostrophe before it.

    Examples
    --------
    >>> disarm("=1+1"), disarm("-3.5"), disarm("Ann")
    ("'=1+1", '-3.5', 'Ann')
    """
    return f"'{text}" if is_formula(text) else text


def is_formula(text: str) -> bool:
    """Say whether a spreadsheet would read `text` as a formula."""
    return bool(_FORMULA.match(text)) and not _NUMBER.match(text)
