"""What people do in a history: enter, correct, end and judge, seeing what they have seen."""

from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.makers import SANGKAT_4
from tests.simulation.network import PUSH
from tests.simulation.stage import Stage, picks
from tests.simulation.world import AUTHORS, OWNERS


class People(Stage):
    """Rules of people."""

    @rule(
        who=picks,
        commune=st.sampled_from([0, 0, 0, 1]),
        stays=st.integers(0, 2),
        is_sent=st.booleans(),
    )
    def declare(self, who: int, commune: int, stays: int, is_sent: bool) -> None:
        """Somebody enters premises and people; with signal they leave at once."""
        name = self.who(who, AUTHORS)
        self.do(self.world.declare(name, commune, stays))
        if is_sent:
            self.do(self.device(name).exchange.send())
            self.do(self.device(name).ask_one_page())

    @rule(who=picks, other=picks, pick=picks, is_offline=st.booleans(), fate=picks)
    def correct(self, who: int, other: int, pick: int, is_offline: bool, fate: int) -> None:
        """Somebody corrects an entry, and perhaps another the same one before he hears of it."""
        name = self.who(who, AUTHORS)
        self.do(self._correct(name, pick, is_offline=is_offline))
        if other % 3 == 0:
            self.do(self._correct(self.who(other, AUTHORS), pick, is_offline=is_offline))
        if other % 2 == 0:
            self.send_from(name, fate, PUSH)

    async def _correct(self, name: str, pick: int, *, is_offline: bool) -> None:
        seen = await self._choose(name, pick, is_offline=is_offline)
        if seen is None:
            return
        entity, base, branches = seen
        kind, place = self.world.signed[entity].kind, self.world.signed[entity].place
        grant = await self._grant_for(name, entity)
        change = {"unit": str(pick)} if kind == "stay" else {"village": f"Phum {pick}"}
        given = {"entity": entity, "base": base, "after": [base, *grant], "resolves": branches}
        await self.world.sign(name, kind, change, place=place, **given)

    @rule(who=picks, pick=picks, is_final=st.booleans(), is_corrected=st.booleans())
    def end(self, who: int, pick: int, is_final: bool, is_corrected: bool) -> None:
        """Somebody ends an entry, and perhaps corrects it afterwards."""
        name = self.who(who, AUTHORS)
        self.do(self._end(name, pick, is_final=is_final))
        if is_corrected:
            self.do(self._correct(name, pick, is_offline=False))

    async def _end(self, name: str, pick: int, *, is_final: bool) -> None:
        """A departure, or the author takes an entry back."""
        seen = await self._choose(name, pick, is_offline=False)
        if seen is None:
            return
        entity, base, _ = seen
        signed = self.world.signed[entity]
        given = {"entity": entity, "base": base, "place": signed.place}
        if is_final and signed.by == name:
            await self.world.sign(
                name, "withdrawal", {"reason": "entered_by_mistake"}, after=[base], **given
            )
        if not is_final and signed.kind == "stay":
            after = [base, *await self._grant_for(name, entity)]
            body = {"reason": "unknown", "left_on": "unknown"}
            await self.world.sign(name, "departure", body, after=after, **given)

    @rule(
        pick=picks,
        who=picks,
        verdict=st.sampled_from(["accept", "return", "refer"]),
        again=st.booleans(),
        is_late=st.booleans(),
    )
    def review(self, pick: int, who: int, verdict: str, again: bool, is_late: bool) -> None:
        """The officer judges what he saw; an author may have corrected it since."""
        officer = self.device("officer")
        if pick % 2:
            self.do(officer.exchange.run_once())
        if is_late:
            name = self.who(who, AUTHORS)
            self.do(self._correct(name, pick, is_offline=False))
            self.do(self.device(name).exchange.send())
        self.do(self._review(pick, verdict, again=again))

    async def _review(self, pick: int, verdict: str, *, again: bool) -> None:
        officer = await self.world.device("officer")
        views = await officer.read_views()
        judged = [view for view in views.values() if view["kind"] in ("premises", "stay")]
        if not judged:
            return
        view = judged[pick % len(judged)]
        earlier = view.get("review") if again else None
        body = {"verdict": verdict, "reasons": [] if verdict == "accept" else ["wrong_unit"]}
        revision = UUID(view["revision"])
        given = {"entity": UUID(view["id"]), "base": revision, "after": [revision]}
        resolves = [earlier["id"]] if earlier else []
        await self.world.sign(
            "officer", "review", body, place=SANGKAT_4, resolves=resolves, **given
        )

    async def _choose(
        self, name: str, pick: int, *, is_offline: bool
    ) -> tuple[UUID, UUID, list[str]] | None:
        """Choose an entity that somebody may change, with the revision that he saw."""
        device = await self.world.device(name)
        views = await device.read_views()
        own = [row.id for row in device.rows if row.kind in ("premises", "stay")]
        entities = {self.world.signed[id].entity for id in own}
        if name in OWNERS:
            entities |= {id for id, view in views.items() if view["kind"] in ("premises", "stay")}
        if not entities:
            return None
        entity = sorted(entities)[pick % len(entities)]
        local = [id for id in own if self.world.signed[id].entity == entity]
        if entity in views and not (is_offline and local):
            view = views[entity]
            branches = [branch["id"] for branch in view.get("branches", [])] if pick % 2 else []
            return entity, UUID(view["revision"]), branches
        return (entity, local[-1], []) if local else None

    async def _grant_for(self, name: str, entity: UUID) -> list[UUID]:
        signed = self.world.signed[entity]
        home = next(iter(signed.rests_on), entity) if signed.kind == "stay" else entity
        grant = self.world.grants.get(home)
        return [grant] if name == "a2" and grant is not None else []
