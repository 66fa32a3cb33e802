"""Cards: a heading, a line beneath it, and labelled lines; for what a reader looks up rather than compares."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from csp_toolkit.display.formatted import environment


@dataclass(frozen=True)
class Card:
    """One card: its heading, the line beneath, and what it says, label by label."""

    heading: str
    beneath: str
    lines: tuple[tuple[str, str], ...]


def format_cards(cards: Sequence[Card], *, caption: str) -> Markup:
    """Lay out cards with one sentence above them; classes only, the page brings the style."""
    return Markup(environment().get_template("cards.html.j2").render(cards=cards, caption=caption))


def write_cards(cards: Sequence[Card]) -> str:
    """Write the same cards as Markdown."""
    parts = []
    for card in cards:
        lines = "\n".join(f"* **{label}**: {text}" for label, text in card.lines)
        parts.append(f"### {card.heading}\n\n{card.beneath}\n\n{lines}\n")
    return "\n".join(parts)
