"""Two months of deliveries loaded, linked and checked: the seconds, and the share of each stage.

The extracts where `CSP_REAL_DATA` (else `../shared`) has them, the demo's deliveries otherwise.
"""

import os
import tempfile
import time
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

from csp_toolkit.briefing.workspace import Workspace, init_workspace
from csp_toolkit.records.feeds import read_feeds
from csp_toolkit.records.synthetic import DELIVERIES, write_demo
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.deliveries import read_delivery
from csp_toolkit.tables.linking.kept import link_casebook
from csp_toolkit.tables.quality.report import check_quality

HERE = Path(__file__).resolve().parent
REAL = Path(os.environ.get("CSP_REAL_DATA", HERE.parent.parent / "shared")) / "extracts"
RECEIVED = {"2026-10": date(2026, 10, 23), "2026-11": date(2026, 11, 20)}
AT = datetime(2026, 12, 1, tzinfo=UTC)


def measure(home: Path, deliveries: Path, received: dict[str, date]) -> Counter[str]:
    """Take in each delivery and return the seconds of each stage."""
    init_workspace(home)
    workspace = Workspace.open(home)
    casebook = Casebook.open(workspace.casebook, create=True, params=workspace.params)
    feeds = read_feeds(workspace.params)
    expected = {name: feed.agency for name, feed in feeds.items()}
    seconds: Counter[str] = Counter()
    for month, day in sorted(received.items()):
        marks = [time.perf_counter()]
        found = read_delivery(deliveries / month, feeds, received_on=day)
        marks.append(time.perf_counter())
        casebook.load(found.files, received_on=day, actor="bench", at=AT, expected=expected, unmapped=found.unmapped)
        marks.append(time.perf_counter())
        link_casebook(casebook.engine, params=workspace.params)
        marks.append(time.perf_counter())
        check_quality(casebook, known_at=day, params=workspace.params)
        marks.append(time.perf_counter())
        stages = ("read, map and judge", "store", "link", "check quality")
        seconds.update({name: marks[n + 1] - marks[n] for n, name in enumerate(stages)})
    casebook.close()
    return seconds


def main() -> None:
    """Measure once and print the shares."""
    with tempfile.TemporaryDirectory() as folder:
        home, deliveries, received = Path(folder), REAL, RECEIVED
        if not (REAL / "2026-11").is_dir():
            deliveries, received = home / "deliveries", dict(DELIVERIES)
            write_demo(deliveries)
        seconds = measure(home / "ws", deliveries, received)
    print(f"deliveries: {'the extracts' if deliveries == REAL else 'the demo'}")
    print(f"two months loaded, linked and checked: {seconds.total():.1f} s")
    for stage, spent in seconds.items():
        print(f"  {stage}: {spent:.1f} s, {100 * spent / seconds.total():.0f} %")


if __name__ == "__main__":
    main()
