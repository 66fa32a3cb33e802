"""The templates of a briefing's sections."""

from pathlib import Path
from typing import Any

from markupsafe import Markup

from csp_toolkit.display.formatted import environment

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, /, **context: Any) -> Markup:
    """Fill in one section template; everything in `context` is escaped unless it is markup already."""
    return Markup(environment(TEMPLATES / "sections").get_template(template).render(**context))
