"""The page as a browser shows and prints it: nothing asked for, nothing overlapping, nobody split."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

A4_TEXT_PX = 695  # 184 mm between the margins
NAMES = ["chair", "ranged", "housing", "long"]

OVERLAPS = """() => {
  const found = [], boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest('.skip, .mark, style, title, desc')) continue;
    const range = document.createRange(); range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.width > 1 && box.height > 1) boxes.push({box, text: node.data.trim().slice(0, 30), parent});
  }
  boxes.sort((a, b) => a.box.top - b.box.top);
  for (let i = 0; i < boxes.length; i++)
    for (let j = i + 1; j < boxes.length && boxes[j].box.top < boxes[i].box.bottom; j++) {
      const a = boxes[i].box, b = boxes[j].box;
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1 && high > .4 * Math.min(a.height, b.height)) found.push(`${boxes[i].text} / ${boxes[j].text}`);
    }
  return found;
}"""

OUTSIDE = """() => {
  const found = [];
  const right = document.documentElement.clientWidth;
  for (const cell of document.querySelectorAll('td, th, li, dd, p, h1, h2, h3, h4, .choice')) {
    if (cell.closest('.skip')) continue;
    const box = cell.getBoundingClientRect();
    if (box.right > right + 1 || box.left < -1) found.push('off the page: ' + cell.textContent.trim().slice(0, 40));
    const range = document.createRange(); range.selectNodeContents(cell);
    const text = range.getBoundingClientRect();
    if (text.width && text.right > box.right + 2) found.push('out of its box: ' + cell.textContent.trim().slice(0, 40));
    if (cell.scrollWidth > cell.clientWidth + 2 && cell.clientWidth)
      found.push('clipped: ' + cell.textContent.trim().slice(0, 40));
  }
  return found;
}"""

SECTIONS = """() => {
  const boxes = [...document.querySelectorAll('header.front, section.part')].map(s => s.getBoundingClientRect());
  return boxes.slice(1).filter((box, n) => box.top < boxes[n].bottom - 1).length;
}"""


@pytest.mark.parametrize("name", NAMES)
def test_the_page_asks_for_nothing_and_complains_of_nothing(open_page: Any, name: str, pages: dict[str, Path]) -> None:
    opened = open_page(name)
    assert opened.requests == [pages[name].as_uri()]
    assert opened.console == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("width", "media"), [(1280, "screen"), (1366, "screen"), (A4_TEXT_PX, "print")])
def test_nothing_overlaps_or_leaves_its_box(open_page: Any, name: str, width: int, media: str) -> None:
    page = open_page(name, width=width, media=media).page
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(SECTIONS) == 0
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_on_a_narrow_screen_a_wide_table_scrolls_inside_its_region(open_page: Any) -> None:
    page = open_page("chair", width=700).page
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.evaluate(
        "(r => r.scrollWidth > r.clientWidth && r.tabIndex === 0)(document.querySelector('#list .region'))"
    )


def test_the_style_was_let_in_by_its_hash(open_page: Any) -> None:
    page = open_page("chair").page
    assert page.evaluate("getComputedStyle(document.querySelector('.mark')).backgroundColor") == "rgb(20, 33, 43)"


def test_a_script_that_got_in_would_not_run(
    open_page: Any, pages: dict[str, Path], tmp_path: Path, browser: Any
) -> None:
    tampered = tmp_path / "tampered.html"
    html = pages["chair"].read_text(encoding="utf-8")
    tampered.write_text(html.replace("<main>", "<main><script>document.title = 'ran'</script>", 1), encoding="utf-8")
    page = browser.new_page()
    page.goto(tampered.as_uri())
    assert page.title() != "ran"
    page.close()


def test_the_marking_stays_at_the_top_when_the_page_is_scrolled(open_page: Any) -> None:
    page = open_page("chair").page
    page.evaluate("window.scrollTo(0, 3000)")
    assert page.evaluate("document.querySelector('.mark-top').getBoundingClientRect().top") == 0


def test_the_keyboard_reaches_the_list_first_and_the_focus_shows(open_page: Any) -> None:
    page = open_page("chair").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the police list"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") == 0
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_nothing_printed_is_smaller_than_seven_points(open_page: Any) -> None:
    page = open_page("chair", width=A4_TEXT_PX, media="print").page
    sizes = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => e.textContent.trim() && !e.closest('svg'))"
        ".map(e => parseFloat(getComputedStyle(e).fontSize) * .75)"
    )
    assert min(sizes) >= 6.99


def printed(opened: Any, folder: Path) -> list[str]:
    """Print to A4 and return the text of each page."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext: install poppler-utils")
    target = folder / "page.pdf"
    opened.page.emulate_media(media="print")
    opened.page.pdf(path=str(target), prefer_css_page_size=True, print_background=True)
    text = subprocess.run(["pdftotext", "-layout", str(target), "-"], capture_output=True, text=True, check=True).stdout
    return text.split("\f")[:-1]


