"""The command line: one command a stage. It parses, calls, and says what came of it.

With `--json` standard output carries one JSON object alone; what is said on the way goes to standard error.
An error is one line. Exit codes: 0 done, 1 a check failed or the work was stopped, 2 bad input or params, 3 a notebook
failed.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from csp_toolkit.briefing.console import OneLine, make_table, read_day, report, show_progress
from csp_toolkit.errors import CheckFailed, ToolkitError

app = typer.Typer(
    cls=OneLine, add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
    help="From the agencies' extracts to the meeting's briefing, on one machine.",
)  # fmt: skip

Home = Annotated[Path, typer.Option("--workspace", help="The workspace's folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output and nothing else.")]
Book = Annotated[str | None, typer.Option("--casebook", help="An SQLAlchemy URL, instead of the workspace's file.")]
Actor = Annotated[str, typer.Option("--actor", help="The role or account that acts, for the log; never a name.")]
UPDATE = "Add to the workspace's policy files the keys this version needs, and put its notebooks of meetings in place."
EXPLAIN = "Load nothing: say what each column of this feed becomes, and of a delivery given which file is the feed's."
AsOf = Annotated[str, typer.Option("--as-of", help="The date it speaks for, YYYY-MM-DD.")]
KnownAt = Annotated[str | None, typer.Option("--known-at", help="Records received after this date are left out.")]
Port = Annotated[int, typer.Option("--port", min=1024, max=65535, help="The port on this machine's loopback.")]


def _now() -> datetime:
    return datetime.now(UTC)


@app.command()
def init(
    folder: Annotated[Path | None, typer.Argument(help="The folder; else --workspace.")] = None,
    update: Annotated[bool, typer.Option("--update", help=UPDATE)] = False,
    workspace: Home = Path("."), as_json: AsJson = False, casebook: Book = None,
) -> None:  # fmt: skip
    """Make a workspace, or complete one: params and notebooks to edit, a casebook, the folders for runs and copies."""
    from csp_toolkit.briefing.setting_up import set_up

    done = set_up(folder or workspace, casebook, update=update)
    report(as_json, done.describe(), lambda console: console.print("\n".join(done.sentences()), markup=False))
    if not done.is_whole:
        raise typer.Exit(1)


@app.command()
def load(
    delivery: Annotated[Path | None, typer.Argument(help="The folder that holds the delivery's files.")] = None,
    received: Annotated[str | None, typer.Option("--received", help="The day it was received, YYYY-MM-DD.")] = None,
    explain: Annotated[str | None, typer.Option("--explain", help=EXPLAIN)] = None,
    workspace: Home = Path("."), as_json: AsJson = False, casebook: Book = None, actor: Actor = "analyst",
) -> None:  # fmt: skip
    """Check a delivery row by row and take it into the casebook, all of it or nothing."""
    from csp_toolkit.briefing.intake import take_in, tell_mapping
    from csp_toolkit.briefing.workspace import Workspace

    if explain is not None:
        tell_mapping(explain, delivery, workspace / "params", as_json=as_json)
        return
    if delivery is None or received is None:
        raise ToolkitError("load: give the delivery's folder and --received, or a feed to --explain.")

    with show_progress() as tell:
        taken = take_in(
            Workspace.open(workspace, casebook), delivery, received_on=read_day(received, "--received"), actor=actor,
            at=_now(), on_progress=tell,
        )  # fmt: skip

    report(as_json, taken.describe(), taken.show)


@app.command()
def decide(
    file: Annotated[Path, typer.Argument(help="The decisions workbook, filled in.")],
    recorded: Annotated[str | None, typer.Option("--recorded", help="The day it is recorded; else today.")] = None,
    workspace: Home = Path("."), as_json: AsJson = False, casebook: Book = None, actor: Actor = "analyst",
) -> None:  # fmt: skip
    """Record what people decided, from the workbook they filled in."""
    from csp_toolkit.briefing.corrections import decide as decide_in
    from csp_toolkit.briefing.workspace import Workspace
    from csp_toolkit.tables.deciding.sheets import read_workbook

    home = Workspace.open(workspace, casebook)
    day = read_day(recorded, "--recorded") if recorded else _now().date()
    told = decide_in(home, read_workbook(file), recorded_on=day, actor=actor, at=_now())
    content = {"recorded": told.report.n_recorded, "unchanged": told.report.n_unchanged,
               "waiting": told.report.n_waiting, "changed": vars(told.correction) if told.correction else None,
               "note": told.note}  # fmt: skip
    report(as_json, content, lambda console: console.print("\n".join(told.sentences())))


@app.command()
def brief(
    meeting: Annotated[str | None, typer.Argument(help="The meeting, by the name of its notebook.")] = None,
    as_of: AsOf = "", known_at: KnownAt = None,
    stage: Annotated[str, typer.Option("--stage", help="candidates, or final once seats are selected.")] = "candidates",
    every: Annotated[bool, typer.Option("--all", help="Every meeting there is.")] = False,
    fresh_kernel: Annotated[bool, typer.Option("--fresh-kernel", help="A new kernel for each notebook.")] = False,
    no_pdf: Annotated[bool, typer.Option("--no-pdf", help="Pages only, even where PDF can be made.")] = False,
    workspace: Home = Path("."), as_json: AsJson = False, casebook: Book = None, actor: Actor = "analyst",
) -> None:  # fmt: skip
    """Run a meeting: its workings, and a checked, logged copy for each recipient."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one thread to fork from, and sums in one order
    from csp_toolkit.briefing.startup import import_everything

    if not fresh_kernel:
        import_everything(with_pdf=not no_pdf)
    from csp_toolkit.briefing.ground import Request
    from csp_toolkit.briefing.meetings import brief as run_meeting
    from csp_toolkit.briefing.workspace import Workspace
    from csp_toolkit.params import policy_files

    home = Workspace.open(workspace, casebook)
    known = list(policy_files("meetings", home.params))
    if every == (meeting is not None):
        raise ToolkitError(f"Name one meeting, or give --all. There are: {', '.join(known) or 'none'}.")
    if not as_of:
        raise ToolkitError("Give the date the briefing speaks for: --as-of YYYY-MM-DD.")
    day = read_day(as_of, "--as-of")
    at = read_day(known_at, "--known-at") if known_at else day
    made = []
    with show_progress() as tell:
        for name in known if every else [str(meeting)]:
            request = Request(name, day, at, stage, actor, _now(), fresh_kernel, with_pdf=not no_pdf)
            made.append((name, run_meeting(home, request, on_progress=tell)))

    def show(console: Any) -> None:
        for name, done in made:
            console.print(f"{name} as at {day}, run {done.run_id}. Workings: {done.folder}")
            for copy, folder in done.copies:
                console.print(
                    f"  copy {copy.number} of {copy.n_copies} for {copy.recipient}: {folder / 'briefing.html'}"
                )

    def describe(copy: Any, folder: Path) -> dict[str, Any]:
        told = {"recipient": copy.recipient, "copy": copy.number, "n_copies": copy.n_copies}
        return {**told, "folder": str(folder)}

    runs = [{"meeting": name, "run_id": done.run_id, "folder": str(done.folder),
             "copies": [describe(*c) for c in done.copies]} for name, done in made]  # fmt: skip
    report(as_json, {"as_of": as_of, "known_at": at.isoformat(), "stage": stage, "runs": runs}, show)


