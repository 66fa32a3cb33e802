"""Reports whose texts are almost the same: a suggestion that they share an origin, and no more than that.

Texts are compared by the parts of their words, weighed by how rare each part is (TF-IDF), within a window of days.
Reports are taken in order of time and in blocks, so that memory stays small however many there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import Field

from csp_toolkit.display.formatted import Fragment, Heading, format_table
from csp_toolkit.errors import TableError
from csp_toolkit.params import Policy, read_named
from csp_toolkit.tables.origins import trace_origins
from csp_toolkit.tables.view import View

SIMILAR_COLUMNS = ("report_a", "report_b", "similarity", "days_apart")
_NEEDED = ("report_ref", "event_on", "submitted_on", "report_text")
_N_FEATURES = 2**20
_CELLS_AT_ONCE = 4_000_000
_FEW_REPORTS = 200
_SHOWN = 10
Share = Annotated[float, Field(gt=0, le=1)]


class OriginPolicy(Policy):
    """When two texts are so alike that a shared origin is suggested."""

    alike_from: Share
    alike_from_others: Share
    window_days: Annotated[int, Field(ge=0)]
    shortest_letters: Annotated[int, Field(ge=1)]
    part_letters: Annotated[int, Field(ge=2)]
    commonest_share: Share


def read_origin_policy(name: str = "csp_example_v1", folder: Path | None = None) -> OriginPolicy:
    """Read the policy called `name`, from a workspace's `params` folder or the package."""
    return read_named("origins", name, OriginPolicy, folder)


@dataclass(frozen=True)
class _Windows:
    """Reports in order of time: their days, origins and people (a row a report), and the pairs a person has judged."""

    days: np.ndarray
    origins: np.ndarray
    people: Any
    judged: frozenset[tuple[int, int]]


