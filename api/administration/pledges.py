"""Pledge texts as the operator answers for them: listed, and approved for signing."""

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from api.facts.dates import is_full_date
from api.pledges.store import list_texts
from api.problems import NotFound, Unprocessable
from api.register import Register
from api.setup.records import Approval
from api.setup.steps import approve
from api.submitting import submit
from sync.messages import FieldError


class TextState(Struct, frozen=True):
    """A version of a pledge text; without an approval nobody can sign it."""

    text_id: str
    version: str
    approved_by: str | None
    approved_on: str | None


class PledgeTextsController(Controller):
    """Pledge texts."""

    path = "/pledge-texts"

    @get()
    async def show(self, register: NamedDependency[Register]) -> list[TextState]:
        """Return every version of every text, the newest last."""
        return await _list_states(register)

    @post("/{text_id:str}/approval")
    async def approve(
        self,
        register: NamedDependency[Register],
        text_id: FromPath[str],
        data: JSONBody[Approval],
    ) -> list[TextState]:
        """Make the newest version of a text binding from now on."""
        if not is_full_date(data.approved_on):
            raise Unprocessable("schema", errors=(FieldError("/approved_on", "field.date"),))
        items = await approve(register, text_id, data)
        if not items:
            raise NotFound
        await submit(register, items)
        return await _list_states(register)


async def _list_states(register: Register) -> list[TextState]:
    async with register.engine.reading() as tx:
        texts = [known.text for known in await list_texts(tx, register.log)]
    return [
        TextState(text.text_id, text.version, text.approved_by, text.approved_on) for text in texts
    ]
