"""The colours of the page, computed: contrast of text and shapes, and what grey leaves."""

import re

import pytest

from csp_toolkit.briefing.render import TEMPLATES
from csp_toolkit.display.tokens import BLUE, CARE, INK, INK_2, MID_BLUE, PAPER, RULE, TASK, WASH


def luminance(colour: str) -> float:
    def part(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (part(int(colour[n : n + 2], 16)) for n in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def tokens() -> dict[str, str]:
    css = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", css)) | {"proved": BLUE, "alleged": MID_BLUE}


def test_style_and_pictures_use_the_same_colours() -> None:
    shared = {"ink": INK, "ink-2": INK_2, "paper": PAPER, "wash": WASH, "rule": RULE, "care": CARE, "task": TASK}
    assert {name: tokens()[name] for name in shared} == shared


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "paper"),
        ("ink", "wash"),
        ("ink", "zone"),
        ("ink", "focus"),
        ("ink-2", "paper"),
        ("ink-2", "wash"),
        ("ink-2", "zone"),
        ("care", "paper"),
        ("task", "paper"),
        ("link", "paper"),
        ("paper", "ink"),
    ],
)
def test_text_has_a_contrast_of_at_least_four_and_a_half(text: str, ground: str) -> None:
    assert contrast(tokens()[text], tokens()[ground]) >= 4.5


@pytest.mark.parametrize("shape", ["proved", "alleged", "care", "task"])
def test_shapes_have_a_contrast_of_at_least_three(shape: str) -> None:
    assert contrast(tokens()[shape], tokens()["paper"]) >= 3


def test_proved_alleged_and_intelligence_tell_apart_in_grey() -> None:
    assert contrast(tokens()["proved"], tokens()["alleged"]) >= 2.5
