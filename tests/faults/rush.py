"""The last 48 hours before the deadline of 2022, in as many seconds as somebody has; TEST DATA.

Invented people of the size of the province; how many declare in each minute grows towards the end.
"""

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from api.app import open_register
from api.demonstration.order import describe
from api.ledger.committer import now_ms
from api.settings import Settings
from api.setup.records import Demo
from api.setup.store import record
from api.submitting import submit
from api.synthetic.population import build
from api.synthetic.records import SyntheticStay
from sync.document import uuid7
from sync.keys import PublicJwk
from tests import makers
from tests.benchmarks.load import read_cpu_seconds
from tests.faults.confining import confined, read_peak_bytes
from tests.faults.crowd import PUSH, Home, Person, Share, Told, run_crowd
from tests.faults.history import History
from tests.faults.process import ServerProcess
from tests.forking import Program
from tests.makers import LOG

OWNERS = 1_480
STAYS = 25_006
MEMORY_BYTES = 512 * 1024 * 1024
PROCESSES = 3
_DAY = date(2022, 9, 20)
# Somebody who has more to declare comes more often.
_STAYS_A_SITTING = 8
_LEAD_SECONDS = 5
_END_SECONDS = 600


class Rushed(Struct, frozen=True):
    """What came of a rush."""

    history: History
    pushes: int
    requests: int
    p50_ms: float
    p99_ms: float
    seconds: float
    peak_bytes: int
    cpu_ms: float
    is_confined: bool
    unfinished: int
    refused: int


async def prepare(data: Path) -> UUID:
    """Make a register of invented people, in which a draft may be signed; return its order."""
    order_id = uuid7(now_ms())
    async with open_register(Settings(data_dir=data)) as register:
        async with register.engine.writing() as tx:
            await record(tx, LOG, Demo(size="province", seed=1, today="", offset_ms=0), now_ms())
        body = describe(LOG, _DAY)
        await submit(register, [register.composer.compose("order", body, document_id=order_id)])
    return order_id


def list_homes(owners: int, stays: int, seconds: float) -> list[Home]:
    """Return so many owners, each with premises, and the people they declare."""
    population, chance = build("province", 1, _DAY), random.Random(1)
    people = list(_list_alone(population.stays))
    chance.shuffle(people)
    by_home: dict[UUID, list[Person]] = {}
    for stay in people[:stays]:
        by_home.setdefault(stay.body.premises_id, []).append(_describe(stay))
    # Those with people first, so that a small rush has some too.
    homes = sorted(population.premises, key=lambda home: -len(by_home.get(home.id, ())))[:owners]
    return [
        Home(
            home.place,
            msgspec.to_builtins(home.body),
            msgspec.to_builtins(home.contact),
            tuple(_share_out(by_home.get(home.id, []), seconds, chance)),
        )
        for home in homes
    ]


def _list_alone(stays: Sequence[SyntheticStay]) -> Iterator[SyntheticStay]:
    """Yield whom the checker can count by document: it is theirs, and theirs alone."""
    of = [stay.document and (stay.document.issuer, stay.document.number) for stay in stays]
    uses = Counter(of)
    yield from (one for one, key in zip(stays, of, strict=True) if key and uses[key] == 1)


def _describe(stay: SyntheticStay) -> Person:
    told: dict[str, Any] = msgspec.to_builtins(stay)
    disclosed = {name: told[name] for name in ("identity", "document", "contact", "remarks")}
    body = {name: value for name, value in told["body"].items() if name != "previous_premises_id"}
    return Person(body, {name: value for name, value in disclosed.items() if value})


def _share_out(
    people: Sequence[Person], seconds: float, chance: random.Random
) -> Iterator[tuple[float, tuple[Person, ...]]]:
    """Yield sittings; the later, the more there are."""
    count = 1 + len(people) // _STAYS_A_SITTING
    at = sorted(seconds * chance.random() ** 0.7 for _ in range(count))
    for number, begins in enumerate(at):
        yield begins, tuple(people[number::count])


async def rush(folder: Path, *, seconds: float, owners: int = OWNERS, stays: int = STAYS) -> Rushed:
    """Let everybody declare through real clients against a register of little memory."""
    order_id = await prepare(folder / "register")
    pledge = makers.make_pledge(UUID(int=0), order_id)
    homes = await asyncio.to_thread(list_homes, owners, stays, seconds)
    async with ServerProcess(folder / "register") as server:
        with confined(server.running.pid, MEMORY_BYTES) as is_confined:
            begins_at = time.time() + _LEAD_SECONDS
            shares = [
                Share(server.url, begins_at, pledge, tuple(homes[n::PROCESSES]))
                for n in range(PROCESSES)
            ]
            cpu = read_cpu_seconds(server.running.pid)
            told = await asyncio.to_thread(_run_all, shares, seconds + _END_SECONDS)
            cpu = read_cpu_seconds(server.running.pid) - cpu
            took = time.time() - begins_at
            peak = read_peak_bytes(server.running.pid)
            exit_code, _ = await server.stop()
    assert exit_code == 0, "the register ended before it was told to"
    return _join(told, cpu=cpu, seconds=took, peak_bytes=peak, is_confined=is_confined)


def _run_all(shares: Sequence[Share], seconds_max: float) -> list[Told]:
    """Run a process a share to its end; phones have storage of their own, not the register's."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        homes = [Path(folder) / str(number) for number in range(len(shares))]
        for home, share in zip(homes, shares, strict=True):
            home.mkdir()
            (home / "share.json").write_bytes(msgspec.json.encode(share))
        programs = [Program(run_crowd, str(home), environ={}) for home in homes]
        _wait_for(programs, seconds_max)
        return [msgspec.json.decode((home / "told.json").read_bytes(), type=Told) for home in homes]


def _wait_for(programs: Sequence[Program], seconds_max: float) -> None:
    ends = time.monotonic() + seconds_max
    while any(program.poll() is None for program in programs) and time.monotonic() < ends:
        time.sleep(0.2)
    for program in programs:
        if program.poll() is None:
            # It leaves what it saw: who did not finish is counted.
            program.send_signal(signal.SIGTERM)
        program.wait()


def _join(told: Sequence[Told], *, cpu: float, **measured: Any) -> Rushed:
    history, answers, waits = History(), Counter[str](), list[float]()
    for one in told:
        history.saved |= one.saved
        history.promised |= {id: {*receipts} for id, receipts in one.promised.items()}
        history.keys |= {kid: msgspec.convert(key, PublicJwk) for kid, key in one.keys.items()}
        answers.update(one.answers)
        waits += one.push_seconds
    parts = quantiles(waits, n=100)
    return Rushed(
        history=history,
        pushes=answers[f"200 {PUSH}"],
        requests=answers.total(),
        p50_ms=1000 * parts[49],
        p99_ms=1000 * parts[98],
        cpu_ms=1000 * cpu / answers.total(),
        unfinished=sum(one.unfinished for one in told),
        refused=sum(n for name, n in answers.items() if name.startswith(("429", "503", "507"))),
        **measured,
    )
