"""Histories: what people and faults may do, in any order (protocol.md, "Proof")."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from sync.states import Row
from tests.makers import SANGKAT_4, make_premises, make_stay
from tests.simulation.device import Device
from tests.simulation.network import PUSH
from tests.simulation.photographers import Photographers
from tests.simulation.stage import HOUR_MS, PULL, SENDING, during, picks
from tests.simulation.world import AUTHORS, OWNERS


class History(Photographers):
    """One history: documents are signed, sent, judged and lost, and everything comes right."""

    @rule(who=picks, fate=picks, path=st.sampled_from(SENDING), is_asked=st.booleans())
    def send(self, who: int, fate: int, path: str, is_asked: bool) -> None:
        """Send what is due, or all when somebody asks for it; one message may meet a fate."""
        name = self.who(who)
        device = self.device(name)
        if name in AUTHORS and not any(row.state == "queued" for row in device.rows):
            self.do(self.world.declare(name, 0, 1))
        if is_asked:
            self.do(device.wake())
        self.send_from(name, fate, path)

    @rule(who=picks, fate=picks, page=st.booleans())
    def ask(self, who: int, fate: int, page: bool) -> None:
        """Ask for news, one page or all; the answer may meet a fate."""
        device = self.device(self.who(who))
        self.meet(fate, PULL)
        self.do(device.ask_one_page() if page else device.exchange.pull())
        self.world.network.fates.clear()

    @rule(who=picks)
    def have_signal(self, who: int) -> None:
        """A good connection for a while."""
        self.connect(self.who(who))

    @during("disorder")
    @rule(who=picks, pick=picks, is_lost=st.booleans(), chance=st.randoms(use_true_random=False))
    def scatter(self, who: int, pick: int, is_lost: bool, chance: Any) -> None:
        """Some of what waits goes out in any order; the answer may be lost."""
        device = self.device(self.who(who))
        rows = [row for row in device.rows if row.state == "queued" and row.kind != "account"]
        chance.shuffle(rows)
        if is_lost:
            self.world.network.fates = {PUSH: "lose-answer"}
        self._scatter(device, rows[: 1 + pick % 4])
        self.world.network.fates.clear()

    def _scatter(self, device: Device, rows: list[Row]) -> None:
        registered = [row for row in device.rows if row.kind == "account"]
        if rows and not any(row.state == "queued" for row in registered):
            self.do(device.scatter(rows))

    @precondition(lambda history: history.world.network.late)
    @rule(pick=picks)
    def deliver_late(self, pick: int) -> None:
        self.do(self.world.network.deliver_late(pick))

    @during("narrow")
    @rule(items_max=st.sampled_from([None, 1, 2]))
    def narrow(self, items_max: int | None) -> None:
        """Something on the way lets only small requests through."""
        self.world.network.items_max = items_max

    @during("relay")
    @rule(who=picks, pick=picks, is_bare=st.booleans(), is_sent=st.booleans())
    def relay(self, who: int, pick: int, is_bare: bool, is_sent: bool) -> None:
        """A phone hands some of its documents to the post, which may come before or after it."""
        name = self.who(who, OWNERS)
        device = self.device(name)
        if is_bare:
            self.do(device.exchange.send())
            self.do(self.world.declare(name, 0, 1))
        rows = [row for row in device.rows if row.kind != "account"]
        first = -1 - pick % 3 if is_bare else pick % max(len(rows), 1)
        chosen = [row.id for row in rows[first:][:2]]
        self.do(self.world.relay(name, rows[first:][:2], is_bare=is_bare))
        if is_sent:
            self.do(self.device("node").exchange.send())
        if is_bare and "disorder" in self.swarm:
            # Its own copy, with the values, comes while the bare one may wait.
            waiting = [row for row in device.rows if row.id in chosen and row.state == "queued"]
            self._scatter(device, waiting)

    @during("kill")
    @rule(who=picks, statements=st.integers(0, 12), pull=st.booleans())
    def kill(self, who: int, statements: int, pull: bool) -> None:
        """A program is killed while it writes down what it heard, and starts again."""
        device = self.device(self.who(who))
        work = device.exchange.pull() if pull else device.exchange.send()
        self.do(device.die(statements, work))

    @during("poison")
    @rule(who=picks, pick=picks, is_newer=st.booleans(), rests=st.booleans())
    def poison(self, who: int, pick: int, is_newer: bool, rests: bool) -> None:
        self.do(self._poison(self.who(who, AUTHORS), pick, is_newer=is_newer, rests=rests))

    async def _poison(self, name: str, pick: int, *, is_newer: bool, rests: bool) -> None:
        """A program with a defect, or of next year; something good may rest on it."""
        if is_newer:
            id = await self.world.sign(name, "beacon", {}, place=SANGKAT_4, quality="newer")
        else:
            body = make_premises(kind=f"castle {pick}")
            id = await self.world.sign(name, "premises", body, place=SANGKAT_4, quality="poison")
        if rests:
            rows = (await self.world.device(name)).rows
            refused = [row.id for row in rows if (row.kind, row.state) == ("premises", "rejected")]
            home = refused[pick % len(refused)] if refused else id
            await self.world.sign(name, "stay", make_stay(home), place=SANGKAT_4, after=[home])

    @during("skew")
    @rule(who=picks, hours=st.integers(-20_000, 20_000))
    def skew(self, who: int, hours: int) -> None:
        """A phone's clock is set, by years perhaps."""
        self.device(self.who(who)).skew_ms = hours * HOUR_MS

    @during("skew")
    @rule(minutes=st.sampled_from([-600, -10, 10, 600]))
    def jump(self, minutes: int) -> None:
        """The register's own clock jumps."""
        self.world.clock.ms += minutes * 60_000
