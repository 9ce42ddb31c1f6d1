"""How a number is shown to somebody who may not read it; apart so every view masks alike.

Twin: pwa/src/facts/masking.ts. Golden cases: tests/vectors/masking.json.
"""

# The same length whatever it hides.
BLANK = "•••••"
_SHOWN, _SHORTEST = 3, 6
_UNKNOWN = "unknown"


def mask_number(text: str) -> str:
    """Mask the number of a document or telephone but for its end; a short one wholly.

    "unknown" hides nobody and stays readable.
    """
    if text in ("", _UNKNOWN):
        return text
    return BLANK + text[-_SHOWN:] if len(text) >= _SHORTEST else BLANK
