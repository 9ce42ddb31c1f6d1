"""What the log of a history must look like and fold to, written a second time."""

import base64
import hashlib
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct

decode: Final = msgspec.json.decode
STRICTNESS: Final = {"accept": 0, "return": 1, "refer": 2}
GRACE_MS: Final = 30 * 86_400_000
EFFECTS: Final = {"accept": "accepted", "return": "returned", "refer": "referred"}


class Entry(Struct, frozen=True):
    """One row of the log with its payload."""

    pos: int
    id: UUID
    hash: bytes
    received_ms: int
    chain: bytes
    receipt: str
    text: bytes
    signature: str
    payload: dict[str, Any]


class Told(Struct):
    """What an entity's documents say, in the order of the log."""

    kind: str
    revision: str
    branches: list[str]
    verdicts: list[tuple[str, str, str]]
    writers: set[str]
    photo: str | None = None
    is_departed: bool = False
    is_withdrawn: bool = False

    @property
    def effect(self) -> str:
        if self.is_withdrawn:
            return "withdrawn"
        if self.is_departed:
            return "departed"
        if self.branches:
            return "conflict"
        standing = [verdict for _, revision, verdict in self.verdicts if revision == self.revision]
        if not standing:
            return "pending"
        return EFFECTS[max(standing, key=STRICTNESS.__getitem__)]


async def read_log(register: Any) -> list[Entry]:
    """Return the whole log as it is on the disk."""
    async with register.engine.reading() as tx:
        rows = await tx.all(
            "SELECT e.pos, e.id, e.hash, e.received_ms, e.chain, e.receipt, p.bytes,"
            " p.signature"
            " FROM entries e JOIN payloads p ON p.log = e.log AND p.id = e.id ORDER BY e.pos"
        )
    return [
        Entry(pos, UUID(bytes=id), digest, ms, chain, receipt, text, signature, decode(text))
        for pos, id, digest, ms, chain, receipt, text, signature in rows
        if hashlib.sha256(text).digest() == digest
    ]


def check_log(log: list[Entry], name: str) -> None:
    """Check that the log is dense, chained, in causal order, and believes no ended key."""
    link = hashlib.sha256(b"sangkat log v1\n" + name.encode()).digest()
    seen: set[str] = set()
    keys = Keys()
    last_ms = 0
    for pos, entry in enumerate(log, 1):
        assert entry.pos == pos, "the log is not dense"
        parts = (pos.to_bytes(8), entry.id.bytes, entry.hash, entry.received_ms.to_bytes(8))
        link = hashlib.sha256(link + b"".join(parts)).digest()
        assert entry.chain == link, f"the chain breaks at {pos}"
        assert entry.received_ms >= last_ms, f"time goes back at {pos}"
        last_ms = entry.received_ms
        assert str(entry.id) not in seen, f"{entry.id} is logged twice"
        lacking = rests_on(entry.payload) - seen
        assert not lacking, f"{entry.id} was logged before {lacking}"
        seen.add(str(entry.id))
        keys.check(entry)
        keys.note(entry)


class Keys:
    """Which keys ended, and what officers said since of what they signed."""

    def __init__(self) -> None:
        self.ended: dict[str, tuple[str, int]] = {}
        self.verdicts: dict[tuple[str, str], tuple[str, int]] = {}

    def check(self, entry: Entry) -> None:
        """Check that a document was believed, though its key had ended, only for a reason."""
        payload = entry.payload
        reason, ended_ms = self.ended.get(payload["by"], ("", 0))
        if not reason or payload["kind"] == "account":
            return
        is_in_time = entry.received_ms - ended_ms < GRACE_MS
        if not (reason in ("left", "replaced") and is_in_time):
            assert self.find_verdict(entry.id, entry.hash, ended_ms) == "adopt", (
                f"a key that was {reason} is believed"
            )

    def find_verdict(self, id: UUID, digest: bytes, ended_ms: int) -> str | None:
        """Return the first verdict on these bytes; nobody judges before the key ends."""
        verdict, at_ms = self.verdicts.get((str(id), write_digest(digest)), (None, 0))
        return verdict if at_ms >= ended_ms else None

    def note(self, entry: Entry) -> None:
        """Learn from an entry that is in the log."""
        body = entry.payload["body"]
        if entry.payload["kind"] == "revocation" and "kid" in body:
            self.ended.setdefault(body["kid"], (body["reason"], entry.received_ms))
        if entry.payload["kind"] == "adoption":
            judged = body["document_id"], body["document_hash"]
            self.verdicts.setdefault(judged, (body["verdict"], entry.received_ms))


def write_digest(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def rests_on(payload: dict[str, Any]) -> set[str]:
    """Return everything that has to be in the log before a document."""
    base = {payload["base"]} if payload["base"] else set[str]()
    home = payload["body"].get("premises_id")
    return {*payload["after"], *base, *({home} if home else ())}


def fold(log: list[Entry]) -> dict[str, Told]:
    """Return what premises and stays fold to, by id."""
    told: dict[str, Told] = {}
    for entry in log:
        payload = entry.payload
        kind, body, subject = payload["kind"], payload["body"], told.get(payload["entity"])
        if kind in ("premises", "stay") and payload["base"] is None:
            told[payload["entity"]] = Told(
                kind, payload["id"], [], [], {payload["by"]}, body.get("photo")
            )
            continue
        if subject is None:
            continue
        subject.writers.add(payload["by"])
        if kind in ("premises", "stay"):
            correct(subject, payload)
        elif kind == "review":
            resolved = payload.get("resolves", [])
            kept = [verdict for verdict in subject.verdicts if verdict[0] not in resolved]
            subject.verdicts = [*kept, (payload["id"], payload["base"], body["verdict"])]
        else:
            subject.is_departed |= kind == "departure"
            subject.is_withdrawn |= kind == "withdrawal"
    return told


def correct(subject: Told, payload: dict[str, Any]) -> None:
    """A correction of the current revision becomes current, any other a branch."""
    if payload["base"] != subject.revision:
        subject.branches.append(payload["id"])
        return
    subject.revision = payload["id"]
    subject.photo = payload["body"].get("photo", subject.photo)
    resolved = payload.get("resolves", [])
    subject.branches = [branch for branch in subject.branches if branch not in resolved]
