"""Judge pairs of records in a notebook: a form that writes through the same path and log as the workbook.

    csp.judge(view, casebook)

It lists the open possible matches, takes a verdict with name, role and reason, and records it. Without ipywidgets (the
extra `lab`) it says how to use the decisions workbook instead.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from csp_toolkit.errors import ToolkitError
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.deciding.decisions import DecideReport, Decision
from csp_toolkit.tables.deciding.rules import IDENTITY, KINDS
from csp_toolkit.tables.view import View

WITHOUT_WIDGETS = (
    "No form here: the extra `lab` (ipywidgets) is not installed. Write the decisions workbook with `csp export`, fill "
    "in its sheet Identity, and take it in with `csp decide`."
)
Pair = tuple[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True, eq=False)
class JudgementForm:
    """The pairs open to judge, and the one way to record a verdict on them.

    Attributes
    ----------
    pairs : for each pair in words, the two records by whose system they are and under which reference.
    casebook : the casebook that verdicts are recorded in.
    meeting_on : the day of the meeting they are made for.
    """

    pairs: dict[str, Pair]
    casebook: Casebook
    meeting_on: date

    def record(
        self, pair: str, verdict: str, *, decided_by: str, role: str, reason: str, decided_on: date,
        recorded_on: date | None = None, until: date | None = None, at: datetime | None = None,
    ) -> DecideReport:  # fmt: skip
        """Record a verdict on one of the pairs; what lacks something is refused as in the workbook."""
        (system_a, ref_a), (system_b, ref_b) = self.pairs[pair]
        made = Decision(
            kind=IDENTITY, meeting_on=self.meeting_on, decided_on=decided_on, decided_by=decided_by, role=role,
            outcome=verdict, reason=reason, valid_until=until,
            details={"system_a": system_a, "ref_a": ref_a, "system_b": system_b, "ref_b": ref_b},
        )  # fmt: skip
        actor = decided_by or "analyst"
        at = at or datetime.now(UTC)
        return self.casebook.decide([made], recorded_on=recorded_on or decided_on, actor=actor, at=at)

    def _ipython_display_(self) -> None:
        if find_spec("ipywidgets") is None:
            print(WITHOUT_WIDGETS)
            return
        from IPython.display import display

        display(_draw(self))

    def __repr__(self) -> str:
        return f"JudgementForm(pairs={len(self.pairs)}, meeting_on={self.meeting_on})"


def judge(view: View, casebook: Casebook | Path | str) -> JudgementForm:
    """Offer the open possible matches of a view to be judged, pair by pair, in a notebook.

    Parameters
    ----------
    casebook : the casebook, its file, or the address of a database: where verdicts are recorded.
    """
    book = casebook if isinstance(casebook, Casebook) else Casebook.open(_locate(casebook))
    pairs: dict[str, Pair] = {}
    for _, rows in view.possible_matches.groupby("match_id"):
        members = rows.drop_duplicates("person_id")
        ends = list(zip(members["source_system"], members["source_ref"], strict=True))
        looked = f", {rows['looked_at'].iloc[0]}" if rows["looked_at"].iloc[0] else ""
        for other in ends[1:]:
            words = f"{' '.join(ends[0])} and {' '.join(other)}: {rows['reason'].iloc[0]}{looked}"
            pairs[words] = (ends[0], other)
    return JudgementForm(pairs, book, view.as_of)


def _locate(casebook: Path | str) -> Path | str:
    return casebook if "://" in str(casebook) else Path(casebook)


def _draw(form: JudgementForm) -> Any:
    """Return the form as widgets."""
    import ipywidgets as widgets

    wide = widgets.Layout(width="95%")
    pair = widgets.Dropdown(options=list(form.pairs), description="Pair", layout=wide)
    verdict = widgets.ToggleButtons(options=list(KINDS[IDENTITY].outcomes), value=None, description="Verdict")
    texts = {name: widgets.Text(description=heading, layout=wide) for name, heading in
             (("decided_by", "Decided by"), ("role", "Role"), ("reason", "Reason"))}  # fmt: skip
    decided_on = widgets.DatePicker(description="Decided on")
    until = widgets.DatePicker(description="Valid until")
    button, said = widgets.Button(description="Record", button_style=""), widgets.HTML()
    button.on_click(_on_click(form, pair, verdict, texts, decided_on, until, said))
    return widgets.VBox([pair, verdict, *texts.values(), decided_on, until, button, said])


def _on_click(
    form: JudgementForm, pair: Any, verdict: Any, texts: dict[str, Any], decided_on: Any, until: Any, said: Any
) -> Callable[[Any], None]:
    def record(_button: Any) -> None:
        if decided_on.value is None or verdict.value is None or not pair.value:
            said.value = "Choose a pair, a verdict and the day it was decided on. Nothing was recorded."
            return
        try:
            words = {name: box.value for name, box in texts.items()}
            told = form.record(pair.value, verdict.value, decided_on=decided_on.value, until=until.value, **words)
        except ToolkitError as error:
            said.value = str(error)
            return
        said.value = f"{told.n_recorded} recorded, {told.n_unchanged} stood already. Open the view again to see it."

    return record
