"""Write the documents that are made from the code: the tree in ARCHITECTURE.md, docs/commands.md, docs/feeds.md.

`python docs/generate.py` writes them; with `--check` it changes nothing and fails where they are out of date.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ARCHITECTURE, COMMANDS = ROOT / "ARCHITECTURE.md", ROOT / "docs" / "commands.md"
FEEDS = ROOT / "docs" / "feeds.md"
START, END = "<!-- the tree: made by `make docs` -->", "<!-- end of the tree -->"
WIDTH = 36


def first_line(path: Path) -> str:
    """Return the first sentence of a module's docstring, without its full stop."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.split("\n\n")[0].replace("\n", " ").strip().removesuffix(".")


def tree() -> str:
    """Return the package's folders and modules with what each is for."""
    package = ROOT / "csp_toolkit"
    lines = ["```text", "csp_toolkit/", *_modules(package, "  ")]
    for name in ("notebooks", "params", "tests"):
        lines.append(f"{name}/")
        lines += [
            f"  {p.name}/" for p in sorted((ROOT / name).iterdir()) if p.is_dir() and not p.name.startswith((".", "_"))
        ]
        lines += [f"  {p.name}" for p in sorted((ROOT / name).glob("*.ipynb"))]
    return "\n".join([*lines, "```"])


def _modules(folder: Path, indent: str) -> Iterator[str]:
    """Say what each module of a folder is for, then each folder in it with its own, then the folders without code."""
    for path in sorted(folder.glob("*.py")):
        if path.name != "__init__.py":
            yield f"{indent + path.name:<{WIDTH}}{first_line(path)}".rstrip()
    inside = sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("_"))
    for room in (p for p in inside if (p / "__init__.py").is_file()):
        yield f"{f'{indent}{room.name}/':<{WIDTH}}{first_line(room / '__init__.py')}".rstrip()
        yield from _modules(room, indent + "  ")
    yield from (f"{indent}{p.name}/" for p in inside if not (p / "__init__.py").is_file())


def architecture() -> str:
    """Return ARCHITECTURE.md with the tree as it is on the disk."""
    text = ARCHITECTURE.read_text(encoding="utf-8")
    before, rest = text.split(START)
    return f"{before}{START}\n{tree()}\n{END}{rest.split(END)[1]}"


def commands() -> str:
    """Return docs/commands.md: every command of `csp` with its arguments and options."""
    import typer

    from csp_toolkit.cli import app

    lines = ["# Commands", "", "Made from the program by `make docs`. `csp COMMAND --help` says the same.", ""]
    group = typer.main.get_command(app)
    context = group.make_context("csp", [], resilient_parsing=True)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if not command.hidden:
            inner = command.make_context(name, [], parent=context, resilient_parsing=True)
            usage = " ".join(["csp", name, *command.collect_usage_pieces(inner)])
            lines += [f"## csp {name}", "", _plain(command.help or ""), "", "```text", usage, "```", ""]
            lines += [f"* {line}" for line in _parameters(command, inner)] + [""]
    return "\n".join(lines).rstrip() + "\n"


def _parameters(command, context) -> Iterator[str]:
    for parameter in command.params:
        if parameter.name == "help" or parameter.hidden:
            continue
        shown = parameter.get_help_record(context)
        names = shown[0] if shown and parameter.param_type_name == "option" else parameter.get_usage_pieces(context)[0]
        text = _plain(parameter.help or "").removesuffix(".")
        needed = ". Required" if parameter.required and parameter.param_type_name == "option" else ""
        yield f"`{_plain(names)}`: {text}{needed}." if text else f"`{_plain(names)}`"


def _plain(text: str) -> str:
    return " ".join(text.split())


def feeds() -> str:
    """Return docs/feeds.md: every feed with its sender, what it is used for and the tables it fills."""
    from csp_toolkit.records.feeds import read_feeds

    lines = [
        "# Feeds", "",
        "Made from `params/feeds` by `make docs`. A feed is one file from one agency, or one sheet of an Excel file. "
        "`csp load --explain FEED` shows what each of its columns becomes, and which are not kept and why. How to add "
        "one: [CONTRIBUTING.md](../CONTRIBUTING.md).", "",
        "| feed | sender | what it is used for | tables it fills |", "|---|---|---|---|",
    ]  # fmt: skip
    for name, feed in sorted(read_feeds().items()):
        sheet = f", sheet {feed.sheet}" if feed.sheet else ""
        tables = ", ".join(f"`{table}`" for table in feed.tables)
        lines.append(f"| `{name}`{sheet} | {feed.agency} | {feed.why} | {tables} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Write or check every generated document; return how many were out of date."""
    stale = 0
    for path, content in ((ARCHITECTURE, architecture()), (COMMANDS, commands()), (FEEDS, feeds())):
        if path.exists() and path.read_text(encoding="utf-8") == content:
            continue
        if "--check" in arguments:
            print(f"{path.relative_to(ROOT)} is out of date. Run `make docs`.")
            stale += 1
        else:
            path.write_text(content, encoding="utf-8", newline="\n")
            print(f"wrote {path.relative_to(ROOT)}")
    return stale


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
