"""One meeting opened for its workings: the casebook as at the meeting and as at the one before, and every policy.

What a workings notebook starts from. It reads; it decides nothing.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated

import pandas as pd
from pydantic import Field

from csp_toolkit.cases.case_policy import CasePolicy, read_case_policy
from csp_toolkit.cases.follow_up import FollowUpPolicy
from csp_toolkit.cases.plans import Menu
from csp_toolkit.networks.borders.areas import Areas, read_areas
from csp_toolkit.networks.borders.policy import BorderPolicy, read_border_policy
from csp_toolkit.networks.policy import TiePolicy, read_tie_policy
from csp_toolkit.params import Policy, read_named, read_one
from csp_toolkit.records.feeds import read_feeds
from csp_toolkit.risk.harm_policy import HarmPolicy, read_harm_policy
from csp_toolkit.risk.toolkit import Toolkit, read_toolkit
from csp_toolkit.scoring.certainty.policy import CertaintyPolicy, read_certainty_policy
from csp_toolkit.scoring.lenses import Lens, read_lenses
from csp_toolkit.scoring.matrix import Matrix, read_matrix
from csp_toolkit.scoring.review.policy import ValidityPolicy, read_validity_policy
from csp_toolkit.scoring.what_if.requirements import Requirements, read_requirements
from csp_toolkit.sharing.last_meeting import LastMeeting, begin_last, find_previous_meeting
from csp_toolkit.sharing.papers.ground import Occasion
from csp_toolkit.sharing.papers.method import write_limits, write_method
from csp_toolkit.sharing.papers.monthly import Setting
from csp_toolkit.sharing.recipients import Recipient, choose_recipients
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.governance import Governance, read_governance
from csp_toolkit.tables.validation import RULES
from csp_toolkit.tables.view import View


class Meeting(Policy):
    """One kind of meeting: its recipients, its chance, the feeds it uses, and the tables its workings must leave.

    `recipients` must have an agreement in force, or nothing is produced; `recipients_if_agreed` have a copy if they do.
    `held_as` is what the register of meetings calls it, or nothing: the one before is found there, and for the
    intelligence meeting also in the police lists. `final_needs` are the kinds of decision without which there is no
    final stage.
    `feeds` are patterns of names: of these a page says whether they came; without any, of all there are.
    `months_ahead` are the months after which the list is shown as time alone would leave it. `most_pairs_to_judge` is
    how many pairs of a kind the decisions workbook lists at most; without it, all. `reviews_due_within_days` lists
    beside the overdue reviews those due soon. Who is not on the police list and ranks so far up as `high_rank` is shown
    as high on the matrix; where it is empty, nobody. `actions` says how the meeting follows up what it agreed.
    """

    title: str
    marking: str
    seed: int
    recipients: tuple[str, ...]
    recipients_if_agreed: tuple[str, ...] = ()
    tables: tuple[str, ...]
    held_as: str | None
    high_rank: Annotated[int, Field(gt=0)] | None
    final_needs: tuple[str, ...] = ("selection",)
    feeds: tuple[str, ...] = ("*",)
    months_ahead: tuple[int, ...] = ()
    most_pairs_to_judge: Annotated[int, Field(gt=0)] | None = None
    reviews_due_within_days: Annotated[int, Field(ge=0)] = 0
    actions: FollowUpPolicy


def read_meeting(name: str, params: Path | None = None) -> Meeting:
    """Read one meeting's policy; an unknown name is refused with the names there are."""
    return read_named("meetings", name, Meeting, params)


