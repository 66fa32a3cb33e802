"""The colours of a page: blue for evidence, plum for care, red-brown for a late task, and ink.

A fourth hue needs a reason. None of them carries a meaning alone: a shape, a line style or a word always does too.
"""

INK, INK_2 = "#14212b", "#47545f"
PAPER, WASH, RULE = "#ffffff", "#f5f3ee", "#c6ccd1"
BLUE, MID_BLUE = "#0b3d5c", "#5d8cab"
CARE, TASK = "#6a2a5b", "#8a3300"
LINE_FILL = "#c9c2ae"
