"""Style sheets, scripts and drawings that pages of the site load, and the style that self-contained pages begin with.

>>> "--accent" in base_style()
True
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

__all__ = ["STATIC", "base_style"]

STATIC: Final = Path(__file__).with_name("static")
"""The folder of these files; a site has them below `/static/`."""


@cache
def base_style() -> str:
    """Return colours, fonts and plain elements: what the site and the self-contained pages have in common."""
    return (STATIC / "base.css").read_text(encoding="utf-8")
