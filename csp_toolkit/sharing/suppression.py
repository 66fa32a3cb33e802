"""Small counts not said where an aggregate goes to another agency: a count of one or two can give somebody away.

It hides a count that stands alone. Where a total stands beside its parts, a hidden part can be had by taking away: a
table for another agency carries no such total.
"""


def say_count(n: int, least: int) -> str:
    """Say a count for another agency: itself, none, or that it is fewer than `least`.

    >>> say_count(7, 5), say_count(4, 5), say_count(0, 5)
    ('7', 'fewer than 5', 'none')
    """
    if n == 0:
        return "none"
    return f"{n:,}" if n >= least else f"fewer than {least}"
