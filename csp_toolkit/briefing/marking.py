"""The marking of a copy: what every page of it says about itself, on screen and in the margins of print."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.pages.front import MEETING, state_line
from csp_toolkit.display.tokens import INK
from csp_toolkit.display.values import show_date, show_text

DEFAULT_MARKING = "OFFICIAL-SENSITIVE – PERSONAL DATA"
FACE = 'Arial, "Liberation Sans", sans-serif'
ABOVE = (
    f"color: {INK}; vertical-align: bottom; white-space: nowrap; padding-bottom: 2.2mm; margin-bottom: 3mm; "
    f"border-bottom: .6pt solid {INK};"
)
BELOW = (
    f"font: 400 7.2pt/1.45 {FACE}; color: {INK}; vertical-align: top; white-space: pre; padding-top: 1.6mm; "
    f"margin-top: 3mm; border-top: .6pt solid {INK};"
)


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
        recipients_only=show_text(
            bundle.recipient("marking_line", f"Recipients only: {show_text(bundle.recipient('title'))}")
        ),
        meeting=f"{show_text(bundle.fact('title', MEETING))}, {show_date(bundle.fact('meeting_on'), long=True)}",
        copy=number + (f" of {show_text(n_copies)}" if copy is not None and n_copies is not None else ""),
        destroy_by=show_date(bundle.recipient("destroy_by"), long=True),
        destroy_by_short=show_date(bundle.recipient("destroy_by")),
        state=state_line(bundle),
        is_synthetic=bool(bundle.fact("is_synthetic", False)),
    )


def write_margins(band: Band, *, margin: str = "19mm 13mm 18mm 13mm") -> str:
    """Write the margin boxes of print: marking, copy and date above; marking, state, recipient, page below."""
    line = f"{band.marking} – {band.recipients_only}".upper()
    state = f"{band.state.partition(':')[0]} · {band.meeting}" + (" · synthetic data" if band.is_synthetic else "")
    recipient = band.recipient[:1].upper() + band.recipient[1:]
    boxes = {
        "top-left": (_quote(line), f"{ABOVE} font: 700 8pt {FACE}; width: 74%;"),
        "top-right": (
            _quote(f"{band.copy} · destroy by {band.destroy_by_short}"),
            f"{ABOVE} font: 400 7.6pt {FACE}; width: 26%; text-align: right;",
        ),
        "bottom-left": (f'{_quote(line)} "\\A " {_quote(state)}', f"{BELOW} width: 80%;"),
        "bottom-right": (
            f'{_quote(recipient)} "\\A Page " counter(page) " of " counter(pages)',
            f"{BELOW} width: 20%; text-align: right;",
        ),
    }
    written = "".join(f"  @{place} {{ content: {content}; {look} }}\n" for place, (content, look) in boxes.items())
    return f"\n@page {{ size: A4; margin: {margin};\n{written}}}\n"


def _quote(text: str) -> str:
    """Write text as a CSS string that can end neither itself nor the style element."""
    return '"' + re.sub(r'[\\"<>&\n\r\f]', lambda match: f"\\{ord(match.group(0)):x} ", text) + '"'


def style_policy(css: str) -> str:
    """Write the content security policy under which this style, data pictures and nothing else may load."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
