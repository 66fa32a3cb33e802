"""The feeds a partnership knows, and which of them a file belongs to."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from csp_toolkit.errors import ParamsError
from csp_toolkit.params import policy_files, read_policy
from csp_toolkit.records.files import EXCEL, SUFFIXES
from csp_toolkit.records.mapping import Mapped, map_file
from csp_toolkit.records.recipes import Feed

__all__ = ["Feed", "Mapped", "map_file", "match_feeds", "read_feeds"]


def read_feeds(folder: Path | None = None) -> dict[str, Feed]:
    """Read every feed of a workspace's `params` folder, or of the package, by name."""
    feeds = {}
    for stem, path in policy_files("feeds", folder).items():
        feed = read_policy(path, Feed)
        if feed.name != stem:
            raise ParamsError(f"{path.name}: the feed is named {feed.name!r}. Give file and feed one name.")
        feeds[feed.name] = feed
    places: dict[tuple[str, str | None], str] = {}
    for feed in feeds.values():
        other = places.setdefault((feed.pattern.casefold(), feed.sheet), feed.name)
        if other != feed.name:
            raise ParamsError(
                f"Feeds {other} and {feed.name} have one pattern and one sheet. Give them different ones."
            )
    return feeds


def match_feeds(path: Path, feeds: Mapping[str, Feed]) -> tuple[Feed, ...]:
    """Find the feeds a file belongs to by its name; none where no mapping has been made for it yet.

    Where the patterns of several feeds fit, the longest one is meant. Feeds that share it are the sheets of one Excel
    file; a file of another kind has one sheet, so it is the feed's whose name it bears.
    """
    if path.suffix.lower() not in SUFFIXES:
        return ()
    stem = path.stem.casefold()
    fitting = [feed for feed in feeds.values() if fnmatchcase(stem, feed.pattern.casefold())]
    longest = max((len(feed.pattern) for feed in fitting), default=0)
    meant = sorted((feed for feed in fitting if len(feed.pattern) == longest), key=lambda feed: feed.name)
    if len(meant) > 1 and path.suffix.lower() not in EXCEL:
        named = [feed for feed in meant if stem.startswith(feed.name.casefold())]
        meant = [max(named, key=lambda feed: len(feed.name))] if named else meant[:1]
    return tuple(meant)