@dataclass(frozen=True, eq=False)
class OpenMeeting:
    """A meeting with what it has before it. Each policy is read when it is first asked for.

    Attributes
    ----------
    name, policy, stage, seed : which meeting, by which policy, at which stage, with which chance.
    view : the casebook as at the meeting, as known at the day given.
    previous_on : the day of the meeting of this kind before; None where none is on record.
    look_back : waits for what the meeting before was, which is asked for as `last`.
    folder : the workspace's `params`.
    """

    name: str
    policy: Meeting
    stage: str
    seed: int
    view: View
    previous_on: date | None
    look_back: Callable[[], LastMeeting]
    folder: Path

    @cached_property
    def last(self) -> LastMeeting:
        """Return the meeting before."""
        return self.look_back()

    @property
    def last_view(self) -> View | None:
        """Return the casebook as at the meeting before, as it was known then; None where there was none."""
        return self.last.view

    @cached_property
    def governance(self) -> Governance:
        """Return the documents the law asks for."""
        return read_governance(self.folder)

    @cached_property
    def matrix(self) -> Matrix:
        """Return the scoring matrix in use."""
        return read_one("matrices", self.folder, read_matrix)

    @cached_property
    def certainty_policy(self) -> CertaintyPolicy:
        """Return how far each doubtful thing is varied."""
        return read_one("certainty", self.folder, read_certainty_policy)

    @cached_property
    def tie_policy(self) -> TiePolicy:
        """Return how much each kind of evidence says of a tie."""
        return read_one("networks", self.folder, read_tie_policy)

    @cached_property
    def areas(self) -> Areas:
        """Return the areas, with their dates, neighbours and forces."""
        return read_areas(self.folder)

    @cached_property
    def border_policy(self) -> BorderPolicy:
        """Return how links across borders are counted and shown."""
        return read_border_policy(self.folder)

    @cached_property
    def recipients(self) -> tuple[Recipient, ...]:
        """Return who gets a copy: those who must, and those of the others with an agreement in force."""
        return choose_recipients(
            self.policy.recipients, self.policy.recipients_if_agreed, self.view["agreements"], as_of=self.view.as_of,
            is_synthetic=self.view.is_synthetic, folder=self.folder,
        )  # fmt: skip

    @cached_property
    def harm_policy(self) -> HarmPolicy:
        """Return what counts as harm suffered."""
        return read_one("vulnerability", self.folder, read_harm_policy)

    @cached_property
    def menu(self) -> Menu:
        """Return the menu of support, disruption and enforcement."""
        return read_one("interventions", self.folder, lambda name, home: read_named("interventions", name, Menu, home))

    @cached_property
    def case_policy(self) -> CasePolicy:
        """Return the rules the case meeting keeps itself to."""
        return read_one("cases", self.folder, read_case_policy)

    @cached_property
    def toolkit(self) -> Toolkit:
        """Return the risk toolkit in use at the case meeting."""
        return read_toolkit(self.case_policy.toolkit, self.folder)

    @cached_property
    def lenses(self) -> tuple[Lens, ...]:
        """Return the other weight sets one could defend."""
        return read_lenses(self.folder)

    @cached_property
    def requirements(self) -> Requirements:
        """Return which open questions are put, and how."""
        return read_one("requirements", self.folder, read_requirements)

    @cached_property
    def validity_policy(self) -> ValidityPolicy:
        """Return how the matrix is tested."""
        return read_one("validity", self.folder, read_validity_policy)

    @cached_property
    def occasion(self) -> Occasion:
        """Return the meeting's days, stage and words, as every meeting's papers carry them."""
        return Occasion(
            meeting=self.name, title=self.policy.title, as_of=self.view.as_of, known_at=self.view.known_at,
            previous_on=self.previous_on, stage=self.stage, prepared_by="partnership analyst", rule_meanings=RULES,
            feed_titles={name: feed.title for name, feed in read_feeds(self.folder).items()},
            feeds=self.policy.feeds, checks=(*_list_checks(self.view, self.seed), self._list_copies()),
        )  # fmt: skip

    def _list_copies(self) -> tuple[str, str]:
        """Say who gets a copy, and for how long it may be kept: the distribution, as every copy carries it."""
        to = [read_named("recipients", name, Recipient, self.folder) for name in self.policy.recipients]
        said = [f"{one.title} ({one.agency}), destroyed within {one.destroy_after_days} days" for one in to]
        return "Copies go to", "; ".join(said)

    @cached_property
    def setting(self) -> Setting:
        """Return the occasion with what the matrix says of itself."""
        matrix, view = self.matrix, self.view
        occasion = {field.name: getattr(self.occasion, field.name) for field in fields(Occasion)}
        as_at, known, *others = self.occasion.checks
        checks = (as_at, known, ("Matrix", f"{matrix.name}, version {matrix.version}"), *others)
        return Setting(
            **{**occasion, "checks": checks}, matrix_name=f"{matrix.title}, version {matrix.version}",
            matrix_note=matrix.note, scales=_list_scales(matrix), limits=tuple(write_limits(matrix)),
            method=tuple(write_method(matrix, self.certainty_policy, view)), prefix=self.policy.actions.prefix,
            high_rank=self.policy.high_rank or 0,
        )  # fmt: skip

    @property
    def listed(self) -> list[str]:
        """Return the person_id of everyone on the newest police list, once, in the police's order."""
        lists = self.view["police_list"]
        newest = lists[lists["meeting_on"] == lists["meeting_on"].max()]
        return list(dict.fromkeys(newest.sort_values("place")["person_id"]))

    @property
    def subjects(self) -> list[str]:
        """Return the person_id of everyone who gets a page of their own: the police list, then who was selected."""
        made = self.view.decisions
        chosen = made[made["outcome"].eq("SELECTED") & made["meeting_on"].eq(pd.Timestamp(self.view.as_of))]
        return list(dict.fromkeys([*self.listed, *sorted(chosen["person_id"].dropna())]))

    @property
    def last_list(self) -> pd.DataFrame:
        """Return the police list of the meeting before: person_id and place; empty where there was none."""
        lists = self.view["police_list"]
        earlier = lists[lists["meeting_on"] < lists["meeting_on"].max()]
        newest = earlier[earlier["meeting_on"] == earlier["meeting_on"].max()]
        return newest[["person_id", "place"]].reset_index(drop=True)

    def __repr__(self) -> str:
        last = self.previous_on or "none on record"
        days = f"as at {self.view.as_of}, known at {self.view.known_at}; the one before: {last}"
        return f"{self.policy.title}, {days}"