@app.command()
def verify(workspace: Home = Path("."), as_json: AsJson = False, casebook: Book = None) -> None:
    """Work every manifest out again, and check the casebook's log."""
    from csp_toolkit.briefing.intake import verify_workspace
    from csp_toolkit.briefing.workspace import Workspace

    checked = verify_workspace(Workspace.open(workspace, casebook))
    bad = [found for found in checked if found.problems]
    if bad:
        told = "; ".join(f"{found.folder}: {', '.join(found.problems[:5])}" for found in bad)
        raise CheckFailed(f"{len(bad)} of {len(checked)} do not hold: {told}.")

    def show(console: Any) -> None:
        console.print(make_table("Everything holds", ["what", "files", "note"],
                             [[c.folder, c.n_files, "; ".join(c.notes)] for c in checked]))  # fmt: skip

    content = [{"what": c.folder, "files": c.n_files, "notes": list(c.notes)} for c in checked]
    report(as_json, {"checked": content}, show)


@app.command()
def compare(
    matrix: Annotated[Path, typer.Argument(help="The matrix proposed, a YAML file that lies outside params/matrices.")],
    as_of: AsOf, known_at: KnownAt = None,
    workspace: Home = Path("."), as_json: AsJson = False, casebook: Book = None, actor: Actor = "analyst",
) -> None:  # fmt: skip
    """Compare a proposed matrix with the one in use: what differs, and who would have entered or left the list."""
    from csp_toolkit.briefing.comparing import compare_proposed
    from csp_toolkit.briefing.workspace import Workspace

    day = read_day(as_of, "--as-of")
    done = compare_proposed(
        Workspace.open(workspace, casebook), matrix, as_of=day, actor=actor, at=_now(),
        known_at=read_day(known_at, "--known-at") if known_at else day,
    )  # fmt: skip
    report(as_json, done.describe(), done.show)


