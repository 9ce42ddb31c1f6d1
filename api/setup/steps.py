"""The first steps of a register, taken by the page and by the command alike."""

from functools import partial
from uuid import UUID

import msgspec

from api.invitations.issuing import make_invitation
from api.ledger.store import load_entities
from api.orders.rules import day_of
from api.orders.store import list_orders
from api.pledges.store import list_texts
from api.register import Register
from api.setup.records import Approval, FirstSteps, Operator, Steps
from api.setup.store import record
from api.submitting import submit
from sync.instants import write_instant
from sync.messages import Item


async def list_open_orders(register: Register) -> dict[UUID, dict[str, str]]:
    """Return the titles, by language, of the orders that collect today."""
    today = day_of(register.clock())
    async with register.engine.reading() as tx:
        orders = await list_orders(tx, register.log)
    return {
        known.id: {
            "km": known.order.title.km,
            "en": known.order.title.en,
            "zh": known.order.title.zh,
        }
        for known in orders
        if known.order.ends_on == "open" or known.order.ends_on >= today
    }


async def take_first_steps(register: Register, steps: FirstSteps) -> Steps:
    """Record who answers for the register, keep one order, invite the first head of post.

    The register collects from then on; a pledge can be signed once its approval is recorded.
    """
    items = [
        *await _end_other_orders(register, steps.order_id),
        *await _approve_text(register, steps),
    ]
    await submit(register, items)
    now_ms = register.clock()
    operator = Operator(
        operator=steps.operator,
        contact=steps.contact,
        legal_basis=steps.legal_basis,
        recorded_at=write_instant(now_ms),
    )
    answer = partial(record, log=register.log, value=operator, now_ms=now_ms)
    await register.engine.write(answer)
    invited = await make_invitation(register, "officer", (steps.place,))
    register.committer.gate.open()
    return Steps(invited.code, steps.place, invited.expires_at, steps.approved_by is not None)


async def _end_other_orders(register: Register, kept: UUID) -> list[Item]:
    """Return documents that end every other order that is open, as of today."""
    ended = [order_id for order_id in await list_open_orders(register) if order_id != kept]
    return await _correct(register, "order", ended, {"ends_on": day_of(register.clock())})


async def _approve_text(register: Register, steps: FirstSteps) -> list[Item]:
    """Return a document that makes the order's pledge text binding, when somebody approved it."""
    if steps.approved_by is None or steps.approved_on is None:
        return []
    async with register.engine.reading() as tx:
        orders = await list_orders(tx, register.log)
    wanted = next(known.order.pledge_text_id for known in orders if known.id == steps.order_id)
    return await approve(register, str(wanted), Approval(steps.approved_by, steps.approved_on))


async def approve(register: Register, text_id: str, approval: Approval) -> list[Item]:
    """Return the document that makes the newest version of a pledge text binding, or nothing."""
    async with register.engine.reading() as tx:
        texts = await list_texts(tx, register.log)
    newest = [known.id for known in texts if known.text.text_id == text_id][-1:]
    return await _correct(register, "pledge_text", newest, msgspec.to_builtins(approval))


async def _correct(
    register: Register, kind: str, entities: list[UUID], patch: dict[str, str | None]
) -> list[Item]:
    async with register.engine.reading() as tx:
        found = await load_entities(tx, register.log, entities)
    return [
        register.composer.compose(
            kind, patch, revises=(entity.entity, entity.revision), after=[entity.revision]
        )
        for entity in found.values()
    ]
