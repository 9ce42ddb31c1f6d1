"""What can be printed, and in which languages."""

from typing import Literal

Language = Literal["km", "en", "zh"]
Template = Literal["form", "receipt"]
