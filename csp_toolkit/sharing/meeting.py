"""One meeting opened for its workings: the casebook as at the meeting and as at the one before, and every policy.

What a workings notebook starts from. It reads; it decides nothing.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import pandas as pd
from pydantic import Field

from csp_toolkit.cases.plans import Menu
from csp_toolkit.errors import ParamsError
from csp_toolkit.networks.policy import TiePolicy, read_tie_policy
from csp_toolkit.params import Policy, policy_files, read_named
from csp_toolkit.records.feeds import read_feeds
from csp_toolkit.risk.harm_policy import HarmPolicy, read_harm_policy
from csp_toolkit.scoring.certainty_policy import CertaintyPolicy, read_certainty_policy
from csp_toolkit.scoring.lenses import Lens, read_lenses
from csp_toolkit.scoring.matrix import Matrix, read_matrix
from csp_toolkit.scoring.requirements import Requirements, read_requirements
from csp_toolkit.sharing.papers import Setting
from csp_toolkit.sharing.papers_method import write_limits, write_method
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.governance import Governance, read_governance
from csp_toolkit.tables.validation import RULES
from csp_toolkit.tables.view import View


class Meeting(Policy):
    """One kind of meeting: its recipients, its chance, the feeds it uses, and the tables its workings must leave.

    `feeds` are patterns of names: of these a page says whether they came; without any, of all there are.
    `months_ahead` are the months after which the list is shown as time alone would leave it. `most_pairs_to_judge` is
    how many pairs of a kind the decisions workbook lists at most; without it, all.
    """

    title: str
    marking: str
    seed: int
    recipients: tuple[str, ...]
    tables: tuple[str, ...]
    feeds: tuple[str, ...] = ("*",)
    months_ahead: tuple[int, ...] = ()
    most_pairs_to_judge: Annotated[int, Field(gt=0)] | None = None


def read_meeting(name: str, params: Path | None = None) -> Meeting:
    """Read one meeting's policy; an unknown name is refused with the names there are."""
    return read_named("meetings", name, Meeting, params)


@dataclass(frozen=True, eq=False)
class OpenMeeting:
    """A meeting with what it has before it.

    Attributes
    ----------
    view : the casebook as at the meeting, as known at the day given.
    last_view : the casebook as at the meeting before, as it was known then; None where there was none.
    policy, governance, matrix, certainty_policy, tie_policy, harm_policy, menu, lenses, requirements : the policies in
        use.
    setting : the meeting's days, stage and words.
    """

    policy: Meeting
    view: View
    last_view: View | None
    governance: Governance
    matrix: Matrix
    certainty_policy: CertaintyPolicy
    tie_policy: TiePolicy
    harm_policy: HarmPolicy
    menu: Menu
    setting: Setting
    lenses: tuple[Lens, ...]
    requirements: Requirements

    @property
    def listed(self) -> list[str]:
        """Return the person_id of everyone on the newest police list, in the police's order."""
        lists = self.view["police_list"]
        newest = lists[lists["meeting_on"] == lists["meeting_on"].max()]
        return newest.sort_values("place")["person_id"].tolist()

    @property
    def last_list(self) -> pd.DataFrame:
        """Return the police list of the meeting before: person_id and place; empty where there was none."""
        lists = self.view["police_list"]
        earlier = lists[lists["meeting_on"] < lists["meeting_on"].max()]
        newest = earlier[earlier["meeting_on"] == earlier["meeting_on"].max()]
        return newest[["person_id", "place"]].reset_index(drop=True)

    def __repr__(self) -> str:
        last = self.setting.previous_on or "none on record"
        days = f"as at {self.setting.as_of}, known at {self.setting.known_at}; the one before: {last}"
        return f"{self.setting.title}, {days}"


