"""What a submission says of itself.

>>> Submission(id="urn:x-example:handed-in", issued="2024-06").issued
'2024-06'
"""

from typing import ClassVar

from bicentennial.models.entity import Entity
from bicentennial.models.values import PartialDate

__all__ = ["Submission"]


class Submission(Entity):
    """What a partner hands in at one date."""

    declarable: ClassVar[bool] = True

    issued: PartialDate | None = None
