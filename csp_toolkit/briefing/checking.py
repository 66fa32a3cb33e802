"""What a page may hold: allowed markup, no address outside itself, pictures with words, headings in order."""

import re
from collections import Counter
from html.parser import HTMLParser

from csp_toolkit.errors import CheckFailed

TEXT_TAGS = frozenset(
    {"a", "b", "br", "caption", "code", "col", "colgroup", "dd", "div", "dl", "dt", "em", "figcaption", "figure",
     "h2", "h3", "h4", "header", "li", "nav", "ol", "p", "section", "small", "span", "strong", "table", "tbody", "td",
     "tfoot", "th", "thead", "tr", "ul"}
)  # fmt: skip
DRAWING_TAGS = frozenset(
    {"circle", "desc", "ellipse", "g", "line", "path", "polygon", "polyline", "rect", "svg", "text", "title", "tspan"}
)
FRAGMENT_TAGS = TEXT_TAGS | DRAWING_TAGS
PAGE_TAGS = FRAGMENT_TAGS | {"body", "h1", "head", "html", "main", "meta", "style"}
FORBIDDEN_ATTRIBUTES = re.compile(r"^(on.*|style|srcdoc|src|srcset|formaction|action|xlink:href|ping|background)$")
_FETCHING = frozenset({"src", "href", "srcset", "xlink:href", "poster", "data", "action", "background", "cite", "ping"})
_OUTSIDE = re.compile(r"^\s*(?!data:|#|about:blank$)(?:[a-z][a-z0-9+.-]*:|//|[^#\s])", re.IGNORECASE)
_CSS_ADDRESS = re.compile(r"url\(\s*['\"]?\s*(?!data:|#)([^)'\"]*)|@import\s+['\"]?([^'\";]*)", re.IGNORECASE)


class _Inspector(HTMLParser):
    """Collects what a piece of markup holds."""

    def __init__(self, allowed: frozenset[str] | None = None) -> None:
        super().__init__(convert_charrefs=True)
        self.allowed = allowed
        self.problems: list[str] = []
        self.outside: list[str] = []
        self.headings: list[int] = []
        self.ids: Counter[str] = Counter()
        self.refers: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.allowed is not None and tag not in self.allowed:
            self.problems.append(f"a {tag} element")
        given = dict(attrs)
        for name, value in attrs:
            if self.allowed is not None and FORBIDDEN_ATTRIBUTES.match(name):
                self.problems.append(f"the attribute {name}")
            if name in _FETCHING and value and _OUTSIDE.match(value):
                self.outside.append(value.strip())
            if value and "url(" in value.lower():
                self.outside += [(a or b).strip() for a, b in _CSS_ADDRESS.findall(value)]
            if name in {"aria-labelledby", "headers", "aria-describedby"}:
                self.refers += (value or "").split()
            if name == "href" and (value or "").startswith("#"):
                self.refers.append((value or "")[1:])
        if given.get("http-equiv", "").lower() == "refresh":  # type: ignore[union-attr]
            self.problems.append("a refresh")
        if "id" in given:
            self.ids[str(given["id"])] += 1
        if tag == "img" and not (given.get("alt") or "").strip():
            self.problems.append("a picture without alt text")
        if (
            tag == "svg"
            and given.get("aria-hidden") != "true"
            and not given.get("aria-labelledby")
            and "x" not in given
        ):
            self.problems.append("a drawing that is neither hidden nor described")
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self._in_style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.outside += [(a or b).strip() for a, b in _CSS_ADDRESS.findall(data)]


def _inspect(html: str, allowed: frozenset[str] | None) -> _Inspector:
    inspector = _Inspector(allowed)
    inspector.feed(html)
    inspector.close()
    return inspector


def find_outside_addresses(html: str) -> list[str]:
    """List every address outside the page that its markup or its style points to.

    Text is not an address: what a partner typed stays text and is not listed.

    Examples
    --------
    >>> find_outside_addresses('<a href="#list">list</a><img src="https://example.org/a.png" alt="">https://typed.example')
    ['https://example.org/a.png']
    """
    return sorted(set(_inspect(html, None).outside))


def check_fragment(html: str, where: str) -> None:
    """Refuse a fragment that holds anything but our own markup."""
    found = _inspect(html, FRAGMENT_TAGS)
    _refuse(found.problems + ["an outside address"] * len(found.outside), where)


def check_page(html: str) -> None:
    """Refuse a page that would fetch, run or hide something, or that cannot be read in order."""
    found = _inspect(html, PAGE_TAGS)
    problems = found.problems + ["an outside address"] * len(found.outside)
    problems += ["an id that stands twice"] * sum(n > 1 for n in found.ids.values())
    problems += ["a reference to an id that is not there"] * sum(name not in found.ids for name in found.refers)
    if found.headings.count(1) != 1 or found.headings[:1] != [1]:
        problems.append("not exactly one h1 at the top")
    steps = zip(found.headings, found.headings[1:], strict=False)
    problems += ["a heading that skips a level"] * sum(after - before > 1 for before, after in steps)
    _refuse(problems, "the page")


def _refuse(problems: list[str], where: str) -> None:
    if problems:
        counted = ", ".join(f"{what} ({n})" for what, n in Counter(problems).items())
        raise CheckFailed(f"{where[0].upper()}{where[1:]} holds what no page may: {counted}. Nothing was rendered.")
