"""An executed notebook to one self-contained page that fetches nothing and runs nothing.

`render_page` is for a recipient: our own fragments and the notebook's prose, no code. `render_workings` is for the
building: code shown, outputs cleaned. Both carry their whole style, under a policy that allows that style alone.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any, cast

import nbformat
from markupsafe import Markup

from csp_toolkit.briefing.checking import check_fragment, check_page, find_outside_addresses
from csp_toolkit.briefing.marking import DEFAULT_MARKING, describe_band, open_particulars, style_policy, write_margins
from csp_toolkit.briefing.pages.front import page_title
from csp_toolkit.briefing.workings import describe_cells
from csp_toolkit.display.values import show_text
from csp_toolkit.errors import CheckFailed, NotebookError

__all__ = ["find_outside_addresses", "render_page", "render_pdf", "render_workings"]

TEMPLATES = Path(__file__).parent / "templates"
KICKER, USUAL_KIND = "Community Safety Partnership", "monthly briefing"
WANTED = (("people", "the people you are asked about"), ("list", "the police list"), ("so", "the summary"))
_FRONT, _PART = '<header class="front"', '<section class="part'
_CASE, CASE_MARGIN = 'class="case-summary"', "16mm 12mm 15mm 12mm"
_HALO = re.compile(r'<text([^>]* paint-order="stroke"[^>]*)>([^<]*)</text>')
_STROKE = re.compile(r' stroke(?:-[a-z]+)?="[^"]*"')
_SECTION_ID = re.compile(r'<section class="part[^"]*" id="([a-z-]+)"')


def render_page(notebook: nbformat.NotebookNode, *, recipient: Any, facts: Any) -> str:
    """Render an executed briefing notebook as one recipient's page.

    Parameters
    ----------
    notebook : executed; every section it shows must be one of our fragments with its text twin.
    recipient, facts : of the released bundle the notebook read; they fill the marking bands and print margins.

    Raises
    ------
    NotebookError : a cell ended in an error.
    CheckFailed : an output is not ours, lacks its text twin, or the page would fetch, run or hide something.
    """
    front, sections = _collect(notebook)
    bundle = open_particulars(recipient, facts)
    band = describe_band(bundle)
    is_pack = any(_CASE in section for section in sections)
    sheets = ["page.css", "cases.css"] if is_pack else ["page.css"]
    margins = write_margins(band, margin=CASE_MARGIN) if is_pack else write_margins(band)
    css = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in sheets) + margins
    ids = [match.group(1) for section in sections if (match := _SECTION_ID.match(section))]
    wanted = next(((anchor, words) for anchor, words in WANTED if anchor in ids), ("so", "the summary"))
    page = {
        "title": page_title(bundle),
        "kicker": f"{KICKER} · {show_text(bundle.fact('kind', USUAL_KIND))}",
        "band": band,
        "css": Markup(css),
        "policy": style_policy(css),
        "is_redacted": bundle.is_redacted,
        "is_synthetic": band.is_synthetic,
        "front": Markup(front),
        "sections": [Markup(section) for section in sections],
        "wanted": wanted[0],
        "wanted_words": wanted[1],
    }
    html = _export("briefing", page)
    check_page(html)
    return html


def _collect(notebook: nbformat.NotebookNode) -> tuple[str, list[str]]:
    """Take our fragments out of the outputs, and give each the prose that stood before it."""
    front, sections, prose = "", [], ""
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "markdown":
            prose += _prose(cell.source)
            continue
        if cell.cell_type != "code":
            continue
        shown = [html for output in cell.outputs if (html := _own_fragment(output, number))]
        for html in shown:
            if html.startswith(_FRONT):
                front = html
            else:
                sections.append(html.replace("</h2>", f"</h2>\n{prose}", 1))
                prose = ""
        prose = ""
    if not front or not sections:
        raise CheckFailed("The notebook shows no front or no section. Run it before rendering it.")
    return front, sections


def _own_fragment(output: nbformat.NotebookNode, number: int) -> str | None:
    """Return our fragment in an output, None where it has none; refuse what is not ours."""
    if output.output_type == "error":
        raise NotebookError(f"Cell {number} ended in an error ({output.get('ename', 'unknown')}). Nothing is rendered.")
    data = output.get("data", {})
    rich = [kind for kind in data if kind != "text/plain"]
    if not rich:
        return None
    if not str(data.get("text/plain", "")).strip():
        raise CheckFailed(f"Cell {number} shows an output without a text twin. Give it one.")
    html = str(data.get("text/html", ""))
    if rich != ["text/html"] or not html.lstrip().startswith((_FRONT, _PART)):
        raise CheckFailed(
            f"Cell {number} shows something that is no part of the page ({', '.join(rich)}). Take it out."
        )
    check_fragment(html, f"cell {number}")
    return html.strip()


def _prose(source: str) -> str:
    """Render a notebook's prose without its headings: on the page, the sections bring their own."""
    kept = "\n".join(line for line in source.splitlines() if not line.startswith("#")).strip()
    return str(_markdown()(kept)) if kept else ""


