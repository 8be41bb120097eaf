"""The explorer: a page for each thing of the Framework, as the service serves them and a static site holds them.

    knowledge (show, topic, citing, conflicts) ──▶ thing · listing · landing · timeline · states · search · codes
    report (codes)                             ──▶         │
                                                           ▼
                                        pages: which there are, and how each is made
                                                  │                   │
                                                  ▼                   ▼
                                           service.explorer      export: files that link to each other

Every page is made from what `show` and `explain` make; nothing is said a second time.
"""

from __future__ import annotations

from bicentennial.explorer.export import export_site
from bicentennial.explorer.pages import Explorer

__all__ = ["Explorer", "export_site"]
