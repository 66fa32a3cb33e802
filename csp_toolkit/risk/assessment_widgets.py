"""The assessment form as widgets: a part a domain, a row a question, and the bands above, worked out at each answer."""

from collections.abc import Callable
from html import escape
from typing import Any

from csp_toolkit.errors import ToolkitError
from csp_toolkit.risk.assessment_entry import AssessmentEntry, Given
from csp_toolkit.risk.assessments import Assessments, say_status
from csp_toolkit.risk.toolkit_parts import Indicator

NOT_ASKED = "not asked"
_OPEN_SHOWN = 8


def draw_form(form: AssessmentEntry) -> Any:
    """Return the form as widgets."""
    import ipywidgets as widgets

    shown = widgets.HTML(say_result(form, form.try_answers({})))
    held = {row.indicator: row for row in form.started.itertuples()}
    is_child = bool(form.try_answers({}).answers.assessments["is_child"].iloc[0])
    barred = "adult" if is_child else "child"
    asked = [i for i in form.toolkit.indicators if i.applies != barred]
    rows = {i.id: _Row(widgets, form, i, held.get(i.id)) for i in asked}

    def refresh(_change: object) -> None:
        shown.value = say_result(form, form.try_answers(_collect(rows)))

    for row in rows.values():
        row.on_change(refresh)
    parts = [(domain, [rows[i.id].box for i in domain.indicators if i.id in rows]) for domain in form.toolkit.domains]
    parts = [(domain, boxes) for domain, boxes in parts if boxes]
    tabs = widgets.Accordion(children=[widgets.VBox(boxes) for _, boxes in parts])
    for n, (domain, _) in enumerate(parts):
        tabs.set_title(n, f"{domain.id} {domain.name}")
    return widgets.VBox([shown, tabs, *_draw_save(widgets, form, rows)])


class _Row:
    """One question: what it asks, the answer, what it rests on, and what the records suggest."""

    def __init__(self, widgets: Any, form: AssessmentEntry, indicator: Indicator, held: Any) -> None:
        self.indicator, toolkit = indicator, form.toolkit
        answers = [(f"{value} {words}", value) for value, words in toolkit.answers.items()]
        unknown = [(f"unknown: {words}", f"UNKNOWN {code}") for code, words in toolkit.unknown_reasons.items()]
        options = [(NOT_ASKED, ""), *answers, *unknown, ("not applicable", "NOT_APPLICABLE")]
        wide, narrow = widgets.Layout(width="26em"), widgets.Layout(width="12em")
        self.answer = widgets.Dropdown(options=options, value="", layout=wide)
        self.agency = widgets.Dropdown(options=[(name, code) for code, name in toolkit.owners.items()],
                                       value=indicator.owner, layout=narrow)  # fmt: skip
        self.seen = widgets.DatePicker(layout=narrow)
        self.grade = widgets.Dropdown(
            options=["", *(f"{s}{i}" for s in "123" for i in "ABCDE")], layout=widgets.Layout(width="5em")
        )
        self.note = widgets.Text(placeholder="what it rests on", layout=wide)
        self.is_suggested = False
        self._start(held)
        notes = ", critical" * indicator.critical + ", never enough by itself" * indicator.never_alone
        before = form.before.loc[form.before["indicator"].eq(indicator.id), "answer"]
        last = f" Last time: {', '.join(before.astype('str'))}." if len(before) else ""
        text = widgets.HTML(f"<b>{indicator.id}</b> {escape(indicator.text)}{escape(notes)}<br>{escape(last)}")
        line = widgets.HBox([self.answer, self.agency, self.seen, self.grade, self.note])
        self.box = widgets.VBox([text, line, *self._draw_suggestion(widgets, form)])

    def _start(self, held: Any) -> None:
        if held is None:
            return
        reason = held.reason if isinstance(held.reason, str) else "NOT_STATED"
        self.answer.value = f"UNKNOWN {reason}" if held.answer == "UNKNOWN" else str(held.answer)
        self.note.value = held.note if isinstance(held.note, str) else ""

    def _draw_suggestion(self, widgets: Any, form: AssessmentEntry) -> list[Any]:
        table = form.suggestions.table
        own = table[table["indicator"].eq(self.indicator.id)]
        if own.empty:
            return []
        said = own.iloc[0]
        button = widgets.Button(description=f"Accept {said['answer']}")

        def accept(_button: object) -> None:
            self.is_suggested = True
            self.agency.value, self.note.value = said["source_agency"], said["sentence"]
            self.seen.value = said["last_seen_on"].date() if said["last_seen_on"] == said["last_seen_on"] else None
            self.answer.value = str(said["answer"])

        button.on_click(accept)
        return [widgets.HBox([button, widgets.HTML(f"The records: {escape(said['sentence'])}.")])]

    def on_change(self, call: Callable[[object], None]) -> None:
        for widget in (self.answer, self.agency, self.seen, self.grade, self.note):
            widget.observe(call, names="value")

    def given(self) -> Given | None:
        if not self.answer.value:
            return None
        answer, _, reason = self.answer.value.partition(" ")
        return Given(answer, self.agency.value, self.seen.value, self.grade.value or None, self.note.value or None,
                     reason or None, self.is_suggested)  # fmt: skip