@cache
def _markdown() -> Any:
    import mistune

    return mistune.create_markdown(escape=True, plugins=["table"])


@cache
def _exporter(template: str) -> Any:
    """Return nbconvert's exporter over one of our templates, with everything escaped and no preprocessor."""
    from nbconvert.exporters import HTMLExporter, TemplateExporter
    from traitlets.config import Config

    class Escaping(HTMLExporter):
        def _create_environment(self) -> Any:
            environment = super()._create_environment()
            environment.autoescape = True
            return environment

        def from_notebook_node(self, *args: Any, **kwargs: Any) -> Any:
            """Fill in the template and leave it at that: what HTMLExporter mends in cells, our page does not have."""
            return TemplateExporter.from_notebook_node(self, *args, **kwargs)

    quiet = Config({"HTMLExporter": {"default_preprocessors": []}})
    return Escaping(
        config=quiet,
        template_name=template,
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_input=template == "briefing",
    )


def _export(template: str, page: dict[str, Any]) -> str:
    """Fill in one of our templates; the notebook's own cells are never printed, only what was taken out of them."""
    bare = nbformat.v4.new_notebook()
    html, _ = _exporter(template).from_notebook_node(bare, resources={"page": page})
    return cast(str, html)


def render_workings(notebook: nbformat.NotebookNode, *, title: str = "Workings", marking: str = DEFAULT_MARKING) -> str:
    """Render an executed workings notebook with its code, for the people who answer for it.

    Scripts, frames and styles of outputs are left out; text, tables and pictures stay.
    """
    from nbconvert.filters import Highlight2HTML

    css = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ("page.css", "workings.css"))
    highlight = Highlight2HTML(pygments_lexer="ipython3")
    page = {
        "title": title,
        "kicker": "Community Safety Partnership · workings",
        "marking": marking,
        "css": Markup(css),
        "policy": style_policy(css),
        "cells": describe_cells(notebook, _markdown(), highlight),
    }
    html = _export("workings", page)
    outside = find_outside_addresses(html)
    if outside:
        raise CheckFailed(f"The workings point outside themselves {len(outside)} times. Take the addresses out.")
    return html


def render_pdf(html: str, path: Path) -> bool:
    """Print a page to PDF, where WeasyPrint is installed; say whether it was.

    Nothing is fetched while printing: a page that asks for anything is refused.
    """
    try:
        from weasyprint import HTML
    except (ImportError, OSError):
        return False
    if find_outside_addresses(html):
        raise CheckFailed("The page points outside itself and is not printed.")

    def refuse(url: str, *_: Any, **__: Any) -> Any:
        raise CheckFailed("The page asked for something while it was printed. Nothing was fetched.")

    HTML(string=_part_halos(html), url_fetcher=refuse).write_pdf(path)
    return True


def _part_halos(html: str) -> str:
    """Draw each label's halo as a text of its own: WeasyPrint knows no paint order and would hide the label."""

    def part(label: re.Match[str]) -> str:
        given, text = label.groups()
        halo = re.sub(r' paint-order="[^"]*"', "", given)
        return f"<text{halo}>{text}</text><text{re.sub(_STROKE, '', halo)}>{text}</text>"

    return _HALO.sub(part, html)
