"""Nodes and ties to the interactive picture: one page of its own that fetches nothing and runs nothing else.

pyvis is only the carrier of the vis-network library; its own pages load from the net, print what people typed as
markup and drop ties. Here the layout is ours and fixed, every text passes Jinja's escaping, and the page's content
policy names the hashes of the two scripts and one style sheet that may run.
"""

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache, cached_property
from html import escape
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from csp_toolkit.display.labels import clean_label, place_labels
from csp_toolkit.display.network_picture import (
    PICTURE_WIDTH,
    check_picture,
    network_legend,
    picture_height,
    tie_styles,
)
from csp_toolkit.display.network_png import network_png
from csp_toolkit.display.tokens import BLUE, CARE, INK, INK_2, LINE_FILL
from csp_toolkit.errors import ToolkitError

FRAME_HEIGHT = 900
AT_REST = (
    "Choose a person or a line to read its ties: by mouse, by name, or with the arrow keys. Ctrl and the wheel, or "
    "+ and -, zoom; 0 shows all. Distance on the page means nothing."
)
NOBODY = "Nobody of that name is drawn here."
GRADE = re.compile(r"\b[123]([A-E])\b")
RECORDS = ("charged together", "arrested together", "stopped together", "named in", "linked to", "shared")
NO_TIES = "No tie is drawn here."
ALIGN = {"start": "left", "middle": "center", "end": "right"}


