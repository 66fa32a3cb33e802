"""The feeds a partnership knows, and which of them a file belongs to."""

from fnmatch import fnmatchcase
from pathlib import Path

from csp_toolkit.errors import ParamsError
from csp_toolkit.params import policy_files, read_policy
from csp_toolkit.records.files import SUFFIXES
from csp_toolkit.records.mapping import Mapped, map_file
from csp_toolkit.records.recipes import Feed

__all__ = ["Feed", "Mapped", "map_file", "match_feed", "read_feeds"]


def read_feeds(folder: Path | None = None) -> dict[str, Feed]:
    """Read every feed of a workspace's `params` folder, or of the package, by name."""
    feeds = {}
    for stem, path in policy_files("feeds", folder).items():
        feed = read_policy(path, Feed)
        if feed.name != stem:
            raise ParamsError(f"{path.name}: the feed is named {feed.name!r}. Give file and feed one name.")
        feeds[feed.name] = feed
    return feeds


def match_feed(path: Path, feeds: dict[str, Feed]) -> Feed | None:
    """Find the feed a file belongs to by its name, or None where no mapping has been made for it yet.

    Where the patterns of several feeds fit, the longest one is meant.
    """
    if path.suffix.lower() not in SUFFIXES:
        return None
    stem = path.stem.casefold()
    fitting = [feed for feed in feeds.values() if fnmatchcase(stem, feed.pattern.casefold())]
    return max(fitting, key=lambda feed: (len(feed.pattern), feed.name), default=None)
