"""When a verdict is complete: pure."""

from collections.abc import Mapping

from api.review.records import Review
from api.stays.records import Remarks
from sync.messages import FieldError

DISCLOSURES = {"remarks": Remarks}


def check(review: Review, disclosed: Mapping[str, object]) -> tuple[FieldError, ...]:
    """Return the errors of a verdict that says too little; a referral may give words alone."""
    is_silent = review.remarks is None and "remarks" not in disclosed
    is_reasoned = review.reasons or (review.verdict == "refer" and not is_silent)
    if review.verdict != "accept" and not is_reasoned:
        return (FieldError("/body/reasons", "field.required"),)
    if "other" in review.reasons and is_silent:
        return (FieldError("/body/remarks", "field.required"),)
    return ()
