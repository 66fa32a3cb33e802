"""Which items, ties and identities are true in draw k, the same for every analysis.

A draw is one way the doubtful things could be. Whether an origin's information is true in draw k depends on the
origin, the seed and k alone: not on who else is there, on the order of rows, on the hash seed, or on which analysis
asks. So the matrix and the network speak of the same worlds, and two reports of one origin stand or fall together.

    numbers = number_names("origin", ["SYN-OR-1", "SYN-OR-2"], seed=1)
    draw_truths(numbers, np.array([0.85, 0.25]), range(0, 2_000))        # 2 x 2,000, True where true

Each name is hashed (BLAKE2b) to where its own stream starts, and the stream is SplitMix64 (Steele, Lea and Flood 2014,
doi:10.1145/2660193.2660195): number k needs no number before it, so any part of the draws can be had alone.
"""

import hashlib
from collections.abc import Iterable

import numpy as np

ORIGIN, MATCH, TIE = "origin", "match", "tie"

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_ONE, _MIX_TWO = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_WHOLE = 2**32


def number_names(kind: str, names: Iterable[str], *, seed: int) -> np.ndarray:
    """Return where each name's stream of chances starts, as whole numbers of 64 bits.

    Parameters
    ----------
    kind : what the names stand for (`ORIGIN`, `MATCH`, `TIE`, or a source of doubt): an origin and a match that happen
        to be called the same have nothing to do with each other.
    """
    lead = f"{seed}\0{kind}\0".encode()
    digests = b"".join(hashlib.blake2b(lead + name.encode(), digest_size=8).digest() for name in names)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def draw_chances(numbers: np.ndarray, draws: range) -> np.ndarray:
    """Draw a chance for each number and draw, in whole parts of 2**32.

    Parameters
    ----------
    draws : the numbers of the draws, one after the other.

    Returns
    -------
    Names by draws, `uint32`. A part of the draws gives that part of the whole.
    """
    first, last = draws.start // 2, (draws.stop + 1) // 2
    mixed = np.arange(first + 1, last + 1, dtype=np.uint64) * _STEP + np.asarray(numbers, dtype=np.uint64)[:, None]
    shifted = np.empty_like(mixed)
    for shift, by in ((30, _MIX_ONE), (27, _MIX_TWO), (31, None)):
        np.right_shift(mixed, np.uint64(shift), out=shifted)
        mixed ^= shifted
        if by is not None:
            mixed *= by
    halves = mixed.astype("<u8", copy=False).view("<u4")  # each number of the stream serves two draws
    return halves[:, draws.start - 2 * first : draws.stop - 2 * first]


def draw_truths(numbers: np.ndarray, chances: np.ndarray, draws: range) -> np.ndarray:
    """Draw for each name and draw whether it is true, with the chance given for the name (0 to 1).

    The same name with a higher chance is true in every draw in which it is true with a lower one.
    """
    return draw_chances(numbers, draws) < _parts(chances)[:, None]


def draw_uniforms(numbers: np.ndarray, draws: range) -> np.ndarray:
    """Draw for each name and draw a number between nought and one, neither of them reached."""
    return (draw_chances(numbers, draws) + 0.5) / _WHOLE


def draw_normals(numbers: np.ndarray, draws: range) -> np.ndarray:
    """Draw for each name and draw a standard normal number (Box and Muller 1958)."""
    both = draw_uniforms(numbers, range(2 * draws.start, 2 * draws.stop))
    return np.sqrt(-2 * np.log(both[:, ::2])) * np.cos(2 * np.pi * both[:, 1::2])


def _parts(chances: np.ndarray) -> np.ndarray:
    return np.floor(np.asarray(chances, dtype="float64") * _WHOLE + 0.5).astype(np.uint64)
