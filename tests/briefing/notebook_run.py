"""Run a page's sections as a notebook would, without a kernel, and render them."""

from typing import Any

import nbformat

from csp_toolkit.briefing.pages.monthly import Page
from csp_toolkit.briefing.render import render_page

CELLS = (
    "masthead", "so_what", "people_asked", "police_list", "high_not_listed", "cut", "blocks", "left_out", "network",
    "options", "actions", "withheld", "data_notes", "method",
)  # fmt: skip


def run_sections(copy: Any) -> nbformat.NotebookNode:
    """Return a notebook whose cells show every section the copy has."""
    page = Page(copy)
    cells = []
    for name in CELLS:
        fragment = getattr(page, name)()
        data = {"text/plain": repr(fragment)}
        if fragment._repr_html_():
            data["text/html"] = fragment._repr_html_()
        output = nbformat.v4.new_output("display_data", data=data)
        cells.append(nbformat.v4.new_markdown_cell(f"## Question about {name}?"))
        cells.append(nbformat.v4.new_code_cell(f"page.{name}()", outputs=[output], execution_count=1))
    return nbformat.v4.new_notebook(cells=cells)


def page_of(copy: Any) -> str:
    """Return the page of a copy."""
    return render_page(run_sections(copy), recipient=copy.recipient, facts=copy.facts)