def find_similar(
    reports: pd.DataFrame,
    subjects: pd.DataFrame,
    policy: OriginPolicy,
    *,
    origins: pd.Series | None = None,
    judged: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Find, for each report, the earlier one whose text it is most like.

    Parameters
    ----------
    reports : report_ref, event_on, submitted_on, report_text; one row per report. A report counts from its event,
        else from the day it was submitted; one without a text, or with a short one, is like nothing.
    subjects : report_ref, person_id: who is named in which report. Two that name somebody in common are held to
        `alike_from`, others to `alike_from_others`: the same words about another person are mostly standing wording.
    origins : by report_ref, the origin each is known to have; two of one origin need no suggestion.
    judged : report_a, report_b that a person has judged, in either order; they are not suggested again.

    Returns
    -------
    One row per report that is like an earlier one (`SIMILAR_COLUMNS`): the earlier as `report_a`, `similarity` from
    `alike_from` to 1, most alike first. At most one row per report, so that a wording everybody uses makes a chain
    and not a crowd; once a pair is judged, the next most alike is found.
    """
    absent = [name for name in _NEEDED if name not in reports]
    if absent:
        raise TableError(f"reports: no column {', '.join(absent)}. Pass the table intel_reports.")
    ordered = _in_order(reports, policy)
    if len(ordered) < 2:
        return _shape([], ordered)
    place = pd.Series(range(len(ordered)), index=ordered["report_ref"])
    known = ordered["report_ref"] if origins is None else ordered["report_ref"].map(origins)
    windows = _Windows(
        days=ordered["day"].to_numpy(),
        origins=pd.factorize(known.fillna(ordered["report_ref"]))[0],
        people=_place_people(subjects, place),
        judged=_place_pairs(judged, place),
    )
    return _shape(list(_walk(_weigh(ordered["text"], policy), windows, policy)), ordered)


def _in_order(reports: pd.DataFrame, policy: OriginPolicy) -> pd.DataFrame:
    """Return ref, day and plain text of the reports that say enough, oldest first."""
    text = reports["report_text"].fillna("").str.casefold().str.replace(r"[\W_]+", " ", regex=True).str.strip()
    on = reports["event_on"].fillna(reports["submitted_on"]).astype("datetime64[us]")
    table = pd.DataFrame({"report_ref": reports["report_ref"], "on": on, "text": text})
    enough = text.str.replace(" ", "", regex=False).str.len() >= policy.shortest_letters
    table = table[enough & on.notna()].sort_values(["on", "report_ref"], kind="stable")
    table = table.drop_duplicates("report_ref", ignore_index=True)
    return table.assign(day=(table["on"] - pd.Timestamp("2000-01-01")).dt.days.astype("int64"))


def _place_people(subjects: pd.DataFrame, place: pd.Series) -> Any:
    """Return who is named where, as a sparse matrix of reports by people."""
    from scipy.sparse import csr_matrix

    named = subjects[["report_ref", "person_id"]].dropna().drop_duplicates()
    named = named.assign(place=named["report_ref"].map(place)).dropna(subset=["place"])
    person = pd.factorize(named["person_id"], sort=True)[0]
    ones = np.ones(len(named), dtype=np.int32)
    shape = (len(place), int(person.max(initial=0)) + 1)
    return csr_matrix((ones, (named["place"].astype("int64"), person)), shape=shape)


def _place_pairs(judged: pd.DataFrame | None, place: pd.Series) -> frozenset[tuple[int, int]]:
    if judged is None or judged.empty:
        return frozenset()
    pairs = pd.DataFrame({side: judged[side].map(place) for side in ("report_a", "report_b")}).dropna().astype("int64")
    return frozenset((min(a, b), max(a, b)) for a, b in pairs.itertuples(index=False, name=None))


def _weigh(texts: pd.Series, policy: OriginPolicy) -> Any:
    """Turn texts into rows of weights of length 1: the rarer a part of a word, the more it weighs."""
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

    parts = HashingVectorizer(
        analyzer="char_wb", ngram_range=(policy.part_letters, policy.part_letters), n_features=_N_FEATURES,
        alternate_sign=False, norm=None, lowercase=False, dtype=np.float32,
    ).transform(texts.tolist())  # fmt: skip
    n_having = np.bincount(parts.indices, minlength=_N_FEATURES)
    standing = n_having > max(policy.commonest_share * len(texts), _FEW_REPORTS)
    parts.data[standing[parts.indices]] = 0
    parts.eliminate_zeros()
    return TfidfTransformer(sublinear_tf=True).fit_transform(parts).tocsr()


def _walk(weights: Any, windows: _Windows, policy: OriginPolicy) -> Iterator[tuple[int, int, float]]:
    """Yield (earlier, later, similarity) of each report's nearest earlier one, block by block."""
    days = windows.days
    first = np.searchsorted(days, days - policy.window_days, side="left")
    start = 0
    while start < len(days):
        n_behind = start - first[start] + 1
        stop = min(len(days), start + max(1, _CELLS_AT_ONCE // max(n_behind, 2_000)))
        since = first[start]
        alike = (weights[start:stop] @ weights[since:stop].T).tocoo()
        similarity = np.minimum(alike.data.astype("float64").round(4), 1.0)
        high = np.flatnonzero(similarity >= min(policy.alike_from, policy.alike_from_others))
        later, earlier = alike.row[high].astype("int64") + start, alike.col[high].astype("int64") + since
        similarity = similarity[high]
        in_common = (windows.people[later].multiply(windows.people[earlier])).sum(axis=1) > 0
        hit = similarity >= np.where(np.asarray(in_common).ravel(), policy.alike_from, policy.alike_from_others)
        hit &= (earlier < later) & (earlier >= first[later]) & (windows.origins[earlier] != windows.origins[later])
        yield from _nearest(earlier[hit], later[hit], similarity[hit], windows.judged)
        start = stop


def _nearest(
    earlier: np.ndarray, later: np.ndarray, similarity: np.ndarray, judged: frozenset[tuple[int, int]]
) -> Iterator[tuple[int, int, float]]:
    order = np.lexsort((-earlier, -similarity, later))
    last = -1
    for n in order:
        a, b = int(earlier[n]), int(later[n])
        if b != last and (a, b) not in judged:
            last = b
            yield a, b, float(similarity[n])


def _shape(found: list[tuple[int, int, float]], ordered: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame(found, columns=["a", "b", "similarity"]).astype({"a": "int64", "b": "int64"})
    refs, days = ordered["report_ref"], ordered["day"]
    table = table.assign(
        report_a=refs.reindex(table["a"]).to_numpy(), report_b=refs.reindex(table["b"]).to_numpy(),
        days_apart=days.reindex(table["b"]).to_numpy() - days.reindex(table["a"]).to_numpy(),
    ).astype({"report_a": "str", "report_b": "str", "similarity": "float64", "days_apart": "Int64"})  # fmt: skip
    table = table.sort_values(["similarity", "report_a", "report_b"], ascending=[False, True, True], kind="stable")
    return table[list(SIMILAR_COLUMNS)].reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class Suggestions:
    """Pairs of reports that may share an origin. Nothing rests on them until a person confirms one.

    Attributes
    ----------
    table : report_a (the earlier), report_b, similarity (0 to 1), days_apart, n_in_common (people both name),
        origin_a, origin_b as they count today; pairs that name somebody in common first, then the most alike.
    policy : the figures by which they were found.
    as_of : the day the reports speak for.
    """

    table: pd.DataFrame
    policy: OriginPolicy
    as_of: date

    def explain(self, report_a: str, report_b: str) -> str:
        """Say in one sentence why two reports stand together, without a word of theirs."""
        pair = {report_a, report_b}
        found = self.table[
            [{a, b} == pair for a, b in zip(self.table["report_a"], self.table["report_b"], strict=True)]
        ]
        if found.empty:
            return f"{report_a} and {report_b} are not suggested: they are not alike enough, or are one origin already."
        row = found.iloc[0]
        return (
            f"{row['report_b']} came {row['days_apart']} days after {row['report_a']} and its text is "
            f"{round(100 * row['similarity'])} in 100 alike; nothing changes until a named person confirms one origin."
        )

    def beside(self, reports: pd.DataFrame) -> Fragment:
        """Set the first pairs' texts beside each other for the person who decides; this shows personal data."""
        text = reports.drop_duplicates("report_ref").set_index("report_ref")["report_text"]
        shown = self.table.head(_SHOWN)
        shown = shown.assign(text_a=shown["report_a"].map(text), text_b=shown["report_b"].map(text))
        headings = (
            Heading("similarity", "Alike", "0 to 1", kind="number", width=8, write=_two_places),
            Heading("days_apart", "Days apart", kind="whole", width=8),
            Heading("text_a", "The earlier says", width=42, under="report_a"),
            Heading("text_b", "The later says", width=42, under="report_b"),
        )
        return Fragment.of(format_table(shown, headings, table_id="alike-texts", caption="Texts that are alike."))

    def _repr_html_(self) -> str:
        headings = (
            Heading("report_b", "Report", is_row_header=True),
            Heading("report_a", "Alike to the earlier"),
            Heading("similarity", "Alike", "0 to 1", kind="number", write=_two_places),
            Heading("days_apart", "Days apart", kind="whole"),
            Heading("n_in_common", "People", "both name", kind="whole"),
        )
        n = len(self.table)
        return str(format_table(
            self.table.head(_SHOWN), headings, table_id="suggested-origins",
            caption=f"Reports that may share an origin, as at {self.as_of}: {n:,} {'pair' if n == 1 else 'pairs'}.",
            caption_note=f"Nothing changes until a person confirms. Rules: {self.policy.name}, {self.policy.version}.",
        ))  # fmt: skip

    def __repr__(self) -> str:
        return f"Suggestions(as_of={self.as_of}, pairs={len(self.table)})"


def _two_places(value: float) -> str:
    return f"{value:.2f}"


def suggest_origins(
    view: View,
    confirmed: pd.DataFrame | None = None,
    *,
    params: Path | str | None = None,
    policy: OriginPolicy | None = None,
) -> Suggestions:
    """Suggest which reports may share an origin that their senders did not state, for a person to confirm.

    Parameters
    ----------
    view : only live reports that count as at its date are compared.
    confirmed : report_a, report_b, verdict: pairs already judged, whichever way, are not suggested again; by default
        what people judged and stands in the view.
    params : a workspace's `params` folder, for its policy; the packaged one where none is given.
    policy : a policy in place of either.
    """
    confirmed = view.judged_origins if confirmed is None else confirmed
    policy = policy or read_origin_policy(folder=Path(params) if params is not None else None)
    reports, subjects = view["intel_reports"], view["intel_subjects"]
    ever = view.ever.get("intel_reports", reports)
    origins = trace_origins(ever, confirmed).set_index("report_ref")["origin_id"]
    pairs = find_similar(reports, subjects, policy, origins=origins, judged=confirmed)
    sides = [pairs[["report_a", "report_b"]].merge(
        subjects[["report_ref", "person_id"]].dropna().drop_duplicates(), left_on=side, right_on="report_ref"
    )[["report_a", "report_b", "person_id"]] for side in ("report_a", "report_b")]  # fmt: skip
    both = sides[0].merge(sides[1]).groupby(["report_a", "report_b"]).size()
    index = pd.MultiIndex.from_frame(pairs[["report_a", "report_b"]])
    table = pairs.assign(
        n_in_common=both.reindex(index, fill_value=0).astype("Int64").to_numpy(),
        origin_a=pairs["report_a"].map(origins), origin_b=pairs["report_b"].map(origins),
    )  # fmt: skip
    order = table["n_in_common"].eq(0)
    table = table.assign(last=order).sort_values(
        ["last", "similarity", "report_a", "report_b"], ascending=[True, False, True, True], kind="stable"
    )
    return Suggestions(table.drop(columns="last").reset_index(drop=True), policy, view.as_of)
