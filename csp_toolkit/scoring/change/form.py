"""Other weights and look-backs tried out in a notebook: list and certainty follow, with a plain table beside.

    form = csp.try_changes(view, scores, certainty_policy, seed=1, matrix_file=..., drafts=...)
    form.try_out(points={"D1": 10}, days={"V3": 365})      # the same without a slider

Moving a slider saves nothing. A draft is written when somebody asks for it, with an author and a reason.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from csp_toolkit.display.formatted import Fragment, Heading, format_table
from csp_toolkit.display.wording import check_sentence, count_in_100, count_in_words
from csp_toolkit.errors import ToolkitError
from csp_toolkit.scoring.assessment import reckon
from csp_toolkit.scoring.blocks import RANKED
from csp_toolkit.scoring.certainty.policy import CertaintyPolicy
from csp_toolkit.scoring.certainty.uncertainty import assess_certainty
from csp_toolkit.scoring.change.diff import list_changes
from csp_toolkit.scoring.change.draft import adjust, write_draft
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.ranking import Scores, print_points
from csp_toolkit.tables.view import View

WITHOUT_WIDGETS = (
    "No sliders here: the extra `lab` (ipywidgets) is not installed. Use `form.try_out(points=..., days=...)`."
)
TRIAL_COLUMNS = ("rank", "rank_before", "person_id", "score", "score_before", "p_top10", "p_top10_before", "place")
_SHOWN = 15


@dataclass(frozen=True, eq=False)
class Trial:
    """The list under other weights and look-backs, beside the list as it is.

    Attributes
    ----------
    table : one row a person ranked in either (`TRIAL_COLUMNS`), first place first; scores in ten-thousandths, chances
        of a place among the first ten from 0 to 1; missing where somebody is not ranked.
    changes : what differs (`matrix_diff.DIFF_COLUMNS`). matrix, scores : the matrix tried and its scores. places : the
        cut.
    """

    table: pd.DataFrame
    changes: pd.DataFrame
    matrix: Matrix
    scores: Scores
    places: int

    @property
    def sentences(self) -> list[str]:
        """Return what was changed, who would enter or leave, and how sure the places are."""
        now, was = self.table["rank"].le(self.places), self.table["rank_before"].le(self.places)
        now, was = (mask.fillna(False).astype(bool) for mask in (now, was))  # noqa: FBT003 (no rank, no place)
        n_in, n_out = int((now & ~was).sum()), int((was & ~now).sum())
        words = "; ".join(self.changes["words"]) or "nothing is changed"
        moved = "The first places go to the same people" if not n_in + n_out else (
            f"{count_in_words(n_in, 'person enters', 'people enter', start=True)} the first {self.places} and "
            f"{count_in_words(n_out, 'leaves', 'leave')}"
        )  # fmt: skip
        zone = [
            int(self.table[name].between(0.1, 0.9, inclusive="neither").sum()) for name in ("p_top10_before", "p_top10")
        ]
        return [check_sentence(one) for one in (
            f"Tried: {words}.", f"{moved}.", f"Arguable places (10 to 90 in 100): {zone[0]} as it is, {zone[1]} so.",
        )]  # fmt: skip

    def explain(self, person_id: str) -> str:
        """Say in one sentence where a person stands under the change."""
        row = self.table.set_index("person_id").loc[person_id]
        places = [("not ranked" if pd.isna(row[name]) else f"place {row[name]}") for name in ("rank_before", "rank")]
        points = [("none" if pd.isna(row[name]) else print_points(row[name])) for name in ("score_before", "score")]
        return f"{places[0]} to {places[1]}, {points[0]} to {points[1]} points."

    def _repr_html_(self) -> str:
        shown = self.table[self.table["rank"].le(_SHOWN) | self.table["rank_before"].le(self.places)]
        cells = shown.assign(
            score=_write(shown["score"], print_points), score_before=_write(shown["score_before"], print_points),
            p_top10=_write(shown["p_top10"], _in_100), p_top10_before=_write(shown["p_top10_before"], _in_100),
        )  # fmt: skip
        headings = (
            Heading("rank", "Rank", "so", kind="whole"), Heading("rank_before", "Rank", "as it is", kind="whole"),
            Heading("person_id", "Person", is_row_header=True), Heading("score", "Points", "so", css="num"),
            Heading("score_before", "Points", "as it is", css="num"),
            Heading("p_top10", "Of 100 re-runs", "so", css="num"),
            Heading("p_top10_before", "Of 100 re-runs", "as it is", css="num"),
        )  # fmt: skip
        return str(format_table(
            cells, headings, table_id="trial", caption=" ".join(self.sentences),
            caption_note="A chance of a place on this list, never of anything anybody does.",
        ))  # fmt: skip

    def __repr__(self) -> str:
        return f"Trial(changes={len(self.changes)}, people={len(self.table)})"


@dataclass(frozen=True, eq=False)
class MatrixForm:
    """A matrix to try changes on. It records nothing by itself.

    Attributes
    ----------
    view, scores : the casebook and its scores as they are. policy, seed : of the certainty.
    matrix_file : the file of the matrix in use; drafts : the folder for drafts.
    """

    view: View
    scores: Scores
    policy: CertaintyPolicy
    seed: int
    matrix_file: Path
    drafts: Path
    before: pd.DataFrame

    def try_out(self, *, points: Mapping[str, float] | None = None, days: Mapping[str, int] | None = None) -> Trial:
        """Score again with other points of one item, or other look-backs in days, by criterion."""
        matrix = adjust(self.scores.matrix, points=points, days=days)
        scores = reckon(self.view, matrix)
        table = _place(self.view, scores, self.policy, self.seed)
        both = table.merge(self.before, on="person_id", how="outer", suffixes=("", "_before"))
        both = both.sort_values(["rank", "rank_before", "person_id"], kind="stable", ignore_index=True)
        both = both.assign(place=both["place"].fillna(""))
        changes = list_changes(self.scores.matrix, matrix)
        return Trial(both[list(TRIAL_COLUMNS)], changes, matrix, scores, matrix.movement.top)

    def write(self, trial: Trial, *, name: str, version: str, author: str, why: str) -> Path:
        """Write what was tried as a draft, with author and reason; see `matrix_draft.write_draft`."""
        return write_draft(
            trial.matrix, self.matrix_file, self.drafts, name=name, version=version, author=author, why=why
        )

    def _ipython_display_(self) -> None:
        from IPython.display import display

        if find_spec("ipywidgets") is not None:
            display(Sliders(self).box)
        else:
            display(Fragment.of(f"<p>{WITHOUT_WIDGETS}</p>"))
        display(Fragment.of(self.try_out()._repr_html_()))

    def __repr__(self) -> str:
        return f"MatrixForm(matrix={self.scores.matrix.name!r}, criteria={len(self.scores.matrix.criteria)})"


def try_changes(view: View, scores: Scores, policy: CertaintyPolicy, *, seed: int, params: Path | str) -> MatrixForm:
    """Offer the matrix's points and look-backs to be moved, with list and certainty following.

    Parameters
    ----------
    scores : of the view, by the matrix in use. policy, seed : of the certainty.
    params : the workspace's `params` folder; drafts go into `drafts` beside it.
    """
    from csp_toolkit.params import policy_files

    folder = Path(params)
    file = policy_files("matrices", folder)[scores.matrix.name]
    before = _place(view, scores, policy, seed)
    return MatrixForm(view, scores, policy, seed, file, folder.resolve().parent / "drafts", before)


def _place(view: View, scores: Scores, policy: CertaintyPolicy, seed: int) -> pd.DataFrame:
    """Return place, points and chance of everybody ranked."""
    ranked = scores.table.loc[scores.table["block"].eq(RANKED), ["person_id", "rank", "score"]]
    sure = assess_certainty(view, scores, policy, seed=seed, with_shares=False).table[["person_id", "p_top10", "place"]]
    return ranked.merge(sure, on="person_id", how="left")


def _write(column: pd.Series, how: Callable[[Any], str]) -> list[str]:
    return ["not ranked" if pd.isna(value) else how(value) for value in column]


def _in_100(chance: float) -> str:
    return count_in_100(100 * chance)


class Sliders:
    """The widgets of a form: one slider a criterion for points and one for the look-back, and the list beside them."""

    def __init__(self, form: MatrixForm) -> None:
        import ipywidgets as widgets

        self.form = form
        self.trial = form.try_out()
        matrix = form.scores.matrix
        wide = widgets.Layout(width="95%")
        self.points = {c.id: widgets.FloatSlider(value=c.base, min=0.5, max=max(2 * c.base, 10), step=0.5,
                                                 description=f"{c.id} points", continuous_update=False, layout=wide)
                       for c in matrix.criteria}  # fmt: skip
        longest = matrix.recency[-1].days
        self.days = {c.id: widgets.IntSlider(value=c.window_days, min=30, max=longest, step=1, layout=wide,
                                             description=f"{c.id} days", continuous_update=False)
                     for c in matrix.criteria}  # fmt: skip
        self.texts = {name: widgets.Text(description=title, layout=wide, value=value) for name, title, value in
                      (("name", "Name", matrix.name), ("version", "Version", ""), ("author", "Author", ""),
                       ("why", "Reason", ""))}  # fmt: skip
        self.list, self.said = widgets.HTML(self.trial._repr_html_()), widgets.HTML()
        self.button, self.reset = widgets.Button(description="Write draft"), widgets.Button(description="As it is")
        for slider in (*self.points.values(), *self.days.values()):
            slider.observe(self.follow, names="value")
        self.button.on_click(self.write)
        self.reset.on_click(self.put_back)
        self.box = widgets.HBox([
            widgets.VBox([*self._group(widgets), self.reset, *self.texts.values(), self.button, self.said],
                         layout=widgets.Layout(width="45%")),
            widgets.VBox([self.list], layout=widgets.Layout(width="55%")),
        ])  # fmt: skip

    def _group(self, widgets: Any) -> Sequence[Any]:
        matrix = self.form.scores.matrix
        parts = []
        for domain in matrix.domains:
            own = [c.id for c in matrix.criteria if c.domain == domain.id]
            parts.append(widgets.VBox([slider for name in own for slider in (self.points[name], self.days[name])]))
        folded = widgets.Accordion(children=parts)
        for at, domain in enumerate(matrix.domains):
            folded.set_title(at, domain.title)
        return [folded]

    def moved(self) -> tuple[dict[str, float], dict[str, int]]:
        """Return what stands otherwise than in the file: points and days by criterion."""
        by_id = self.form.scores.matrix.by_id
        points = {name: s.value for name, s in self.points.items() if s.value != by_id[name].base}
        return points, {name: s.value for name, s in self.days.items() if s.value != by_id[name].window_days}

    def follow(self, _change: Any) -> None:
        """Score again and show the list; what contradicts itself is said and leaves the list as it was."""
        points, days = self.moved()
        try:
            self.trial = self.form.try_out(points=points, days=days)
        except ToolkitError as error:
            self.said.value = _escape(error)
            return
        self.said.value, self.list.value = "", self.trial._repr_html_()

    def put_back(self, _button: Any) -> None:
        """Put every slider back to what the file says."""
        for name, one in self.form.scores.matrix.by_id.items():
            self.points[name].value, self.days[name].value = one.base, one.window_days

    def write(self, _button: Any) -> None:
        """Write what stands as a draft, or say what is lacking."""
        words = {name: box.value for name, box in self.texts.items()}
        try:
            path = self.form.write(self.trial, **words)
        except ToolkitError as error:
            self.said.value = _escape(error)
            return
        self.said.value = (
            f"Written: drafts/{_escape(path.name)}. Compare it with csp compare before anybody approves it."
        )


def _escape(text: object) -> str:
    from html import escape

    return escape(str(text))
