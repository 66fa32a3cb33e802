"""Frames by name, each made when it is first asked for, and kept: a meeting reads half of what a casebook holds."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import pandas as pd


class Frames(Mapping[str, pd.DataFrame]):
    """A mapping of frames that makes each the first time it is asked for."""

    def __init__(self, names: Iterable[str], make: Callable[[str], pd.DataFrame]) -> None:
        self._names = tuple(names)
        self._make = make
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
