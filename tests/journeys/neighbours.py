"""What people do whose screens do not matter: they declare over HTTP what others then look at."""

from typing import Any, Final
from uuid import UUID

from api.ledger.committer import now_ms
from api.orders.rules import day_of
from tests.journeys.phone import Phone
from tests.makers import make_document, make_identity, make_premises
from tests.world import Device

# Longer than any line of a phone, and without a place to break.
LONG_WORD: Final = "TESTDATA" * 9


async def declare_clean(owner: Device, premises_id: UUID, number: int, **identity: Any) -> UUID:
    """Somebody who came today and at whose papers there is nothing to look."""
    return await owner.send_stay(
        premises_id,
        identity=make_identity(
            primary=f"CLEAN{number}", secondary="TEST DATA", born_on=f"19{60 + number}", **identity
        ),
        # No series of documents, which would be marked.
        document=make_document(f"{number:03}TEST{number:03}"),
        unit=str(number),
        arrived_on=day_of(now_ms()),
        visa={"class": "K"},
    )


async def correct_beside(police: Device, owner: Phone, premises_id: str) -> UUID:
    """Somebody whom the post entered on paper; post and owner without signal correct the room."""
    stay_id = await police.send_stay(UUID(premises_id), unit="1")
    await owner.open(f"/app/premises/{premises_id}")
    await owner.page.locator(f'a[href*="{stay_id}"]').first.wait_for()
    await owner.lose_signal()
    await owner.open(f"/app/stays/{stay_id}/correct")
    await owner.fill(unit="31")
    await owner.press("stay-save")
    await owner.at("stay-correct").wait_for()
    await police.send("stay", {"unit": "13"}, revises=(stay_id, stay_id), after=[stay_id])
    return stay_id


async def declare_clean_house(police: Device, owner: Device, count: int) -> UUID:
    """Premises of an owner whom the police know, with so many people."""
    premises_id = await owner.send_premises(names={"latin": "TEST DATA Clean House"})
    body = {"account_id": str(owner.account_id)}
    await police.send("verification", body, after=[owner.account_id])
    for number in range(1, count + 1):
        await declare_clean(owner, premises_id, number)
    return premises_id


async def declare_in_long_words(owner: Device) -> tuple[UUID, UUID]:
    """Premises and a person there, every name of which is one long word."""
    premises_id = await owner.send(
        "premises",
        make_premises(names={"latin": LONG_WORD}, address=LONG_WORD, village=LONG_WORD),
        disclosed={"contact": {"owner": {"name": LONG_WORD, "native_name": LONG_WORD}}},
    )
    identity = make_identity(primary=LONG_WORD, secondary="TEST", native=LONG_WORD)
    return premises_id, await owner.send_stay(premises_id, identity=identity, unit=LONG_WORD[:40])
