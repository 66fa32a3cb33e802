"""From an executed notebook to one self-contained page."""

import base64
import hashlib
import re
import shutil
import subprocess
import time
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from csp_toolkit.briefing.render import find_outside_addresses, render_page, render_pdf
from csp_toolkit.display.figures import network_svg
from csp_toolkit.errors import CheckFailed, NotebookError
from tests.briefing.bundle import CHAIR, FACTS, chairs_copy, housing_copy
from tests.briefing.bundle_tables import network
from tests.briefing.notebook_run import page_of, run_sections


@pytest.fixture(scope="module")
def page() -> str:
    return page_of(chairs_copy())


def with_output(*outputs: nbformat.NotebookNode) -> nbformat.NotebookNode:
    notebook = run_sections(chairs_copy())
    notebook.cells.append(new_code_cell("x", outputs=list(outputs)))
    return notebook


def render(notebook: nbformat.NotebookNode) -> str:
    return render_page(notebook, recipient=CHAIR, facts=FACTS)


def test_the_policy_allows_the_pages_own_style_and_nothing_else(page: str) -> None:
    soup = BeautifulSoup(page, "html.parser")
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:")
    assert "unsafe" not in policy and page.count("<style") == 1


def test_no_script_no_style_attribute_no_handler_no_address(page: str) -> None:
    for tag in BeautifulSoup(page, "html.parser").find_all(True):
        assert tag.name not in {"script", "iframe", "link", "object", "embed", "form", "img"}
        assert not [name for name in tag.attrs if name == "style" or name.startswith("on") or name == "src"]
    assert find_outside_addresses(page) == []


def test_language_title_and_one_h1_then_headings_in_order(page: str) -> None:
    soup = BeautifulSoup(page, "html.parser")
    assert soup.html["lang"] == "en-GB"
    assert soup.title.text == "Gangs Intelligence Meeting, November 2026: Copy 1 of 2"
    levels = [int(h.name[1]) for h in soup.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False))


def test_no_code_and_no_question_heading_of_the_notebook_is_on_the_page(page: str) -> None:
    assert "page.police_list" not in page and "Question about" not in page


def test_prose_before_a_section_stands_under_its_heading_and_goes_with_it() -> None:
    notebook = run_sections(chairs_copy())
    notebook.cells.insert(0, new_markdown_cell("Never shown."))
    place = next(n for n, cell in enumerate(notebook.cells) if cell.source == "page.method()")
    notebook.cells.insert(place, new_markdown_cell("The matrix is an *aid* & <script>no</script>."))
    soup = BeautifulSoup(render(notebook), "html.parser")
    assert "The matrix is an aid & <script>no</script>." in soup.select_one("#method").text
    assert soup.select_one("#method h2").find_next_sibling().em.text == "aid"
    assert "Never shown" not in soup.text


def test_marking_copy_and_date_stand_at_both_ends_and_in_the_margins_of_print(page: str) -> None:
    soup = BeautifulSoup(page, "html.parser")
    bands = [" ".join(band.text.split()) for band in soup.select(".mark")]
    assert len(bands) == 2 and bands[0] == bands[1]
    for words in ("OFFICIAL-SENSITIVE", "Recipients only: panel chair", "Copy 1 of 2", "Destroy by 26 December 2026"):
        assert words in bands[0]
    boxes = re.search(r"@page \{.*", soup.style.text, re.DOTALL).group(0)
    for words in (
        "@top-left",
        "@top-right",
        "@bottom-left",
        "counter(page)",
        "counter(pages)",
        "Copy 1 of 2 · destroy by 26 Dec 2026",
        "OFFICIAL-SENSITIVE – PERSONAL DATA – RECIPIENTS ONLY: PANEL CHAIR",
        "Candidates, not decisions",
    ):
        assert words in boxes


def test_a_recipient_cannot_write_style_or_markup_through_their_name() -> None:
    nasty = '"; } body { display: none } </style><script>x</script> \\'
    copy = replace(chairs_copy(), recipient=CHAIR | {"title": nasty, "marking_line": nasty})
    made = page_of(copy)
    assert made.count("</style>") == 1 and "<script>" not in made
    css = BeautifulSoup(made, "html.parser").style.text
    strings = re.sub(r'"(?:[^"\\\n]|\\.)*"', "", css[css.index("@page") :])
    assert "display" not in strings


def test_synthetic_data_say_so_and_real_data_do_not(page: str) -> None:
    assert "Synthetic data." in page
    real = replace(chairs_copy(), facts=FACTS | {"is_synthetic": False})
    assert "ynthetic data" not in page_of(real)