def _collect(rows: dict[str, _Row]) -> dict[str, Given]:
    given = {name: row.given() for name, row in rows.items()}
    return {name: answer for name, answer in given.items() if answer is not None}


def _draw_save(widgets: Any, form: AssessmentEntry, rows: dict[str, _Row]) -> list[Any]:
    whole = {"description_width": "initial"}
    by, role = (widgets.Text(description=text, style=whole) for text in ("Assessed by", "Role"))
    button, said = widgets.Button(description="Check and record"), widgets.HTML()

    def record(_button: object) -> None:
        given = _collect(rows)
        try:
            found = form.check(given)
            told = form.record(given, decided_by=by.value, role=role.value)
        except ToolkitError as error:
            said.value = escape(str(error))
            return
        asks = "".join(
            f"<li>{escape(r.code)}: {escape(r.sentence)} {escape(r.ask)}</li>" for r in found.table.itertuples()
        )
        open_now = f"Checks ask:<ul>{asks}</ul>" if asks else "No check asks anything."
        said.value = f"{told.n_recorded} recorded, {told.n_unchanged} stood already. {open_now} Open the view again."

    button.on_click(record)
    return [by, role, button, said]


def say_result(form: AssessmentEntry, assessed: Assessments) -> str:
    """Say what the answers come to so far: each band with its range, the status, and what could change it."""
    row = assessed.table.iloc[0].to_dict()
    bands = "".join(
        f"<tr><th>{escape(axis.name)}</th><td>{escape(assessed.say_band(form.assessment_ref, axis.id))}</td></tr>"
        for axis in form.toolkit.axes
    )
    asks = assessed.find_changing(form.assessment_ref)
    shown = "".join(
        f"<li>{escape(r.indicator)} ({escape(r.agency)}), {escape(r.how)}: {escape(r.question)}</li>"
        for r in asks.head(_OPEN_SHOWN).itertuples()
    )
    more = f" (the first {_OPEN_SHOWN} of {len(asks)})" if len(asks) > _OPEN_SHOWN else ""
    floors = f"<p>Held up by {escape(str(row['floors']))}.</p>" if row["floors"] else ""
    tier = form.toolkit.tiers.words[str(row["tier"])]
    return (
        f"<p>{escape(form.toolkit.statement)}</p><table><caption>{escape(form.assessment_ref)}, "
        f"{form.assessed_on:%Y-%m-%d}. {escape(say_status(row))}. Tier {row['tier']}: {escape(tier)}.</caption>"
        f"{bands}</table>{floors}"
        + (f"<p>Open questions that could change a band{more}:</p><ul>{shown}</ul>" if shown else "")
    )