def open_meeting(
    meeting: str, *, casebook: str | Path, as_of: str, known_at: str, stage: str, params: str | Path, seed: int,
    last: Collection[str] = (),
) -> OpenMeeting:  # fmt: skip
    """Open a meeting on a casebook.

    Parameters
    ----------
    meeting : the name of one under `params/meetings`.
    casebook : an SQLite file, or the address of a database. params : the workspace's `params` folder.
    as_of, known_at : ISO dates.
    stage : ``candidates`` or ``final``.
    seed : the one source of chance, printed with the run.
    last : what of the meeting before will be wanted: ``tables``, ``scores``, ``ties``, ``places``. It is worked out
        meanwhile, in a second process where one may be forked (`beside`); without it, when it is asked for.
    """
    day, known, folder = date.fromisoformat(as_of), date.fromisoformat(known_at), Path(params)
    policy = read_meeting(meeting, folder)
    place = casebook if "://" in str(casebook) else Path(casebook)
    look_back = begin_last(
        meeting, place, folder, as_of=day, known_at=known, held_as=policy.held_as, seed=seed, parts=last
    )  # fmt: skip
    view = Casebook.open(place, params=folder).view(day, known)
    previous_on = find_previous_meeting(view.tables, day, policy.held_as)
    return OpenMeeting(meeting, policy, stage, seed, view, previous_on, look_back, folder)


def _list_scales(matrix: Matrix) -> dict[str, float]:
    """List the most that each printed figure can be, by the name of the fact."""
    caps = {f"most_{domain.id}": float(domain.cap) for domain in matrix.domains}
    return {"most_score": sum(caps.values()), **caps}


def _list_checks(view: View, seed: int) -> tuple[tuple[str, str], ...]:
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
        ("Seed", str(seed)),
        *documents,
    )
