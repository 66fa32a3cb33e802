"""Add to a policy file the keys it lacks, as text: every line, number and comment that stands there stays."""

import yaml

from csp_toolkit.params import Key, parse_nodes, parse_policy

NAMES = ("id", "code", "name", "title")


def add_key(text: str, shipped: str, key: Key) -> str | None:
    """Return `text` with one key taken from `shipped`, with the comment above it there.

    None where the key has no counterpart in `shipped`, or the part of the file it belongs to is not there. An entry of
    a list has its counterpart in the entry of the same name, wherever it stands.
    """
    own, example = _find(parse_nodes(text), parse_nodes(shipped), key[:-1])
    if not isinstance(own, yaml.MappingNode) or not isinstance(example, yaml.MappingNode):
        return None
    place = next((n for n, (name, _) in enumerate(example.value) if name.value == key[-1]), None)
    if place is None:
        return None
    if own.flow_style:
        return _add_in_line(text, own, example.value[place])
    lines = shipped.splitlines()
    if example.flow_style:
        block = [_in_line(example.value[place])]
    else:
        name, value = example.value[place]
        block = _outdent(lines[_first_line(lines, name) : _last_line(value) + 1], name.start_mark.column)
    column = own.value[0][0].start_mark.column if own.value else 0
    at = _last_line(own) + 1
    mine = text.splitlines()
    return "\n".join([*mine[:at], *(" " * column + line if line else "" for line in block), *mine[at:]]) + "\n"


def _find(own: yaml.Node | None, example: yaml.Node | None, key: Key) -> tuple[yaml.Node | None, yaml.Node | None]:
    """Follow a key in both files; nothing where one of them does not have it."""
    for part in key:
        if isinstance(own, yaml.SequenceNode) and isinstance(example, yaml.SequenceNode) and isinstance(part, int):
            own = own.value[part]
            named = _name(own)
            example = next((entry for entry in example.value if named and _name(entry) == named), None)
        else:
            own, example = (_value(node, part) for node in (own, example))
    return own, example


def _value(node: yaml.Node | None, key: str | int) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for name, value in pairs if name.value == key), None)


def _name(entry: yaml.Node) -> tuple[str, str] | None:
    """Return by what an entry of a list is known."""
    values = ((name, _value(entry, name)) for name in NAMES)
    return next(((name, value.value) for name, value in values if isinstance(value, yaml.ScalarNode)), None)


def _add_in_line(text: str, own: yaml.MappingNode, pair: tuple[yaml.Node, yaml.Node]) -> str:
    end = own.end_mark.index - 1
    comma = ", " if own.value else ""
    return text[:end].rstrip().removesuffix(",") + comma + _in_line(pair) + text[end:]


def _in_line(pair: tuple[yaml.Node, yaml.Node]) -> str:
    """Return one key and its value as they stand within braces."""
    name, value = (parse_policy(yaml.serialize(node)) for node in pair)
    return yaml.safe_dump({name: value}, default_flow_style=True, width=10_000, allow_unicode=True).strip()[1:-1]


def _first_line(lines: list[str], name: yaml.Node) -> int:
    """Return the line of a key, or the first line of the comment right above it."""
    first, indent = name.start_mark.line, " " * name.start_mark.column
    while first and lines[first - 1].startswith(f"{indent}#"):
        first -= 1
    return int(first)


def _last_line(node: yaml.Node) -> int:
    """Return the last line on which something of a node stands; what follows it may be a comment on the next key."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    is_block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
    return int(node.end_mark.line) - (1 if is_block and node.end_mark.column == 0 else 0)


def _outdent(lines: list[str], column: int) -> list[str]:
    kept = [line[column:] for line in lines]
    while kept and not kept[-1].strip():
        kept.pop()
    return kept
