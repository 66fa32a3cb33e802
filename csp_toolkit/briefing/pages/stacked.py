"""A section made of blocks one beneath the other, each a heading, a lead, a table or picture, and a note."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.sections import render


@dataclass(frozen=True)
class Block:
    """One block. A `figure` needs a `figure_id` and a `note`; without a `table`, `nobody` is said."""

    table: Markup | None = None
    title: str = ""
    lead: str = ""
    note: str = ""
    nobody: str = ""
    figure: Markup | None = None
    figure_id: str = ""


def stack(blocks: Sequence[Block | None], *, finding: str | None = None) -> Markup:
    """Lay out blocks under a finding; those that are None are not in this copy."""
    return render("stack.html.j2", finding=finding, blocks=[block for block in blocks if block is not None])


def mark_figure(bundle: Bundle, words: str) -> str:
    """Return the note of a figure: its words, with the marking and the copy, for figures get photographed."""
    copy = bundle.recipient("copy_number")
    marking = bundle.recipient("marking", "OFFICIAL-SENSITIVE")
    return f"{words} {marking}{f', copy {copy}' if copy else ''}."