@app.command()
def export(
    meeting: Annotated[str, typer.Argument(help="The meeting, by the name of its notebook.")],
    as_of: AsOf, known_at: KnownAt = None,
    workspace: Home = Path("."), as_json: AsJson = False, casebook: Book = None, actor: Actor = "analyst",
) -> None:  # fmt: skip
    """Write a meeting's decisions workbook, to fill in, and its tables as one workbook."""
    from csp_toolkit.briefing.exports import export_meeting
    from csp_toolkit.briefing.workspace import Workspace

    day = read_day(as_of, "--as-of")
    folder = export_meeting(
        Workspace.open(workspace, casebook), meeting, as_of=day, actor=actor, at=_now(),
        known_at=read_day(known_at, "--known-at") if known_at else day,
    )  # fmt: skip
    files = sorted(path.name for path in folder.iterdir())
    report(as_json, {"folder": str(folder), "files": files}, lambda console: console.print(f"Written: {folder}"))


@app.command()
def demo(workspace: Home = Path("demo-workspace"), as_json: AsJson = False, casebook: Book = None) -> None:
    """Make the invented demonstration partnership, load it and brief its meeting."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from csp_toolkit.briefing.demonstration import demonstrate

    with show_progress() as tell:
        done = demonstrate(workspace, casebook, at=_now(), on_progress=tell)

    def show(console: Any) -> None:
        console.print(f"The demonstration partnership is in {workspace}; everyone in it is invented.")
        for copy, folder in done.copies:
            console.print(f"  {copy.recipient}: {folder / 'briefing.html'}")
        console.print(f"  workings: {done.folder / 'workings.html'}")

    copies = {copy.recipient: str(folder) for copy, folder in done.copies}
    report(as_json, {"workspace": str(workspace), "run": str(done.folder), "copies": copies}, show)


@app.command()
def lab(
    workspace: Home = Path("."), as_json: AsJson = False, casebook: Book = None,
    port: Port = 8888,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
    print_url: Annotated[bool, typer.Option("--print-url", help="Say what would be opened, and open nothing.")] = False,
) -> None:  # fmt: skip
    """Open JupyterLab on the workspace: from this machine only, and reaching no other."""
    from csp_toolkit.briefing.desk import describe_desk, open_desk
    from csp_toolkit.briefing.workspace import Workspace

    home = Workspace.open(workspace, casebook)
    command, environment = describe_desk(home, port=port, open_browser=not no_browser)
    if print_url or as_json:
        url = f"http://127.0.0.1:{port}" + next(
            c.split("=", 1)[1] for c in command if c.startswith("--LabApp.default_url")
        )
        report(
            as_json, {"url": url, "command": command, "environment": environment}, lambda console: console.print(url)
        )
        return
    raise typer.Exit(open_desk(command, environment, home.root))


@app.command()
def doctor(workspace: Home = Path("."), as_json: AsJson = False, casebook: Book = None) -> None:
    """Look at the machine and the workspace, and say what is wrong with either."""
    from csp_toolkit.briefing.doctor import examine

    found = examine(workspace, casebook)
    bad = [finding for finding in found if finding.state == "bad"]
    if bad and as_json:
        raise CheckFailed("; ".join(f"{finding.what}: {finding.text}" for finding in bad))

    def show(console: Any) -> None:
        console.print(make_table("", ["", "what", ""], [[f.state, f.what, f.text] for f in found]))

    report(as_json, {"findings": [vars(finding) for finding in found]}, show)
    if bad:
        raise typer.Exit(1)
