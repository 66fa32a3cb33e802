"""The network pictures: whole, safe with hostile text, alone on the machine, and the same as one another."""

import base64
import copy
import hashlib
import json
import re
import shutil
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from csp_toolkit.display.figures import network_legend, network_svg
from csp_toolkit.display.labels import clean_label, place_labels, text_width
from csp_toolkit.display.network_png import network_png
from csp_toolkit.display.network_view import view_network
from csp_toolkit.errors import TableError

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "end of script": "</script><img src=x onerror=alert(1)>",
    "end of script with a space": "</script /><b>",
    "href": '<a href="https://example.org/x">href</a>',
    "quotes": "\"' onload='alert(1)",
    "bidi": "SMITH\u202egpj.exe\u2066",
    "controls": "A\x00B\x1b[31m\n\u2028C",
    "template": "{{ 7 * 7 }}{% raw %}",
    "dollars": "$x_1^2$",
}


def frames(labels=("WATSON", "BATES", "DAVIS", "Line L1"), **columns) -> tuple[pd.DataFrame, pd.DataFrame]:
    nodes = pd.DataFrame(
        {
            "node_id": ["P1", "P2", "P3", "line:L1"],
            "label": list(labels),
            "kind": ["listed", "scored", "other", "line"],
            "is_harmed": ["Y", "N", "Y", "N"],
            "x": [120.0, 420.0, 700.0, 300.0],
            "y": [80.0, 220.0, 120.0, 350.0],
        }
    )
    ties = pd.DataFrame(
        {
            "person_a": ["P1", "P1", "line:L1"],
            "person_b": ["P2", "P3", "P2"],
            "n_origins": [1, 4, 2],
            "is_tested": ["N", "Y", "N"],
            "p_exists": [0.25, 0.97, 0.5],
            "first_seen": pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01"]),
            "last_seen": pd.to_datetime(["2026-11-01", "2026-11-02", None]),
            "evidence_text": ["1 report, 2C", "charged together", "2 records"],
        }
    )
    return nodes.assign(**columns), ties


def view(*made):
    nodes, ties = made or frames()
    return view_network(nodes, ties, title="Three ties", alt="Three people and one line; the finding.")