def open_meeting(
    meeting: str, *, casebook: str | Path, as_of: str, known_at: str, stage: str, params: str | Path, seed: int
) -> OpenMeeting:
    """Open a meeting on a casebook.

    Parameters
    ----------
    casebook : an SQLite file, or the address of a database. params : the workspace's `params` folder.
    as_of, known_at : ISO dates.
    stage : ``candidates`` or ``final``.
    seed : the one source of chance, printed with the run.
    """
    day, known, folder = date.fromisoformat(as_of), date.fromisoformat(known_at), Path(params)
    policy = read_meeting(meeting, folder)
    book = Casebook.open(casebook if "://" in str(casebook) else Path(casebook), params=folder)
    view = book.view(day, known)
    previous_on = find_previous_meeting(view)
    last_view = book.view(previous_on, previous_on) if previous_on else None
    if last_view is not None and last_view.people.empty:  # nothing had been received by then: nothing to compare with
        last_view = None
    matrix = read_one("matrices", folder, read_matrix)
    certainty = read_one("certainty", folder, read_certainty_policy)
    feeds = read_feeds(folder)
    setting = Setting(
        meeting=meeting, title=policy.title, as_of=day, known_at=known, previous_on=previous_on,
        stage=stage, matrix_name=f"{matrix.title}, version {matrix.version}", matrix_note=matrix.note,
        prepared_by="partnership analyst", scales=_list_scales(matrix),
        feed_titles={name: feed.title for name, feed in feeds.items()}, feeds=policy.feeds,
        rule_meanings=RULES, method=tuple(write_method(matrix, certainty, view)), limits=tuple(write_limits(matrix)),
        checks=_list_checks(view, matrix, seed),
    )  # fmt: skip
    menu = read_one("interventions", folder, lambda name, home: read_named("interventions", name, Menu, home))
    return OpenMeeting(
        policy, view, last_view, read_governance(folder), matrix, certainty,
        read_one("networks", folder, read_tie_policy),
        read_one("vulnerability", folder, read_harm_policy), menu, setting, read_lenses(folder),
        read_one("requirements", folder, read_requirements),
    )  # fmt: skip


def find_previous_meeting(view: View) -> date | None:
    """Find the day of the meeting of this kind before the view's date, from the police lists and the attendance."""
    held = view["attendance"].loc[view["attendance"]["meeting_type"] == "INTELLIGENCE", "meeting_on"]
    days = pd.concat([held, view["police_list"]["meeting_on"]]).dropna()
    earlier = days[days < pd.Timestamp(view.as_of)]
    return None if earlier.empty else earlier.max().date()


def read_one(kind: str, folder: Path, read):  # type: ignore[no-untyped-def]
    """Read the one policy of a kind that a workspace uses."""
    names = list(policy_files(kind, folder))
    if len(names) != 1:
        raise ParamsError(f"params/{kind} holds {len(names)} files; this meeting uses one. Keep the one in use.")
    return read(names[0], folder)


def _list_scales(matrix: Matrix) -> dict[str, float]:
    """List the most that each printed figure can be, by the name of the fact."""
    caps = {f"most_{domain.id}": float(domain.cap) for domain in matrix.domains}
    return {"most_score": sum(caps.values()), **caps}


def _list_checks(view: View, matrix: Matrix, seed: int) -> tuple[tuple[str, str], ...]:
    agreements = view["agreements"].sort_values("agreement_ref")
    lead = agreements[agreements["feeds_covered"].fillna("").str.contains("police_", regex=False)]
    documents = [
        (f"Agreement {row.agreement_ref}", f"to {row.expires_on:%Y-%m-%d}; DPIA {row.dpia_ref}, EIA {row.eia_ref}")
        for row in lead.itertuples()
        if pd.notna(row.expires_on)
    ]
    return (
        ("As at", view.as_of.isoformat()),
        ("Records received by", view.known_at.isoformat()),
        ("Matrix", f"{matrix.name}, version {matrix.version}"),
        ("Seed", str(seed)),
        *documents,
    )
