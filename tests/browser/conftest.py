"""A headless browser without a network, and the pages it opens."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.briefing.bundle import chairs_copy, housing_copy
from tests.briefing.bundle_people import cut, high, person, police_list, with_ranges
from tests.briefing.notebook_run import page_of

CHROMIUM = Path("/usr/bin/chromium")


@dataclass
class Opened:
    """A page in the browser, with what it asked for and what it complained about."""

    page: Any
    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser of this module's own: two drivers at a time in one process get in each other's way."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}: install the distribution's chromium")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


def long_copy() -> Any:
    """Return a copy whose list runs over several printed pages, each person with a mark of their own."""
    copy = chairs_copy()
    rows = [
        person(
            n,
            f"PERSON, Nr{n:02d}x",
            reference=f"SYN/REF{n:02d}x/24",
            score=12.0,
            proved=5.0,
            alleged=4.0,
            intelligence=3.0,
            violence=5.0,
            drugs=5.0,
            gang_link=2.0,
            rank=n,
            police_score=90 + n,
            movement_text=f"because of cause{n:02d}x",
        )
        for n in range(1, 31)
    ]
    return copy.with_table("police_list", pd.DataFrame(rows))


def ranged_copy() -> Any:
    """Return a copy in which the stage that says how sure each place is has been run."""
    copy = chairs_copy()
    ranged = {
        "police_list": with_ranges(police_list()),
        "high_not_listed": with_ranges(high()),
        "cut": with_ranges(cut()),
    }
    return replace(copy, tables=copy.tables | ranged)


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages on disk, by name."""
    folder = tmp_path_factory.mktemp("pages")
    copies = {"chair": chairs_copy(), "ranged": ranged_copy(), "housing": housing_copy(), "long": long_copy()}
    for name, copy in copies.items():
        (folder / f"{name}.html").write_text(page_of(copy), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in copies}


@pytest.fixture
def open_page(browser: Any, pages: dict[str, Path]) -> Iterator[Any]:
    """Open a page by name at a width, on screen or as print, with the network switched off."""
    contexts = []

    def opener(name: str, *, width: int = 1280, media: str = "screen") -> Opened:
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=True, locale="en-GB")
        contexts.append(context)
        opened = Opened(context.new_page())
        opened.page.on("request", lambda request: opened.requests.append(request.url))
        opened.page.on("console", lambda message: opened.console.append(message.text))
        opened.page.on("pageerror", lambda error: opened.console.append(str(error)))
        opened.page.emulate_media(media=media)
        opened.page.goto(pages[name].as_uri())
        return opened

    yield opener
    for context in contexts:
        context.close()
