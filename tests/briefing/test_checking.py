"""What a page may hold."""

import pytest

from csp_toolkit.briefing.checking import check_fragment, check_page, find_outside_addresses
from csp_toolkit.errors import CheckFailed


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="http://a.b/c.png" alt="x">',
        '<a href="//a.b">x</a>',
        '<a href="HTTPS://a.b">x</a>',
        '<link href="style.css">',
        '<style>@import "x.css";</style>',
        "<style>p{background:url(http://a.b)}</style>",
        '<a href=" javascript:x()">y</a>',
        '<svg><use xlink:href="http://a.b#x"/></svg>',
        '<a href="file:///etc/passwd">x</a>',
        '<img srcset="http://a.b/c.png 2x">',
        '<form action="/send"></form>',
        '<blockquote cite="http://a.b">x</blockquote>',
    ],
)
def test_every_way_out_is_found(markup: str) -> None:
    assert find_outside_addresses(markup)


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="#list">x</a>',
        '<img src="data:image/png;base64,aGk=" alt="x">',
        "<p>https://typed.example</p>",
        "<p>&lt;img src=http://a.b&gt;</p>",
        "<style>p{background:url(data:image/png;base64,aGk=)}</style>",
    ],
)
def test_what_fetches_nothing_is_not_an_address(markup: str) -> None:
    assert find_outside_addresses(markup) == []


@pytest.mark.parametrize(
    "markup",
    [
        "<script>1</script>",
        '<p onclick="x()">y</p>',
        '<p style="color:red">y</p>',
        "<iframe></iframe>",
        "<svg><rect/></svg>",
        "<form></form>",
        "<svg aria-hidden='true'><foreignObject></foreignObject></svg>",
        '<a href="http://a.b">x</a>',
        "<svg aria-hidden='true'><animate/></svg>",
        "<h1>x</h1>",
    ],
)
def test_a_fragment_with_anything_else_is_refused(markup: str) -> None:
    with pytest.raises(CheckFailed, match="Cell 3"):
        check_fragment(markup, "cell 3")


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("<h1>a</h1><h1>b</h1>", "h1"),
        ("<h2>a</h2>", "h1"),
        ("<h1>a</h1><h3>b</h3>", "skips"),
        ('<h1 id="a">a</h1><p id="a">b</p>', "twice"),
        ('<h1>a</h1><a href="#gone">b</a>', "not there"),
        ('<h1>a</h1><table><tr><td headers="gone">b</td></tr></table>', "not there"),
    ],
)
def test_a_page_out_of_order_is_refused(body: str, what: str) -> None:
    with pytest.raises(CheckFailed, match=what):
        check_page(f"<html><body>{body}</body></html>")
