"""Two people rate the same cases blind, and what came of it: who is drawn, the form, and the forms read back.

    drawn = csp.draw_for_second_rating(scores, view, policy, seed=1)
    drawn.write("rating_form.xlsx")                    # one copy for each rater
    csp.compare_ratings(["rater_a.xlsx", "rater_b.xlsx"], drawn, policy, seed=1)

A tenth of the people ranked is drawn. The form names them by the police's reference, in an order that says nothing of
their places, with the criteria in words and no score: whoever fills it in sees neither the matrix's points nor the
other rater's. Adults alone are drawn; nobody's place changes by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from csp_toolkit.errors import TableError
from csp_toolkit.scoring.evidence.register import read_register
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.matrix_parts import ten_thousandths
from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.scoring.review.policy import ValidityPolicy
from csp_toolkit.tables.view import View

FORM_COLUMNS = ("person_ref", "rater", "criterion", "points")
_SHEET, _WORDS = "Ratings", "What counts"
_MARKING = "OFFICIAL-SENSITIVE – PERSONAL DATA"
_MOST_ROWS = 20_000
_LISTED = 5


@dataclass(frozen=True, eq=False)
class SecondRating:
    """Whom two people are to rate, and what the matrix says of them, which the form does not show.

    Attributes
    ----------
    people : person_ref, in the order of the form. matrix_points : person_ref, criterion, points: the matrix's own, for
        the comparison afterwards. matrix : whose criteria are rated.
    """

    people: pd.DataFrame
    matrix_points: pd.DataFrame
    matrix: Matrix

    @property
    def form(self) -> pd.DataFrame:
        """Return the empty form: one row a person and criterion that anything can count for, no points."""
        criteria = list_rated(self.matrix)
        rows = [(ref, "", name, None) for ref in self.people["person_ref"] for name in criteria]
        return pd.DataFrame(rows, columns=list(FORM_COLUMNS))

    def write(self, path: Path | str) -> Path:
        """Write the form as a workbook with the criteria in words beside it; nothing in it says a score or a place."""
        import openpyxl

        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet(_SHEET)
        sheet.append([_MARKING])
        sheet.append(list(FORM_COLUMNS))
        for row in self.form.itertuples(index=False):
            sheet.append(list(row))
        words = book.create_sheet(_WORDS)
        words.append(["criterion", "title", "most points", "look back, days", "counts", "does not count", "example"])
        for name in list_rated(self.matrix):
            one = self.matrix.by_id[name]
            words.append([name, one.title, one.cap, one.window_days, one.counts, one.does_not_count, one.example])
        book.save(path)
        return Path(path)

    def __repr__(self) -> str:
        return f"SecondRating(people={len(self.people)}, criteria={len(list_rated(self.matrix))})"


def list_rated(matrix: Matrix) -> tuple[str, ...]:
    """List the criteria that anything can count for: not those for which no record is received."""
    return tuple(c.id for c in matrix.criteria if not {"exhibit", "statement"} & set(c.evidence))


def draw_for_second_rating(scores: Scores, view: View, policy: ValidityPolicy, *, seed: int) -> SecondRating:
    """Draw the people whom two raters score again, blind.

    Parameters
    ----------
    seed : who is drawn, and in which order they stand on the form.
    """
    register = read_register(view).set_index("person_id")["person_ref"]
    pool = sorted(person for person in scores.list_ranked() if person in register.index)
    n = min(len(pool), max(policy.second_rating_least, round(policy.second_rating_share * len(pool))))
    drawn = np.random.default_rng(seed).permutation(pool)[:n].tolist()
    people = pd.DataFrame({"person_ref": register.reindex(drawn).to_numpy()}, dtype="str")
    own = scores.ledger[scores.ledger["person_id"].isin(drawn)]
    points = own.groupby(["person_id", "criterion"])["points"].sum().unstack("criterion")
    points = points.reindex(index=drawn, columns=list(list_rated(scores.matrix))).fillna(0)
    long = points.set_axis(people["person_ref"].to_numpy()).rename_axis("person_ref").reset_index()
    long = long.melt("person_ref", var_name="criterion", value_name="points")
    return SecondRating(people, long.astype({"points": "Int64"}), scores.matrix)


def read_ratings(files: Sequence[Path | str], drawn: SecondRating) -> pd.DataFrame:
    """Read filled-in forms, CSV or Excel, and refuse what cannot be used, one line a file.

    Returns
    -------
    `FORM_COLUMNS`, one row for each person, rater and criterion; points in ten-thousandths, missing where the rater
    left it open. The rater is the form's own, or where it names none the name of the file.

    Raises
    ------
    TableError : a file cannot be read, or some of its rows cannot be used; it names file, rows and reason.
    """
    frames, problems = [], []
    for path in map(Path, files):
        try:
            frames.append(_check_form(_read_form(path), path, drawn))
        except TableError as error:
            problems.append(str(error))
    if problems:
        raise TableError("\n".join(problems))
    ratings = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(FORM_COLUMNS))
    twice = ratings.duplicated(["person_ref", "rater", "criterion"])
    if twice.any():
        raise TableError(f"Two files bring {int(twice.sum())} ratings of one rater twice. Give each rater a name.")
    return ratings


def _read_form(path: Path) -> pd.DataFrame:
    from csp_toolkit.errors import DeliveryError
    from csp_toolkit.records.files import read_file

    def is_header(cells: list[str]) -> bool:
        return {"person_ref", "criterion", "points"} <= {cell.strip().lower() for cell in cells}

    try:
        raw = read_file(path, sheet=_SHEET if path.suffix.lower() == ".xlsx" else None, is_header=is_header)
    except (DeliveryError, OSError) as error:
        raise TableError(f"{path.name}: cannot be read as a rating form ({type(error).__name__}).") from None
    cells = raw.cells.rename(columns=lambda name: str(name).strip().lower())
    absent = [name for name in FORM_COLUMNS if name != "rater" and name not in cells.columns]
    if absent:
        raise TableError(f"{path.name}: no column {', '.join(absent)}. Use the form that `SecondRating.write` makes.")
    if len(cells) > _MOST_ROWS:
        raise TableError(f"{path.name}: more than {_MOST_ROWS:,} rows; a form is shorter. Give the filled-in form.")
    if len(raw.broken):
        raise TableError(f"{path.name}: {len(raw.broken)} rows have more or fewer cells than headings. Mend them.")
    cells = cells.assign(row=raw.rows)
    if "rater" not in cells.columns:
        cells = cells.assign(rater="")
    return cells[[*FORM_COLUMNS, "row"]]


def _check_form(cells: pd.DataFrame, path: Path, drawn: SecondRating) -> pd.DataFrame:
    text = cells[list(FORM_COLUMNS)].apply(lambda column: column.fillna("").astype("str").str.strip())
    rated = list_rated(drawn.matrix)
    points = pd.to_numeric(text["points"].where(text["points"].ne("")), errors="coerce")
    most = text["criterion"].map({c.id: float(c.cap) for c in drawn.matrix.criteria}).astype("float64")
    rater = text["rater"].replace("", path.stem)
    wrong = {
        "no person of that reference was drawn": ~text["person_ref"].isin(drawn.people["person_ref"]),
        "no criterion of the form": ~text["criterion"].isin(rated),
        "points are no number": text["points"].ne("") & points.isna(),
        "points below nought or above the most": (points < 0) | (points > most),
        "points with more than three decimals": (points * 1000 - (points * 1000).round()).abs() > 1e-6,
        "stands twice": pd.concat([text[["person_ref", "criterion"]], rater], axis=1).duplicated(keep=False),
    }
    told = [f"{why} ({_list_rows(cells.loc[mask, 'row'])})" for why, mask in wrong.items() if mask.any()]
    if told:
        n = int(pd.concat(list(wrong.values()), axis=1).any(axis=1).sum())
        raise TableError(f"{path.name}: {n} of {len(cells)} rows cannot be used: {'; '.join(told)}. Mend them.")
    if not points.notna().any():
        raise TableError(f"{path.name}: no points are filled in. Fill in the form, 0 where nothing counts.")
    whole = points.map(lambda value: ten_thousandths(value), na_action="ignore").astype("Int64")
    return pd.DataFrame({"person_ref": text["person_ref"], "rater": rater, "criterion": text["criterion"],
                         "points": whole})  # fmt: skip


def _list_rows(rows: pd.Series) -> str:
    first = ", ".join(str(int(row)) for row in rows.head(_LISTED))
    return f"{'row' if len(rows) == 1 else 'rows'} {first}{' and others' if len(rows) > _LISTED else ''}"
