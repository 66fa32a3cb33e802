"""How one value is shown to a recipient: as a reference of their own, more roughly, or not at all.

Each of these leaves what it made as it is when it is applied again.
"""

import hashlib
import hmac
import re
import secrets
from base64 import b32encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from csp_toolkit.errors import ReleaseError
from csp_toolkit.sharing.recipients import Action, Recipient

WITHHELD = "withheld"
NOT_KNOWN = "not known"
AGE_BANDS = ((10, "under 10"), (14, "10 to 13"), (18, "14 to 17"), (25, "18 to 24"), (35, "25 to 34"), (50, "35 to 49"))
OLDEST = "50 and over"
KEY_FILE, SHORTEST_KEY = "pseudonyms.key", 32
_MONTH = re.compile(r"\d{4}-\d{2}")
_SECTOR = re.compile(r"([A-Z]{1,2}\d[A-Z\d]? \d)[A-Z]{0,2}")


def make_key(workspace: Path) -> Path:
    """Make the workspace's secret for pseudonyms, once, readable by its owner only.

    One that was cut short was never used, for `read_key` refuses it; it is made again.
    """
    home = workspace / KEY_FILE
    if not home.exists() or home.stat().st_size < SHORTEST_KEY:
        aside = home.with_name(f".{KEY_FILE}.part")
        aside.unlink(missing_ok=True)
        aside.touch(mode=0o600)
        aside.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
        aside.replace(home)
    return home


def read_key(workspace: Path, recipient: Recipient, *, is_synthetic: bool) -> bytes:
    """Return the key of one recipient's pseudonyms: the same for every copy of theirs, another for everyone else.

    Synthetic people need no secret; a fixed one keeps a demonstration the same on every machine.
    """
    if is_synthetic:
        secret = b"synthetic"
    else:
        try:
            secret = (workspace / KEY_FILE).read_bytes().strip()
        except OSError:
            secret = b""
        if len(secret) < SHORTEST_KEY:
            raise ReleaseError(f"The workspace has no usable {KEY_FILE} to make references from. Run csp init on it.")
    return hmac.new(secret, recipient.key_name.encode(), hashlib.sha256).digest()


def apply_action(action: Action, column: pd.Series, *, key: bytes, prefix: str) -> pd.Series:
    """Return `column` as text after `action`; what is missing stays missing."""
    if action == "PSEUDONYM":
        return _as_text(column, lambda value: pseudonym(value, key, prefix))
    if action == "MASK":
        return _as_text(column, lambda _: WITHHELD)
    return _as_text(column, _GENERALISE[action])


def _as_text(column: pd.Series, change: Callable[[Any], str]) -> pd.Series:
    return pd.Series([None if pd.isna(v) else change(v) for v in column], index=column.index, dtype="str")


def pseudonym(value: object, key: bytes, prefix: str) -> str:
    """Return the reference that stands for `value` in one recipient's copies, the same in every one of them.

    Its last three letters are made from the rest and the key, so that a reference already made is left as it is.
    """
    text = str(value)
    if text.startswith(f"{prefix}-") and _seal(text[len(prefix) + 1 : -3], key) == text[-3:]:
        return text
    body = _letters(key, b"reference\0" + text.encode())[:7]
    return f"{prefix}-{body}{_seal(body, key)}"


def _seal(body: str, key: bytes) -> str:
    return _letters(key, b"seal\0" + body.encode())[:3]


def _letters(key: bytes, message: bytes) -> str:
    return b32encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


def shorten_name(name: str) -> str:
    """Shorten `WATSON, Alfie` to `A. W.`; initials stay initials."""
    family, _, given = name.partition(",")
    if not given:
        return name if re.fullmatch(r"(\w\. ?)+", name) else f"{name[:1].upper()}."
    return f"{given.strip()[:1].upper()}. {family.strip()[:1].upper()}."


def _age_band(value: Any) -> str:
    if isinstance(value, str):
        known = {band for _, band in AGE_BANDS} | {OLDEST, NOT_KNOWN}
        return value if value in known else NOT_KNOWN
    return next((band for limit, band in AGE_BANDS if value < limit), OLDEST)


def _month(value: Any) -> str:
    if isinstance(value, str):
        return value if _MONTH.fullmatch(value) else NOT_KNOWN
    return f"{pd.Timestamp(value):%Y-%m}"


def _sector(value: Any) -> str:
    found = _SECTOR.fullmatch(str(value).strip().upper())
    return found[1] if found else NOT_KNOWN


_GENERALISE: dict[str, Callable[[Any], str]] = {
    "GENERALISE age band": _age_band, "GENERALISE month": _month, "GENERALISE sector": _sector,
}  # fmt: skip