@dataclass(frozen=True, eq=False)
class NetworkView:
    """The interactive picture, with its still twin and its ties as text.

    Attributes
    ----------
    html : a whole page, self-contained. text : the ties, one a line.
    title, alt : what it is; what it shows.
    nodes, ties, height : what is drawn.
    """

    html: str
    text: str
    title: str
    alt: str
    nodes: pd.DataFrame
    ties: pd.DataFrame
    height: int

    @cached_property
    def png(self) -> bytes:
        """The still picture, drawn when it is first asked for."""
        return network_png(self.nodes, self.ties, height=self.height)

    def __repr__(self) -> str:
        return f"NetworkView({len(self.text.splitlines())} ties)"

    def frame(self) -> str:
        """Return the page inside a sandboxed frame: it can run its scripts and reach nothing around it."""
        return (
            f'<iframe srcdoc="{escape(self.html, quote=True)}" sandbox="allow-scripts" width="100%" '
            f'height="{FRAME_HEIGHT}" frameborder="0" title="{escape(self.title, quote=True)}"></iframe>'
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        png = base64.b64encode(self.png).decode()
        data = {"text/html": self.frame(), "image/png": png, "text/plain": f"{self.title}\n{self.alt}\n{self.text}"}
        return data, {"image/png": {"alt": self.alt}}


def view_network(
    nodes: pd.DataFrame, ties: pd.DataFrame, *, title: str, alt: str, height: int | None = None
) -> NetworkView:  # fmt: skip
    """Make the interactive picture of nodes and ties that already have their places.

    Parameters are those of `network_svg`; `alt` is its description. Columns p_exists, first_seen, last_seen and
    evidence_text are shown in the table of ties where they are there.
    """
    check_picture(nodes, ties)
    height = height or picture_height(nodes)
    title, alt = clean_label(title, longest=400), clean_label(alt, longest=4000)
    rows = _rows(nodes, ties)
    code = {name: _read(f"network.{name}") for name in ("css", "js")}
    scripts = [_library(), code["js"]]
    page = _template().render(
        policy=_policy(scripts, code["css"]),
        title=title,
        alt=alt,
        legend=Markup(network_legend(nodes)),
        style=Markup(code["css"]),
        library=Markup(scripts[0]),
        code=Markup(scripts[1]),
        data=Markup(_json(_data(nodes, ties, rows, height))),
        ties=rows,
        rest=AT_REST,
        names=sorted(clean_label(t) for t in nodes["label"]),
        kinds=sorted({kind for row in rows for kind in row["kinds"]}),
        has_evidence="evidence_text" in ties.columns,
        has_chance="p_exists" in ties.columns,
        has_dates={"first_seen", "last_seen"} <= set(ties.columns),
    )
    text = "\n".join(f"{row['between']}: {row['said']}" for row in rows)
    return NetworkView(page, text, title, alt, nodes, ties, height)


def _rows(nodes: pd.DataFrame, ties: pd.DataFrame) -> list[dict[str, Any]]:
    label = {i: clean_label(t) for i, t in zip(nodes["node_id"], nodes["label"], strict=True)}
    rows = []
    for tie in ties.to_dict("records"):
        between = f"{label[tie['person_a']]} – {label[tie['person_b']]}"
        origins = int(tie["n_origins"])
        tested = "tested" if tie["is_tested"] == "Y" else "untested"
        chance = "" if pd.isna(tie.get("p_exists")) else f"{100 * float(tie['p_exists']):.0f}"
        said = f"{origins} independent origin{'s' if origins != 1 else ''}, {tested}"
        rows.append(
            {
                "between": between,
                "evidence": clean_label(tie.get("evidence_text"), longest=400),
                "n_origins": origins,
                "tested": tested,
                "chance": chance or "not known",
                "first_seen": _day(tie.get("first_seen")),
                "last_seen": _day(tie.get("last_seen")),
                "said": said + (f", {chance} in 100" if chance else ""),
                "kinds": [part for part in str(tie.get("kinds") or "").split("; ") if part],
                "grade": _grade(tie),
                "last": "" if pd.isna(tie.get("last_seen")) else f"{tie['last_seen']:%Y-%m-%d}",
            }
        )
    return rows


def _grade(tie: dict[Any, Any]) -> int:
    """Say how firm the best evidence of a tie is: 3 tested, 2 an A, a B or a charge, 1 a C or a record, else 0."""
    text = "" if pd.isna(tie.get("evidence_text")) else str(tie["evidence_text"])
    letters = set(GRADE.findall(text))
    if tie["is_tested"] == "Y":
        return 3
    if letters & {"A", "B"} or "charged together" in text:
        return 2
    return 1 if "C" in letters or any(word in text for word in RECORDS) else 0


def _day(value: Any) -> str:
    return "not known" if pd.isna(value) else f"{value.day} {value:%b %Y}"


def _data(nodes: pd.DataFrame, ties: pd.DataFrame, rows: list[dict[str, Any]], height: int) -> dict[str, Any]:
    """Gather what the script draws, in plain Python types: numpy's would not pass into JSON."""
    columns = ("node_id", "label", "kind", "is_harmed", "x", "y")
    drawn = zip(*(nodes[c] for c in columns), strict=True)
    return {
        "width": PICTURE_WIDTH, "height": int(height), "rest": AT_REST, "none": NO_TIES, "nobody": NOBODY,
        "ink": INK, "ink2": INK_2, "blue": BLUE, "care": CARE, "fill": LINE_FILL,
        "nodes": [
            {"id": str(i), "label": clean_label(label), "x": float(x), "y": float(y),
             "beside": harmed == "Y" and kind != "other",
             "look": "diamond" if harmed == "Y" and kind == "other" else str(kind)}
            for i, label, kind, harmed, x, y in drawn
        ],
        "ties": [
            {"a": a, "b": b, "width": width, "dashed": is_dashed, "kinds": row["kinds"], "grade": row["grade"],
             "last": row["last"], "said": _say(row)}
            for (a, b, width, is_dashed), row in zip(tie_styles(ties), rows, strict=True)
        ],
        "labels": [
            {"text": p.text, "x": round(p.x, 1), "y": round(p.y, 1), "align": ALIGN[p.anchor]}
            for p in place_labels(nodes, ties, width=PICTURE_WIDTH, height=height)
        ],
    }  # fmt: skip


def _say(row: dict[str, Any]) -> str:
    evidence = f" ({row['evidence']})" if row["evidence"] not in ("", "not known") else ""
    return f"{row['between']}: {row['said']}{evidence}"


def _json(data: dict[str, Any]) -> str:
    """Write JSON that cannot end the element it stands in."""
    text = json.dumps(data, ensure_ascii=True, allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _policy(scripts: list[str], style: str) -> str:
    hashes = " ".join(f"'{_hash(script)}'" for script in scripts)
    return f"default-src 'none'; script-src {hashes}; style-src '{_hash(style)}'; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()


@cache
def _library() -> str:
    """Read vis-network from where pyvis carries it, its links to home pages taken out: a page names no address."""
    found = find_spec("pyvis")
    home = Path(found.origin).parent if found and found.origin else None
    scripts = sorted(home.glob("lib/vis-*/vis-network.min.js")) if home else []
    if not scripts:
        raise ToolkitError("The picture library is not installed with pyvis. Install pyvis 0.3.2 again.")
    text = scripts[-1].read_text(encoding="utf-8").replace("\r\n", "\n")
    if re.search(r"</script|<!--", text, re.IGNORECASE):
        raise ToolkitError("The picture library holds markup that would end its script. Install pyvis 0.3.2 again.")
    return re.sub(r"https?://(?!www\.w3\.org/2000/svg)", "", text)


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    strict = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True)
    return strict.from_string(_read("network.html.j2"))


def _read(name: str) -> str:
    page = files("csp_toolkit.display").joinpath("templates", name)
    return page.read_text(encoding="utf-8").replace("\r\n", "\n")