@pytest.mark.parametrize(
    ("output", "error"),
    [
        (new_output("error", ename="KeyError", evalue="WATSON, Alfie", traceback=[]), NotebookError),
        (new_output("display_data", data={"text/html": "<b>hello</b>", "text/plain": "hello"}), CheckFailed),
        (new_output("display_data", data={"image/png": "aGVsbG8=", "text/plain": "a picture"}), CheckFailed),
        (new_output("display_data", data={"application/javascript": "1", "text/plain": "x"}), CheckFailed),
        (
            new_output("display_data", data={"text/html": '<section class="part" id="x"><h2>x</h2></section>'}),
            CheckFailed,
        ),
        (
            new_output(
                "display_data",
                data={
                    "text/html": '<section class="part" id="x"><h2>x</h2><script>1</script></section>',
                    "text/plain": "x",
                },
            ),
            CheckFailed,
        ),
        (
            new_output(
                "display_data",
                data={"text/html": '<section class="part" id="x"><h2>x</h2><svg></svg></section>', "text/plain": "x"},
            ),
            CheckFailed,
        ),
        (
            new_output(
                "display_data",
                data={
                    "text/html": '<section class="part" id="x"><h2>x</h2><p style="x">y</p></section>',
                    "text/plain": "x",
                },
            ),
            CheckFailed,
        ),
        (
            new_output(
                "display_data",
                data={
                    "text/html": '<section class="part" id="x"><h2>x</h2><a href="http://a.b">y</a></section>',
                    "text/plain": "x",
                },
            ),
            CheckFailed,
        ),
    ],
)
def test_what_is_not_ours_or_not_readable_is_refused(output: nbformat.NotebookNode, error: type[Exception]) -> None:
    with pytest.raises(error) as refused:
        render(with_output(output))
    assert "WATSON" not in str(refused.value)


def test_warnings_and_plain_text_of_a_cell_do_not_reach_the_page() -> None:
    noisy = with_output(
        new_output("stream", name="stderr", text="FutureWarning: CANARY-1"),
        new_output("execute_result", data={"text/plain": "CANARY-2"}, execution_count=1),
    )
    assert "CANARY" not in render(noisy)


def test_metadata_of_the_notebook_does_not_reach_the_page() -> None:
    notebook = run_sections(chairs_copy())
    notebook.metadata["papermill"] = {"input_path": "/home/CANARY", "parameters": {"bundle": "CANARY"}}
    assert "CANARY" not in render(notebook)


def test_a_notebook_that_was_not_run_is_refused() -> None:
    with pytest.raises(CheckFailed):
        render(new_notebook(cells=[new_code_cell("page.police_list()")]))


def test_the_same_copy_gives_the_same_bytes() -> None:
    assert page_of(chairs_copy()) == page_of(chairs_copy())


def test_a_page_renders_in_under_a_third_of_a_second() -> None:
    notebook = run_sections(chairs_copy())
    render(notebook)
    start = time.perf_counter()
    render(notebook)
    assert time.perf_counter() - start < 0.3 * 5  # a loaded machine; the figure is .08 on a quiet one


def test_every_class_on_the_page_is_in_the_style_and_every_token_is_used(page: str) -> None:
    soup = BeautifulSoup(page + page_of(housing_copy()), "html.parser")
    css = soup.style.text
    for token in re.findall(r"(--[a-z0-9-]+):", css):
        assert f"var({token})" in css, token
    layout = {
        name for tag in soup.find_all(["section", "div", "table", "tr", "ul", "p"]) for name in tag.get("class", [])
    }
    unknown = {name for name in layout if f".{name}" not in css}
    assert unknown <= {"block", "high", "mark-end"}  # names for a reader of the source


def test_the_pdf_has_every_page_marked_and_numbered(page: str, tmp_path: Path) -> None:
    pytest.importorskip("weasyprint")
    target = tmp_path / "briefing.pdf"
    assert render_pdf(page, target)
    assert target.read_bytes().startswith(b"%PDF")


def test_a_page_that_points_outside_is_not_printed(tmp_path: Path) -> None:
    pytest.importorskip("weasyprint")
    with pytest.raises(CheckFailed):
        render_pdf('<img src="https://example.org/a.png">', tmp_path / "x.pdf")
    assert not (tmp_path / "x.pdf").exists()


def test_the_page_is_well_formed_enough_to_be_parsed_without_recovery(page: str) -> None:
    class Balance(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.open: list[str] = []

        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag not in {"br", "col", "meta"}:
                self.open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open.pop() == tag

        def handle_startendtag(self, tag: str, attrs: object) -> None:
            pass

    parser = Balance()
    parser.feed(page)
    assert parser.open == []


def test_a_label_of_the_network_can_be_read_in_the_pdf_and_keeps_its_halo(tmp_path: Path) -> None:
    pytest.importorskip("weasyprint")
    image = pytest.importorskip("PIL.Image")
    if shutil.which("pdftoppm") is None:
        pytest.skip("no pdftoppm: install poppler-utils")
    nodes, ties = network()
    label = re.search(r"<text[^>]*>Bates</text>", network_svg(nodes, ties, title="t", desc="d")).group(0)
    label = re.sub(r'(?<= )(x|y)="[^"]*"', lambda m: f'{m.group(1)}="{100 if m.group(1) == "x" else 50}"', label)
    render_pdf(
        f'<html><body><svg viewBox="0 0 200 80" width="100%">{label}</svg></body></html>', tmp_path / "label.pdf"
    )
    subprocess.run(
        ["pdftoppm", "-gray", "-r", "60", "-png", "-singlefile", "label.pdf", "label"], cwd=tmp_path, check=True
    )
    assert image.open(tmp_path / "label.png").convert("L").getextrema()[0] < 90
