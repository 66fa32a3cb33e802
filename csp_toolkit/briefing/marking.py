"""The marking of a copy: what every page of it says about itself, on screen and in the margins of print."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.pages_front import MEETING, state_line
from csp_toolkit.display.values import show_date, show_text

DEFAULT_MARKING = "OFFICIAL-SENSITIVE – PERSONAL DATA"


@dataclass(frozen=True)
class Band:
    """One line of marking: what, for whom, which meeting, which copy, until when."""

    marking: str
    recipient: str
    recipients_only: str
    meeting: str
    copy: str
    destroy_by: str
    destroy_by_short: str
    state: str
    is_synthetic: bool


@dataclass(frozen=True)
class _Particulars:
    recipient: Any
    facts: Mapping[str, Any]
    tables: Mapping[str, Any]
    withheld: Any = None


def open_particulars(recipient: Any, facts: Mapping[str, Any]) -> Bundle:
    """Look at the particulars of a copy alone, without its tables."""
    return Bundle(_Particulars(recipient, facts, {}))


def describe_band(bundle: Bundle) -> Band:
    """Read the marking of a copy from its particulars."""
    copy, n_copies = bundle.recipient("copy_number"), bundle.recipient("n_copies")
    number = f"Copy {show_text(copy)}" if copy is not None else "Copy number not given"
    return Band(
        marking=show_text(bundle.recipient("marking", DEFAULT_MARKING)),
        recipient=show_text(bundle.recipient("title")),
        recipients_only=show_text(bundle.recipient("marking_line", f"Recipients only: {show_text(bundle.recipient('title'))}")),
        meeting=f"{MEETING}, {show_date(bundle.fact('meeting_on'), long=True)}",
        copy=number + (f" of {show_text(n_copies)}" if copy is not None and n_copies is not None else ""),
        destroy_by=show_date(bundle.recipient("destroy_by"), long=True),
        destroy_by_short=show_date(bundle.recipient("destroy_by")),
        state=state_line(bundle),
        is_synthetic=bool(bundle.fact("is_synthetic", False)),
    )


def write_margins(band: Band) -> str:
    """Write the margin boxes of print: marking, copy and date above; marking, state, recipient, page below."""
    line = f"{band.marking} – {band.recipients_only}".upper()
    state = f"{band.state.partition(':')[0]} · {band.meeting}" + (" · synthetic data" if band.is_synthetic else "")
    face = 'Arial, "Liberation Sans", sans-serif'
    above = "color: #14212b; vertical-align: bottom; padding-bottom: 2.2mm; border-bottom: .6pt solid #14212b; margin-bottom: 3mm;"
    below = f"font: 400 7.2pt/1.45 {face}; color: #14212b; vertical-align: top; padding-top: 1.6mm; border-top: .6pt solid #14212b; margin-top: 3mm; white-space: pre;"
    return (
        "\n@page { size: A4; margin: 19mm 13mm 18mm 13mm;\n"
        f"  @top-left {{ content: {_quote(line)}; font: 700 8pt {face}; {above} width: 74%; white-space: nowrap; }}\n"
        f"  @top-right {{ content: {_quote(f'{band.copy} · destroy by {band.destroy_by_short}')}; font: 400 7.6pt {face}; {above} width: 26%; text-align: right; white-space: nowrap; }}\n"
        f"  @bottom-left {{ content: {_quote(line)} \"\\A \" {_quote(state)}; {below} width: 80%; }}\n"
        f'  @bottom-right {{ content: {_quote(band.recipient[:1].upper() + band.recipient[1:])} "\\A Page " counter(page) " of " counter(pages); {below} width: 20%; text-align: right; }}\n'
        "}\n"
    )


def _quote(text: str) -> str:
    """Write text as a CSS string that can end neither itself nor the style element."""
    return '"' + re.sub(r'[\\"<>&\n\r\f]', lambda match: f"\\{ord(match.group(0)):x} ", text) + '"'


def style_policy(css: str) -> str:
    """Write the content security policy under which this style, data pictures and nothing else may load."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
