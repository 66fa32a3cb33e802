"""Fill in an assessment in a notebook: band and range while answering, checks on saving, and one way to record.

    csp.fill_assessment(view, casebook, toolkit, "SYN-C0042")

Answers and overrides go through the same decisions and the same log as the workbook. Without ipywidgets (the extra
`lab`) the form says so, and its methods do the same from code.
"""

from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from csp_toolkit.errors import TableError
from csp_toolkit.risk.assessment_entry import AssessmentEntry
from csp_toolkit.risk.assessment_widgets import draw_form
from csp_toolkit.risk.recorded_answers import read_answers
from csp_toolkit.risk.toolkit import Toolkit
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.view import View

WITHOUT_WIDGETS = (
    "No form here: the extra `lab` (ipywidgets) is not installed. `try_answers`, `check` and `record` of what this "
    "call returned do the same from code."
)


class AssessmentForm(AssessmentEntry):
    """One assessment to be filled in; a notebook shows it as a form."""

    def _ipython_display_(self) -> None:
        from IPython.display import display

        if find_spec("ipywidgets") is None:
            display({"text/plain": WITHOUT_WIDGETS}, raw=True)
            return
        display(draw_form(self))

    def __repr__(self) -> str:
        return f"AssessmentForm({self.assessment_ref!r}, assessed_on={self.assessed_on}, toolkit={self.toolkit.key})"


def fill_assessment(
    view: View, casebook: Casebook | Path | str, toolkit: Toolkit, case_ref: str, *, assessed_on: date | None = None,
    ties: pd.DataFrame | None = None,
) -> AssessmentForm:  # fmt: skip
    """Open an assessment of a case to be filled in: the one of that day, where there is one, else the next.

    Parameters
    ----------
    casebook : the casebook, its file, or the address of a database: where answers are recorded.
    assessed_on : the day of the assessment; the view's day by default.
    ties : the association network's ties, handed in; without them nothing is said of associates.

    Raises
    ------
    TableError : there is no such case.
    """
    book = casebook if isinstance(casebook, Casebook) else Casebook.open(_locate(casebook))
    day = assessed_on or view.as_of
    known = view["cases"][view["cases"]["case_ref"].eq(case_ref)]
    if known.empty:
        raise TableError("No case of that reference is in the view.")
    rows, assessments = read_answers(view)
    own = assessments[assessments["case_ref"].eq(case_ref)]
    of_day = own[own["assessed_on"].eq(pd.Timestamp(day))]
    numbers = of_day["assessment_no"] if len(of_day) else own["assessment_no"] + 1
    no = int(numbers.max()) if len(numbers) else 1
    earlier = own[own["assessment_no"].lt(no)]
    started = rows[rows["assessment_ref"].eq(f"{case_ref}/{no}")].reset_index(drop=True)
    last = earlier["assessment_ref"].iloc[-1] if len(earlier) else ""
    before = rows[rows["assessment_ref"].eq(last)].reset_index(drop=True)
    person = str(known["person_id"].iloc[-1])
    return AssessmentForm(view, book, toolkit, case_ref, person, no, day, started, before, ties)


def _locate(casebook: Path | str) -> Path | str:
    return casebook if "://" in str(casebook) else Path(casebook)
