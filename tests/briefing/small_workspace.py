"""A workspace with a casebook of two invented people, and a meeting whose workings take a second."""

import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from csp_toolkit.briefing.forked import Work
from csp_toolkit.briefing.ground import Request
from csp_toolkit.briefing.intake import take_in
from csp_toolkit.briefing.workspace import Workspace, init_workspace
from csp_toolkit.sharing.released import Released
from csp_toolkit.tables.casebook import Casebook
from tests.briefing.bundle import Copy, chairs_copy, housing_copy
from tests.briefing.small_notebooks import make_notebook

MEETING, AS_OF, RECEIVED = "small", date(2026, 11, 26), date(2026, 11, 20)
AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
AGREEMENTS = (
    "Agreement Ref,Agency,Regime,Feeds covered,Signed,Expires,DPIA Ref,DPIA Expires,EIA Ref,SPOC,Status\r\n"
    "SYN-ISA-001,Essex Police,DPA 2018 Part 3,police_*; csp_*,01/02/2026,{police_ends},SYN-DPIA-01,31/03/2027,"
    "SYN-EIA-01,SYN SPOC 1,IN FORCE\r\n"
    "SYN-ISA-007,Council Housing/ASB,UK GDPR + Sch 1,housing_*,01/04/2026,{housing_ends},SYN-DPIA-07,31/03/2027,"
    "SYN-EIA-07,SYN SPOC 7,IN FORCE\r\n"
)
NOMINALS = (
    "NOMINAL URN,SURNAME,FORENAME 1,FORENAME 2,ALIASES,DOB,GENDER,ETH SELF DEF,ETH OFF DEF,PNCID,HOME ADDRESS,POSTCODE,"
    "HOME DISTRICT,MARKERS,DECEASED,MERGED INTO,LAST UPDATED\r\n"
    "42SYN/000001/20,QUILLFEATHER,Dane,,,02/12/2000,M,,,,,,,,,,12/06/2025\r\n"
    "42SYN/000002/20,NULL,Ann,,,03/11/1999,F,,,,,,,,,,12/06/2025\r\n"
)
POLICY = """name: small
version: "1"
owner: tests
approved_on:
why: a meeting whose workings take a second
title: Small meeting
marking: OFFICIAL-SENSITIVE
seed: 7
recipients: [chair, housing]
held_as: INTELLIGENCE
high_rank: 11
actions: {to_chair_after: 2, to_group_after: 3}
tables: [candidates]
"""
NAMES = ("casebook", "as_of", "known_at", "stage", "params", "out")
FORM = "\n".join([*(f'{name}: str = ""' for name in NAMES), "seed: int = 0"])
WORKINGS = (
    "import os, shutil\nimport pandas as pd\nfrom csp_toolkit.sharing.spreadsheets import write_table\n"
    "assert os.path.exists(casebook) and os.path.isdir(params)",
    "candidates = pd.DataFrame({'person_id': ['PER-A'], 'seed': [seed]})\n"
    "write_table(candidates, f'{out}/tables/candidates.csv', marking='OFFICIAL-SENSITIVE')\ncandidates",
    "shutil.copytree(f'{params}/../prepared', f'{out}/bundles')\nprint(as_of, known_at, stage)",
)


def make_workspace(
    root: Path,
    *,
    police_ends: str = "31/01/2027",
    housing_ends: str = "31/03/2027",
    workings: tuple[str, ...] = WORKINGS,
) -> Workspace:
    """Make the workspace, load one delivery, and prepare two bundles for the workings to find."""
    init_workspace(root)
    workspace = Workspace.open(root)
    Casebook.open(workspace.casebook, create=True).close()
    (root / "params" / "meetings" / "small.yaml").write_text(POLICY)
    for name, copy in (("chair", chairs_copy()), ("housing", housing_copy())):
        prepare(root, name, copy)
    make_notebook(root / "notebooks" / "meetings" / "small.ipynb", *workings, form=FORM)
    briefing = root / "notebooks" / "briefings"
    shutil.copyfile(briefing / "gangs_intelligence.ipynb", briefing / "small.ipynb")
    delivery = root / "delivery"
    delivery.mkdir()
    (delivery / "csp_sharing_agreements.csv").write_text(
        AGREEMENTS.format(police_ends=police_ends, housing_ends=housing_ends)
    )
    (delivery / "police_nominals.csv").write_text(NOMINALS)
    take_in(workspace, delivery, received_on=RECEIVED, actor="tests", at=AT)
    return workspace


def prepare(root: Path, name: str, copy: Copy) -> None:
    """Put a bundle where the small workings find it."""
    recipient = {"agreement_ref": "SYN-ISA-001", "regime": "x", "purpose": "y", "handling": "P", "agency": "z"}
    whole = {**recipient, **copy.recipient, "marking_line": "Recipients only"}
    released = Released(whole, copy.facts, copy.tables, copy.withheld)
    released.write(root / "prepared" / f"{name}.json").with_suffix(".named.json").write_text('["PER-A"]')


def ask(**changes) -> Request:
    """Ask for the small meeting."""
    usual = {"meeting": MEETING, "as_of": AS_OF, "known_at": AS_OF, "stage": "candidates", "actor": "tests", "at": AT}
    return Request(**{**usual, "fresh_kernel": False, "with_pdf": False, **changes})


def tree(folder: Path) -> list[str]:
    """List every file under a folder, hidden ones too."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def run_here(works: Mapping[str, Work], *, on_message: Callable[[str, dict], None]) -> dict[str, dict]:
    """Stand in for `run_forked`: forking from pytest is unsafe."""
    return {what: work(partial(on_message, what)) for what, work in works.items()}
