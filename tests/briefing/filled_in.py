"""Fill in a decisions workbook as a meeting does: by what stands in a row, by a heading, and from the lists."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl


class Filled:
    """A workbook being filled in; `save` writes it elsewhere."""

    def __init__(self, path: Path) -> None:
        self.book: Any = openpyxl.load_workbook(path)

    def who(self, name: str, role: str, on: object) -> None:
        """Say once who decides."""
        for place, value in enumerate((name, role, on), start=2):
            self.book["Meeting"].cell(row=4, column=place).value = value

    def rows(self, sheet: str) -> list[dict[str, Any]]:
        """Return what stands in the rows of a sheet, by heading, with the row's number as `row`."""
        heading = [cell.value for cell in self.book[sheet][3]]
        found = self.book[sheet].iter_rows(min_row=4, values_only=True)
        return [dict(zip(heading, values, strict=True)) | {"row": n} for n, values in enumerate(found, start=4)]

    def put(self, sheet: str, row: int, cells: Mapping[str, object]) -> None:
        """Fill cells of a row by their headings."""
        places = {str(cell.value): cell.column for cell in self.book[sheet][3]}
        for heading, value in cells.items():
            self.book[sheet].cell(row=row, column=places[heading]).value = value

    def choose(self, heading: str, start: str) -> str:
        """Return the choice of a list that begins so."""
        column = next(c for c in self.book["Lists"].iter_cols() if c[0].value == heading)
        return next(str(cell.value) for cell in column[1:] if str(cell.value).startswith(start))

    def agree(
        self, n: int, person: str | None, text: str, kind: str, code: str | None, due: object, **more: object
    ) -> str:
        """Agree on the nth action; return its reference."""
        row = self.rows("Actions")[n]
        chosen = {"Reference": self.choose("Reference", person) if person else None,
                  "Code": self.choose("Code", f"{code} |") if code else None}  # fmt: skip
        self.put(
            "Actions", row["row"], {"Action": text, "Type": kind, "Due": due, "Outcome": "AGREED", **chosen, **more}
        )
        return str(row["Action reference"])

    def save(self, path: Path) -> Path:
        """Write the workbook."""
        self.book.save(path)
        return path
