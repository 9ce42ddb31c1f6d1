"""When a verdict is complete: pure."""

from collections.abc import Mapping

from api.review.records import Review
from api.stays.records import Remarks
from sync.messages import FieldError

DISCLOSURES = {"remarks": Remarks}


def check(review: Review, disclosed: Mapping[str, object]) -> tuple[FieldError, ...]:
    """Return the errors of a return without a reason, and of "other" without a word."""
    if review.verdict == "return" and not review.reasons:
        return (FieldError("/body/reasons", "field.required"),)
    if "other" in review.reasons and review.remarks is None and "remarks" not in disclosed:
        return (FieldError("/body/remarks", "field.required"),)
    return ()
