"""What the register's people do in a history: restore, revoke, judge, erase."""

from uuid import UUID

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import rule

from sync.client import RequestFailed
from tests.makers import SANGKAT_4
from tests.simulation import oracle
from tests.simulation.album import COMINGS
from tests.simulation.people import People
from tests.simulation.stage import during, picks
from tests.simulation.values import list_values
from tests.simulation.world import World

REASONS = ("left", "replaced", "lost", "stolen")
VERDICTS = ("adopt", "discard")


class Office(People):
    """Rules of operator and officer."""

    @during("restore")
    @rule()
    def copy(self) -> None:
        self.do(self.world.server.copy())

    @during("restore")
    @rule(pick=st.integers(0, 5), who=picks)
    def restore(self, pick: int, who: int) -> None:
        """The register comes back as it once was; somebody, or the post, hears of it first."""
        first = self.who(who)
        is_gone = "revoke" in self.swarm and "b" not in self.world.revoked and pick % 2 == 0
        if "relay" in self.swarm:
            first = "node"
            if who % 2:
                pick = -1
                self.do(self._send_after_others())
            self.do(self.world.relay("a1", self.device("a1").rows[-3:]))
            self.connect(first)
        if is_gone:
            self._show("b")
        self.do(self.world.restore(pick, COMINGS[who % len(COMINGS)]))
        if is_gone:
            self.do(self.world.revoke("b", "stolen"))
        self.connect(first)

    async def _send_after_others(self) -> None:
        """After a copy was taken a phone sends, after others who will not be the first again."""
        phone, program = [await self.world.device(name) for name in ("a1", "program")]
        await phone.exchange.run_once()
        await self.world.server.copy()
        await self.world.declare("program", 0, 0)
        await program.exchange.send()
        await self.world.declare("a1", 0, 1)
        await phone.exchange.send()

    def _show(self, name: str) -> None:
        """Let the officer see what somebody enters who will never send it again."""
        self.connect(name)
        self.do(self.world.declare(name, 0, 0))
        self.connect(name)
        self.connect("officer")

    @during("revoke")
    @rule(
        name=st.sampled_from(["a2", "b"]),
        reason=st.sampled_from(REASONS),
        is_met=st.sampled_from([True, True, False]),
        then=st.sampled_from(["", "send", "adopt", "discard"]),
    )
    def revoke(self, name: str, reason: str, is_met: bool, then: str) -> None:
        """A phone's key ends, registered or not; what it signed last is with the post."""
        device = self.device(name)
        if is_met:
            self.do(device.exchange.run_once())
        if name not in self.world.revoked:
            self.do(self.world.declare(name, 0, 1))
            self.do(self.world.relay(name, device.rows[-2:]))
            self.do(self.world.revoke(name, reason))
        if then:
            self.connect("node")
        if then in VERDICTS:
            self.do(self._judge(0, then))

    @during("revoke")
    @rule(pick=picks, verdict=st.sampled_from(VERDICTS))
    def judge(self, pick: int, verdict: str) -> None:
        """The officer says of a document in quarantine whether it is believed."""
        self.do(self._judge(pick, verdict))

    async def _judge(self, pick: int, verdict: str) -> None:
        async with self.world.server.register.engine.reading() as tx:
            rows = await tx.all(
                "SELECT id, hash FROM backlog WHERE reason = 'quarantine' ORDER BY id"
            )
        waiting = [(UUID(bytes=id), oracle.write_digest(digest)) for id, digest in rows]
        here = [one for one in waiting if self.world.signed[one[0]].place == SANGKAT_4]
        if not here:
            return
        id, digest = here[pick % len(here)]
        self.world.judged.add(id)
        reason = "author_confirms" if verdict == "adopt" else "author_denies"
        body = {"document_id": id, "document_hash": digest, "verdict": verdict, "reason": reason}
        await self.world.sign("officer", "adoption", body, place=SANGKAT_4)
        await (await self.world.device("officer")).exchange.run_once()

    @during("revoke")
    @rule()
    def pass_a_month(self) -> None:
        """Thirty-one days go by, once: a second month would let go what a restore needs."""
        if not self.is_month_over:
            self.is_month_over = True
            self.do(self.world.pass_a_month())

    @during("erase")
    @rule(pick=picks, is_repeated=st.booleans())
    def erase(self, pick: int, is_repeated: bool) -> None:
        """A personal value is erased; its author, who had no answer, sends the document again."""
        self.do(self._erase(pick, is_repeated=is_repeated))

    async def _erase(self, pick: int, *, is_repeated: bool) -> None:
        async with self.world.server.register.engine.reading() as tx:
            there = [(id, name) for id, name, _ in await list_values(tx)]
        known = [one for one in sorted(there) if is_stay(self.world, one[0])]
        if not known:
            return
        id, name = known[pick % len(known)]
        await self.world.erase(id, name)
        signed = self.world.signed[id]
        author = await self.world.device(signed.by)
        if is_repeated and author.client.is_signed_in:
            try:
                await author.client.push([msgspec.json.encode(signed.item)])
            except RequestFailed:
                return


def is_stay(world: World, id: UUID) -> bool:
    """Say whether a document of this history is about a stay: the register has its own too."""
    return id in world.signed and world.signed[id].kind == "stay"