@pytest.mark.parametrize("name", ["chair", "housing", "long"])
def test_every_printed_page_says_marking_copy_state_and_page_of_pages(
    open_page: Any, name: str, tmp_path: Path
) -> None:
    sheets = printed(open_page(name), tmp_path)
    for number, sheet in enumerate(sheets, start=1):
        assert sheet.count("OFFICIAL-SENSITIVE – PERSONAL DATA – RECIPIENTS ONLY") == 2
        assert re.search(r"Copy \d of 2 · destroy by 26 Dec 2026", sheet)
        assert "Candidates, not decisions" in sheet
        assert f"Page {number} of {len(sheets)}" in sheet


def test_a_person_is_never_split_over_two_pages_and_headers_repeat(open_page: Any, tmp_path: Path) -> None:
    opened = open_page("long")
    for push in range(0, 60, 6):  # wherever the page happens to end
        opened.page.evaluate(f"document.querySelector('#list .finding').style.marginBottom = '{push}px'")
        sheets = printed(opened, tmp_path)
        listed = [sheet for sheet in sheets if "SYN/REF" in sheet]
        assert len(listed) in (2, 3)
        for sheet in listed:
            assert "What it rests on" in sheet
        for n in range(1, 31):
            marks = f"SYN/REF{n:02d}x", f"cause{n:02d}x", f"police score {90 + n}"
            homes = [[k for k, sheet in enumerate(sheets) if mark in sheet and "SYN/REF" in sheet] for mark in marks]
            assert homes[0] == homes[1] == homes[2] and len(homes[0]) == 1


def test_the_list_starts_a_page_of_its_own_in_print(open_page: Any, tmp_path: Path) -> None:
    sheets = printed(open_page("chair"), tmp_path)
    home = next(sheet for sheet in sheets if "The police list, with the matrix beside it" in sheet)
    body = home.split("\n")
    above = " ".join(body[: next(n for n, line in enumerate(body) if "The police list, with" in line)])
    assert "So what" not in above


def test_the_page_prints_in_grey_with_the_three_kinds_of_evidence_apart(open_page: Any, tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    opened = open_page("chair", width=A4_TEXT_PX, media="print")
    shot = tmp_path / "bar.png"
    opened.page.locator("#list svg.bar").first.screenshot(path=str(shot))
    grey = image.open(shot).convert("L")
    wide, middle = grey.size[0], grey.size[1] // 2
    row = [grey.getpixel((x, middle)) for x in range(wide)]
    proved, alleged, reports = (
        row[int(wide * a) : int(wide * b)] for a, b in ((0.02, 0.47), (0.52, 0.70), (0.735, 0.84))
    )
    assert max(proved) < 80
    assert max(alleged) - min(alleged) > 60
    assert sorted(reports)[len(reports) // 2] > 240
