"""Who sends in a history what he must not: taken ids, others' documents, false signatures."""

from uuid import UUID

import msgspec
from hypothesis.stateful import rule
from msgspec.structs import replace

from sync.client import RequestFailed
from sync.document import compose
from sync.messages import Item
from tests.makers import LOG, SANGKAT_4, make_premises
from tests.simulation.abroad import Abroad
from tests.simulation.stage import during, picks
from tests.simulation.world import Signed


class Intruders(Abroad):
    """Rules of those whom the register believes nothing; nothing may come of any of it."""

    @during("reuse")
    @rule(pick=picks)
    def reuse(self, pick: int) -> None:
        """Somebody sends other bytes under an id that is taken."""
        thief = self.device("b")
        taken = sorted(self.world.promised)
        if taken:
            id = UUID(taken[pick % len(taken)])
            given = {"kind": "premises", "log": LOG, "place": SANGKAT_4, "id": id, "entity": id}
            item = compose(thief.outbox.key, {**given, "body": make_premises(village="evil")})
            self.do(self._intrude("b", item, "id-reuse"))

    @during("reuse")
    @rule(pick=picks)
    def pass_off(self, pick: int) -> None:
        """Somebody who may not relay sends what another signed, in the log or not."""
        others = self.list_signed("a1")
        if others:
            self.do(self._intrude("b", others[pick % len(others)].item, "not-allowed"))

    @during("reuse")
    @rule(pick=picks)
    def forge(self, pick: int) -> None:
        """The post sends what somebody signed, with the signature of something else."""
        others = self.list_signed("a1")
        if len(others) > 1:
            item, other = others[pick % len(others)].item, others[pick % len(others) - 1].item
            self.do(
                self._intrude("node", replace(item, signature=other.signature), "bad-signature")
            )

    @during("reuse")
    @rule(pick=picks)
    def meddle(self, pick: int) -> None:
        """Somebody corrects what belongs to another."""
        thief = self.device("b")
        homes = [one for one in self.list_signed("a1") if one.kind == "premises"]
        logged = [one for one in homes if str(one.entity) in self.world.promised]
        if logged:
            home = logged[pick % len(logged)].entity
            given = {"kind": "premises", "log": LOG, "place": SANGKAT_4, "entity": home}
            seen = {"base": home, "after": [home], "body": {"village": "evil"}}
            self.do(self._intrude("b", compose(thief.outbox.key, {**given, **seen}), "not-allowed"))

    def list_signed(self, name: str) -> list[Signed]:
        """Return the good documents of somebody who is registered."""
        signed = self.world.signed.values()
        return [
            one
            for one in signed
            if (one.by, one.quality) == (name, "good") and one.kind != "account"
        ]

    async def _intrude(self, name: str, item: Item, code: str) -> None:
        intruder = await self.world.device(name)
        if not intruder.client.is_signed_in:
            await intruder.exchange.run_once()
        heard = dict(self.world.promised)
        try:
            [result] = await intruder.client.push([msgspec.json.encode(item)])
        except RequestFailed:
            return
        assert result.custody == "rejected", result.custody
        assert result.problem is not None
        # Whose key is not registered, or has ended, is told no more than that.
        codes = (code, "device-unknown", "device-revoked")
        assert result.problem.code in codes, result.problem.code
        assert self.world.promised == heard
