"""The workings as a page: the analyst's own record, code shown, outputs cleaned.

It stays in the building, and is still shown under a policy that runs and fetches nothing. An interactive picture is
left out, and the page says so: its printed twin stands beside it.
"""

from html import escape
from html.parser import HTMLParser
from typing import Any

import nbformat
from markupsafe import Markup

from csp_toolkit.briefing.checking import FRAGMENT_TAGS

KEPT_ATTRIBUTES = frozenset(
    {"alt", "aria-hidden", "aria-label", "aria-labelledby", "class", "colspan", "cx", "cy", "d", "fill", "focusable",
     "font-family", "font-size", "font-weight", "headers", "height", "id", "overflow", "paint-order", "points", "r",
     "role", "rowspan", "rx", "ry", "scope", "stroke", "stroke-dasharray", "stroke-linecap", "stroke-linejoin",
     "stroke-width", "tabindex", "text-anchor", "transform", "viewbox", "width", "x", "x1", "x2", "y", "y1", "y2"}
)  # fmt: skip
_SILENT = frozenset({"script", "style", "template", "noscript", "iframe", "object"})
_VOID = frozenset({"br", "col", "img"})
_LEFT_OUT = '<p class="note">An interactive picture stands here in the notebook; its printed twin is shown.</p>'


class _Cleaner(HTMLParser):
    """Rewrites markup with only the elements and attributes a page may hold."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.kept: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
            self.kept += [_LEFT_OUT] if tag == "iframe" else []
        elif not self._silent and tag in FRAGMENT_TAGS | {"img", "h1", "pre"}:
            kept = [f'{name}="{escape(value or "")}"' for name, value in attrs if _is_kept(tag, name, value or "")]
            self.kept.append(f"<{' '.join([_lowered(tag), *kept])}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif not self._silent and tag in FRAGMENT_TAGS | {"h1", "pre"} and tag not in _VOID:
            self.kept.append(f"</{_lowered(tag)}>")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.kept.append(escape(data, quote=False))


def _lowered(tag: str) -> str:
    """Keep one h1 on the page: an output's own becomes an h2."""
    return "h2" if tag == "h1" else tag


def _is_kept(tag: str, name: str, value: str) -> bool:
    if name == "src":
        return tag == "img" and value.startswith("data:image/")
    if name == "href":
        return tag == "a" and value.startswith("#")
    return name in KEPT_ATTRIBUTES


def clean_html(html: str) -> str:
    """Return markup without scripts, styles, frames, addresses and event handlers; its text stays.

    Examples
    --------
    >>> clean_html('<p style="color:red" onclick="x()">Two <script>alert(1)</script>people</p>')
    '<p>Two people</p>'
    """
    cleaner = _Cleaner()
    cleaner.feed(html)
    cleaner.close()
    return "".join(cleaner.kept)


def describe_cells(notebook: nbformat.NotebookNode, markdown: Any, highlight: Any) -> list[dict[str, Any]]:
    """Describe each cell for the page: its prose, or its code and what it showed."""
    cells: list[dict[str, Any]] = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cells.append({"prose": Markup(clean_html(str(markdown(cell.source)))), "code": None, "outputs": []})
        elif cell.cell_type == "code" and (cell.source.strip() or cell.outputs):
            outputs = [shown for output in cell.outputs if (shown := _show(output))]
            code = Markup(clean_html(highlight(cell.source)))
            cells.append({"prose": None, "code": code, "outputs": outputs, "number": cell.get("execution_count")})
    return cells


def _show(output: nbformat.NotebookNode) -> Markup | None:
    if output.output_type == "stream":
        return Markup("<pre>{}</pre>").format(output.text)
    if output.output_type == "error":
        return Markup('<p class="note"><b>This cell stopped with an error:</b> {}</p>').format(
            output.get("ename", "unknown")
        )
    data, shown = output.get("data", {}), []
    if "text/html" in data:
        shown.append(Markup(clean_html(str(data["text/html"]))))
    if "image/png" in data:
        alt = output.get("metadata", {}).get("image/png", {}).get("alt") or output.get("metadata", {}).get("alt")
        alt = alt or str(data.get("text/plain", "a picture without a description"))
        source = "data:image/png;base64," + "".join(str(data["image/png"]).split())
        shown.append(Markup('<img src="{}" alt="{}">').format(source, alt))
    if not shown and "text/markdown" in data:
        shown.append(Markup("<pre>{}</pre>").format(data["text/markdown"]))
    if not shown and "text/plain" in data:
        shown.append(Markup("<pre>{}</pre>").format(data["text/plain"]))
    return Markup("").join(shown) or None
