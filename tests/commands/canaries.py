"""A day at a register of people whose every value can be told from all others. TEST DATA."""

import json
from typing import Any, Final
from uuid import UUID

import httpx

import api.stays.rules
from api.__main__ import main
from api.ledger.committer import now_ms
from sync.document import uuid7
from tests import makers
from tests.commands.served import Served
from tests.makers import SANGKAT_4
from tests.world import Device

NUMBER: Final = "XK7319904"
NAME: Final = "ZYQUOVARO"
PHONE: Final = "+85598877331"
WORD: Final = "quentzybath"
#: What somebody might have typed anywhere, as it stands and as it may be quoted.
CANARIES: Final = (NUMBER, NAME, NAME.title(), NAME.lower(), PHONE[1:], WORD)
_DISCLOSED: Final = {
    "identity": {"primary": NAME, "secondary": f"{NAME} JR", "born_on": "1987-03"},
    "document": makers.make_document(NUMBER),
}


def serve_with_a_defect(arguments: list[str]) -> int:
    """Serve a register whose search fails, with what was asked for in the failure."""

    def rank(text: str, _: object) -> Any:
        raise ValueError(f"{text} {PHONE}") from LookupError(NUMBER)

    api.stays.rules.rank = rank
    return main(arguments)


async def spend_a_day(served: Served) -> int:
    """Do everything that people and programs do, well and badly; return how many requests failed.

    Ends with an answer of 500: the defect is among them.
    """
    async with httpx.AsyncClient(base_url=served.url, timeout=30) as http:
        owner, officer = Device(http, now_ms), Device(http, now_ms)
        await owner.register(name=NAME, phone=PHONE)
        given = json.loads((served.data / "demo-access.json").read_bytes())
        (commune,) = [one for one in given["communes"] if one["place_id"] == SANGKAT_4]
        await officer.register(commune["officer_invitation"], name=f"TEST {NAME}", phone=PHONE)
        premises_id = await owner.send_premises(names={"latin": NAME})
        stay_id = await owner.send("stay", makers.make_stay(premises_id), disclosed=_DISCLOSED)
        await _judge(officer, premises_id, stay_id)
        answers = [
            *await _write_plainly(http, given, commune["premises"][0]),
            *await _send_nonsense(http, owner),
            await officer.get("/v1/stays", q=NAME, purpose="visit"),
        ]
    assert answers[-1].status_code == httpx.codes.INTERNAL_SERVER_ERROR
    return len([answer for answer in answers if answer.is_error])


async def _judge(officer: Device, premises_id: UUID, stay_id: UUID) -> None:
    """Read, look for, reveal, print and return what was declared."""
    assert NAME in (await officer.get(f"/v1/stays/{stay_id}")).text
    assert NUMBER in (await officer.post(f"/v1/stays/{stay_id}/reveal", {"reason": WORD})).text
    assert NAME in (await officer.get("/v1/premises", q=NAME)).text
    form = await officer.get(f"/v1/premises/{premises_id}/form.pdf", purpose="visit")
    assert form.content.startswith(b"%PDF")
    remarks = {"remarks": {"text": f"{WORD} {NAME}"}}
    await officer.review(stay_id, "return", "name_unreadable", disclosed=remarks)


async def _write_plainly(
    http: httpx.AsyncClient, given: Any, premises_id: str
) -> list[httpx.Response]:
    """Enter people as a program does: one well, one badly, one without what it needs."""
    (token,) = [
        one["token"]
        for one in given["tokens"]
        if one["place_id"] == SANGKAT_4 and one["role"] == "client"
    ]
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid7(now_ms()))}
    good = {**makers.make_stay(premises_id), **_DISCLOSED}
    bad = {**good, "nationality": NAME, "sex": PHONE, WORD: NUMBER}
    answers = [await http.post("/v1/stays", json=good, headers=headers)]
    assert answers[0].status_code == httpx.codes.CREATED, answers[0].text
    answers.append(await http.post("/v1/stays", json=bad, headers=headers))
    headers["Idempotency-Key"] = WORD
    answers.append(await http.post("/v1/stays", json=good, headers=headers))
    return answers


async def _send_nonsense(http: httpx.AsyncClient, owner: Device) -> list[httpx.Response]:
    """Put values where none belongs: path, query, header, token, body, form and first line."""
    unsigned = owner.compose("stay", {"nationality": NAME}, disclosed=_DISCLOSED)
    await owner.push(unsigned)
    form = {"grant_type": WORD, "assertion": f"{NAME}.{NUMBER}.{PHONE}"}
    broken = f'{{"items": [{{"{NAME}": "{NUMBER}'
    return [
        await http.get(f"/v1/{WORD}/{NUMBER}"),
        await owner.get(f"/v1/stays/{NUMBER}"),
        await owner.get("/v1/stays", **{WORD: NUMBER}),
        await http.get("/v1/stays", headers={"Authorization": f"Bearer {WORD}{NUMBER}"}),
        await owner.post("/v1/sync/push", {}, Origin=f"https://{WORD}.example"),
        await http.post("/v1/sync/push", content=broken, headers=owner.headers),
        await http.post("/oauth/token", data=form),
        await http.post("/v1/devices", json={"registration": {"payload": NAME}, NUMBER: PHONE}),
        await http.request("DELETE", f"/v1/stays/{uuid7(now_ms())}", params={"q": NAME}),
        await http.request(WORD.upper(), "/v1/stays", headers={WORD: NUMBER}),
    ]