class Markup(HTMLParser):
    """What a browser would make of a page: elements with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))


def data_of(page: str) -> dict:
    return json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])


def test_every_tie_and_node_is_drawn():
    made = view()
    data = data_of(made.html)
    assert len(data["ties"]) == 3 and len(data["nodes"]) == 4 and len(made.text.splitlines()) == 3
    assert made.html.count("<tr>") + made.html.count("<tr data-tie=") == 4


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_hostile_labels_stay_text_in_every_picture(hostile):
    plain, made = Markup(view().html), view(*frames((hostile,) * 4))
    assert [tag for tag, _ in Markup(made.html).elements] == [tag for tag, _ in plain.elements]
    assert not any(name.startswith("on") for _, attrs in Markup(made.html).elements for name in attrs)
    assert {label["text"] for label in data_of(made.html)["labels"]} == {clean_label(hostile)}
    nodes, ties = frames((hostile,) * 4)
    svg = network_svg(nodes, ties, title=hostile, desc=hostile)
    root = ET.fromstring(svg)
    assert {e.tag for e in root.iter()} == {"svg", "title", "desc", "path", "circle", "rect", "text"}
    assert not any(name.startswith("on") or name in ("href", "style") for e in root.iter() for name in e.attrib)
    assert network_png(nodes, ties).startswith(b"\x89PNG")
    frame = Markup(made.frame())
    assert [tag for tag, _ in frame.elements] == ["iframe"]
    assert set(frame.elements[0][1]) == {"srcdoc", "sandbox", "width", "height", "frameborder", "title"}


def test_a_label_is_one_line_in_the_order_it_was_written():
    assert clean_label(HOSTILE["bidi"]) == "SMITHgpj.exe"
    assert clean_label(HOSTILE["controls"]) == "AB[31m C"
    assert clean_label("x" * 60).endswith("…") and len(clean_label("x" * 60)) == 28
    assert [clean_label(v) for v in (None, float("nan"), pd.NA, "", " \u202e ")] == ["not known"] * 5


def test_a_label_called_null_is_a_name():
    assert clean_label("Null") == "Null" and clean_label("NA") == "NA"


def test_no_element_names_an_address_and_no_address_is_left_in_the_library():
    page = view().html
    for _, attrs in Markup(page).elements:
        assert not {"src", "href", "action", "background", "poster", "data"} & set(attrs)
    assert set(re.findall(r"https?://[^\"'\s)]*", page)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"@import|url\(", re.search(r"<style>(.*?)</style>", page, re.S)[1])


def test_the_content_policy_allows_the_hashes_of_this_page_and_nothing_else():
    page = view().html
    policy = next(a["content"] for t, a in Markup(page).elements if a.get("http-equiv") == "Content-Security-Policy")
    run = re.findall(r"<script>(.*?)</script>", page, re.S)
    style = re.findall(r"<style>(.*?)</style>", page, re.S)
    assert len(run) == 2 and len(style) == 1
    hashed = ["sha256-" + base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in run + style]
    assert policy == (
        f"default-src 'none'; script-src '{hashed[0]}' '{hashed[1]}'; style-src '{hashed[2]}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert "unsafe" not in policy and " style=" not in re.sub(r"<script>.*?</script>", "", page, flags=re.S)


def test_the_frame_is_sandboxed_and_holds_the_whole_page():
    made = view()
    (_, attrs) = Markup(made.frame()).elements[0]
    assert attrs["sandbox"] == "allow-scripts" and attrs["srcdoc"] == made.html and attrs["title"] == "Three ties"


def test_a_notebook_gets_a_frame_a_still_twin_with_alt_text_and_plain_text():
    data, metadata = view()._repr_mimebundle_()
    assert set(data) == {"text/html", "image/png", "text/plain"}
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == "Three people and one line; the finding."
    assert "WATSON – BATES: 1 independent origin, untested, 25 in 100" in data["text/plain"]
    assert "WATSON" not in repr(view())


def test_values_of_numpy_and_pandas_are_drawn_like_plain_ones():
    nodes, ties = frames()
    odd = nodes.assign(x=nodes["x"].astype("float32"), y=nodes["y"].astype("Int64").astype("Float64"))
    odd_ties = ties.assign(n_origins=ties["n_origins"].astype("Int64"), p_exists=ties["p_exists"].astype(np.float32))
    assert data_of(view(odd, odd_ties).html)["nodes"] == data_of(view().html)["nodes"]
    unknown = ties.assign(p_exists=float("nan"), evidence_text=None)
    page = view(nodes, unknown).html
    assert "NaN" not in re.sub(r"<script>.*?</script>", "", page, flags=re.S) and page.count("not known") >= 6


def test_numbers_as_ids_are_drawn():
    nodes, ties = frames()
    number = {"P1": 1, "P2": 2, "P3": 3, "line:L1": 4}
    nodes = nodes.assign(node_id=nodes["node_id"].map(number))
    ties = ties.assign(person_a=ties["person_a"].map(number), person_b=ties["person_b"].map(number))
    assert len(data_of(view(nodes, ties).html)["ties"]) == 3


def test_nothing_is_written_beside_the_notebook(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    view()._repr_mimebundle_()
    assert list(tmp_path.iterdir()) == []


def test_frames_and_graph_are_left_as_they_were():
    nodes, ties = frames()
    graph = nx.from_pandas_edgelist(ties, "person_a", "person_b", edge_attr=["p_exists"])
    before = copy.deepcopy((nodes, ties, nx.node_link_data(graph)))
    view(nodes, ties)
    pd.testing.assert_frame_equal(nodes, before[0])
    pd.testing.assert_frame_equal(ties, before[1])
    assert nx.node_link_data(graph) == before[2]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda n, t: (n, pd.concat([t, t.head(1)])), "1 ties that stand twice"),
        (
            lambda n, t: (n, pd.concat([t, t.head(1).set_axis(["person_b", "person_a", *t.columns[2:]], axis=1)])),
            "twice",
        ),
        (lambda n, t: (n, t.assign(person_b="P1")), "ties of a node with itself"),
        (lambda n, t: (n.head(2), t), "ties to a node that is not there"),
        (lambda n, t: (n.assign(node_id=None), t.head(0)), "4 nodes without an id"),
        (lambda n, t: (n.assign(x=float("nan")), t), "4 nodes without a place"),
        (lambda n, t: (n.assign(kind="boss"), t), "4 nodes of an unknown kind"),
        (lambda n, t: (n.drop(columns="label"), t), "no column label"),
    ],
)
def test_what_cannot_be_drawn_whole_is_refused_rather_than_dropped(change, said):
    nodes, ties = change(*frames())
    for draw in (view, lambda n, t: network_svg(n, t, title="t", desc="d"), network_png):
        with pytest.raises(TableError, match=said) as refused:
            draw(nodes, ties)
        assert "WATSON" not in str(refused.value)


def test_the_same_frames_give_the_same_bytes():
    one, two = view(), view()
    assert one.html == two.html and one.png == two.png


def test_the_printed_twin_shows_shape_width_and_dash():
    nodes, ties = frames()
    svg = network_svg(nodes, ties, title="Three ties", desc="The finding.", key="net2")
    root = ET.fromstring(svg)
    assert root.get("role") == "img" and root.get("aria-labelledby") == "net2-title net2-desc"
    strokes = [e for e in root.iter("path") if e.get("stroke") == "#47545f"]
    assert [e.get("stroke-width") for e in strokes] == ["1.4", "4.6", "2.3"]
    assert [bool(e.get("stroke-dasharray")) for e in strokes] == [True, False, False]
    assert len(list(root.iter("circle"))) == 2 and len(list(root.iter("rect"))) == 1
    assert len([e for e in root.iter("path") if e.get("fill") == "#6a2a5b"]) == 2
    assert not re.search(r"style=|url\(|var\(|<script|href", svg)


def test_the_key_names_only_marks_that_are_in_the_picture():
    nodes, _ = frames()
    assert "in the matrix" in network_legend() and "no list or score" not in network_legend()
    shown = network_legend(nodes[nodes["kind"] == "other"].assign(is_harmed="N"))
    assert "no list or score" in shown and "police list" not in shown and "harmed" not in shown


def test_labels_do_not_hide_one_another():
    n = 22
    nodes = pd.DataFrame(
        {
            "node_id": [f"P{i}" for i in range(n)],
            "label": [f"SURNAME {i}" for i in range(n)],
            "x": [60.0 + 78 * (i % 11) for i in range(n)],
            "y": [100.0 + 200 * (i // 11) for i in range(n)],
        }
    )
    ties = pd.DataFrame({"person_a": nodes["node_id"][:-1].tolist(), "person_b": nodes["node_id"][1:].tolist()})
    placed = place_labels(nodes, ties, width=920, height=440)
    boxes = []
    for p in placed:
        wide = text_width(p.text)
        left = p.x - {"start": 0, "middle": wide / 2, "end": wide}[p.anchor]
        boxes.append((left, p.y - 11, left + wide, p.y + 3))
    for i, a in enumerate(boxes):
        assert a[0] >= 0 and a[2] <= 920 and a[1] >= 0 and a[3] <= 440
        for b in boxes[i + 1 :]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


PAINTED = (
    "() => { const c = document.querySelector('canvas');"
    "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
    "const seen = {}; for (let i = 0; i < d.length; i += 4) if (d[i + 3] === 255)"
    "{ const k = [d[i], d[i+1], d[i+2]].join(','); seen[k] = (seen[k] || 0) + 1; } return seen; }"
)


@pytest.mark.parametrize("framed", [False, True], ids=["page", "frame"])
def test_chromium_draws_it_with_no_request_and_no_complaint(tmp_path, framed):
    sync = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    made = view(*frames(tuple(HOSTILE.values())[:4]))
    page_file = tmp_path / "picture.html"
    page_file.write_text("<!doctype html>" + made.frame() if framed else made.html, encoding="utf-8")
    requests, complaints = [], []
    with sync.sync_playwright() as running:
        flags = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND"]
        browser = running.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page(viewport={"width": 1000, "height": 760})
        page.on("request", lambda r: requests.append(r.url))
        page.on("console", lambda m: complaints.append(m.text))
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.on("dialog", lambda d: complaints.append("a dialog"))
        page.goto(page_file.as_uri())
        inside = page.frames[-1]
        inside.wait_for_selector("html[data-drawn='3']", timeout=15_000, state="attached")
        page.wait_for_timeout(300)
        painted = inside.evaluate(PAINTED)
        inside.click("#picture", position={"x": 5, "y": 5})
        complained = list(complaints)  # reading the canvas again, below, is complained of
        page.mouse.move(300, 300)
        before = inside.evaluate(PAINTED)
        page.mouse.wheel(0, 200)
        page.wait_for_timeout(300)
        assert inside.evaluate(PAINTED) == before, "a wheel scrolls the page and not the picture"
        browser.close()
    assert requests == [page_file.as_uri()] and complained == []
    assert painted.get("11,61,92", 0) > 100  # a filled node
    assert painted.get("106,42,91", 0) > 40  # a diamond
    assert painted.get("201,194,174", 0) > 100  # a line's square


def crowd(n: int = 120) -> tuple[pd.DataFrame, pd.DataFrame]:
    ids = [f"P{i:03d}" for i in range(n)]
    nodes = pd.DataFrame({
        "node_id": ids, "label": [f"SURNAME {i}" for i in range(n)], "kind": "scored", "is_harmed": "N",
        "x": [50.0 + 75 * (i % 12) for i in range(n)], "y": [40.0 + 100 * (i // 12) for i in range(n)],
    })  # fmt: skip
    pairs = [(ids[i], ids[(i * 7 + 1) % n]) for i in range(n) if i != (i * 7 + 1) % n]
    ties = pd.DataFrame(sorted({tuple(sorted(p)) for p in pairs}), columns=["person_a", "person_b"])
    weak = np.arange(len(ties)) % 4 == 0
    return nodes, ties.assign(
        n_origins=np.where(weak, 1, 3), is_tested=np.where(weak, "N", "Y"), p_exists=np.where(weak, 0.1, 0.9),
        kinds=np.where(weak, "stated association", "charged together; shared line"),
        evidence_text=np.where(weak, "1 report, 2D", "charged together"),
        first_seen=pd.Timestamp("2026-01-01"), last_seen=pd.to_datetime(np.where(weak, "2026-02-01", "2026-10-01")),
    )  # fmt: skip


def test_in_a_browser_120_people_are_drawn_at_once_found_filtered_and_read_by_keyboard(tmp_path):
    sync = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    nodes, ties = crowd()
    made = view_network(nodes, ties, title="Who is connected", alt="A crowd.")
    assert len(made.html) < 700_000
    page_file = tmp_path / "picture.html"
    page_file.write_text(made.html, encoding="utf-8")
    n_weak = int((ties["is_tested"] == "N").sum())
    with sync.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1000, "height": 760}, offline=True)
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda r: asked.append(r.url))
        page.goto(page_file.as_uri())
        page.wait_for_selector(f"html[data-drawn='{len(ties)}'][data-took]", timeout=15_000, state="attached")
        took = int(page.get_attribute("html", "data-took"))
        shown = "document.documentElement.getAttribute('data-shown')"
        assert page.evaluate(shown) == str(len(ties))
        page.select_option("#grade", "3")
        assert page.evaluate(shown) == str(len(ties) - n_weak)
        assert page.locator("tr[data-tie]:not([hidden])").count() == len(ties) - n_weak
        page.select_option("#grade", "0")
        page.select_option("#kind", "stated association")
        assert page.evaluate(shown) == str(n_weak)
        page.click("#all")
        page.fill("#since", "2026-09-01")
        page.dispatch_event("#since", "change")
        assert page.evaluate(shown) == str(len(ties) - n_weak)
        page.click("#all")
        page.fill("#find", "surname 77")
        said = page.inner_text("#chosen")
        assert "SURNAME 77" in said and page.locator("tr.on").count() == said.count("independent origin")
        page.fill("#find", "nobody of this name")
        assert page.inner_text("#chosen") == "Nobody of that name is drawn here."
        page.focus("#picture")
        page.keyboard.press("ArrowRight")
        first = page.inner_text("#chosen")
        page.keyboard.press("ArrowRight")
        assert page.inner_text("#chosen") != first and page.locator("tr.on").count() > 0
        page.keyboard.press("Escape")
        assert page.locator("tr.on").count() == 0
        browser.close()
    assert asked == [page_file.as_uri()]
    assert took < 500, "milliseconds from the first line of the script to the first drawing"
