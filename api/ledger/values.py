"""The bounded types that bodies are made of; the lengths are limits of the register, named once."""

from typing import Annotated, Literal

from msgspec import Meta

Digest = Annotated[str, Meta(min_length=43, max_length=43)]
ShortText = Annotated[str, Meta(min_length=1, max_length=200)]
OptionalText = Annotated[str, Meta(max_length=200)]
LongText = Annotated[str, Meta(min_length=1, max_length=4_000)]
Code = Annotated[str, Meta(min_length=1, max_length=64)]
# A length as well: Python's `$` stands before a last line end too, and JavaScript knows no `\Z`.
BlobName = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", max_length=64)]
"""The SHA-256 of a photo as its author sends it; it may still be on the way."""
Day = Annotated[str, Meta(min_length=7, max_length=10)]
PartialDay = Annotated[str, Meta(min_length=4, max_length=10)]
Count = Annotated[int, Meta(ge=0, le=100_000)]
Year = Annotated[int, Meta(ge=1900, le=2200)]
Language = Literal["km", "en", "zh", "vi", "th"]
Known = Literal["yes", "no", "unknown"]
