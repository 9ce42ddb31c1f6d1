"""Paper: who gets which form, in which language, and that a receipt names nobody."""

import subprocess
from pathlib import Path

import pytest

from tests.makers import SANGKAT_1, make_identity, make_premises, make_stay
from tests.world import World


def _text(pdf: bytes, folder: Path) -> str:
    file = folder / "form.pdf"
    file.write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], check=True, capture_output=True, text=True
    ).stdout


@pytest.mark.parametrize("language", ["km", "en", "zh"])
async def test_a_form_is_printed_in_every_language(world: World, tmp_path: Path, language: str):
    premises_id = await world.owner.send_premises()
    await world.owner.send_stay(premises_id)
    answer = await world.officer.get(
        f"/v1/premises/{premises_id}/form.pdf", language=language, purpose="visit"
    )
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    text = _text(answer.content, tmp_path)
    assert "ERIKSSON" in text
    assert "2C3" in text
    assert "L898902C3" not in text


@pytest.mark.parametrize("language", ["km", "en", "zh"])
async def test_a_form_has_no_raw_codes(world: World, tmp_path: Path, language: str):
    premises_id = await world.owner.send_premises()
    unknown = dict.fromkeys(("sex", "document_holder", "arrived_on"), "unknown")
    body = make_stay(premises_id, visa={"class": "unknown"}, **unknown)
    told = {"identity": make_identity(born_on="unknown")}
    await world.owner.send("stay", body, disclosed=told, after=[premises_id])
    answer = await world.officer.get(
        f"/v1/premises/{premises_id}/form.pdf", language=language, purpose="visit"
    )
    assert "unknown" not in _text(answer.content, tmp_path)


@pytest.mark.parametrize(
    ("language", "word"), [("km", "មិនដឹង"), ("en", "Not known"), ("zh", "不详")]
)
async def test_what_the_owner_does_not_know_is_said_in_the_language_of_the_form(
    world: World, tmp_path: Path, language: str, word: str
):
    names = dict.fromkeys(("km", "latin", "zh"), "unknown")
    body = make_premises(names=names, village="unknown", rooms_count="unknown")
    nobody = {"owner": {"name": "unknown", "phone": "unknown"}}
    premises_id = await world.owner.send("premises", body, disclosed={"contact": nobody})
    told = {"identity": make_identity(primary="unknown", secondary="unknown", native="unknown")}
    stay = make_stay(premises_id, unit="unknown")
    await world.owner.send("stay", stay, disclosed=told, after=[premises_id])
    answer = await world.owner.get(f"/v1/premises/{premises_id}/form.pdf", language=language)
    text = _text(answer.content, tmp_path)
    assert "unknown" not in text
    # The premises' name four times, four more facts, the person's name; the room's two words wrap.
    # Khmer that is read out of a PDF is garbled.
    assert language == "km" or text.count(word) >= 9


@pytest.mark.parametrize(
    ("language", "second"), [("km", "២ នៃ ២"), ("en", "Page 2 of 2"), ("zh", "第 2 页，共 2 页")]
)
async def test_every_page_says_of_what_premises_it_is_and_which_page(
    world: World, tmp_path: Path, language: str, second: str
):
    premises_id = await world.owner.send_premises()
    answer = await world.owner.get(f"/v1/premises/{premises_id}/form.pdf", language=language)
    pages = _text(answer.content, tmp_path).split("\f")[:-1]
    assert len(pages) == 2
    for page in pages:
        assert "TEST DATA" in page
        assert str(premises_id) in page
    assert second.replace(" ", "") in pages[1].replace(" ", "")


async def test_a_pledge_names_the_order_that_asks_for_it(world: World, tmp_path: Path):
    premises_id = await world.owner.send_premises()
    answer = await world.owner.get(f"/v1/premises/{premises_id}/form.pdf", language="en")
    people, pledge, _ = _text(answer.content, tmp_path).split("\f")
    standing = "Standing duty: report every foreigner within 24 hours"
    assert (people.count(standing), pledge.count(standing)) == (1, 2)
    assert "TEST DATA House" in pledge


async def test_a_surname_of_39_letters_stays_in_its_cell(world: World, tmp_path: Path):
    surname = "ABCDEFGHIJKLM" * 3
    premises_id = await world.owner.send_premises()
    told = {"identity": make_identity(primary=surname, secondary="ANNA")}
    await world.owner.send("stay", make_stay(premises_id), disclosed=told, after=[premises_id])
    answer = await world.owner.get(f"/v1/premises/{premises_id}/form.pdf", language="en")
    lines = _text(answer.content, tmp_path).replace("\u200b", "").splitlines()
    (first,) = [line for line in lines if surname[:10] in line]
    assert surname[:25] not in first
    assert "Viet" in first


@pytest.mark.parametrize("language", ["km", "en", "zh"])
async def test_a_small_building_is_signed_for_on_the_page_of_its_people(
    world: World, tmp_path: Path, language: str
):
    premises_id = await world.owner.send_premises()
    for _ in range(5):
        await world.owner.send_stay(premises_id)
    answer = await world.owner.get(f"/v1/premises/{premises_id}/form.pdf", language=language)
    people, pledge, end = _text(answer.content, tmp_path).split("\f")
    assert ("117" in people, "SHA-256" in pledge, end) == (True, True, "")


async def test_a_form_shows_who_is_there_and_not_who_left(world: World, tmp_path: Path):
    premises_id = await world.owner.send_premises()
    stay_id = await world.owner.send_stay(premises_id)
    await world.owner.send(
        "departure",
        {"left_on": "2026-03-01", "reason": "left_country"},
        revises=(stay_id, stay_id),
        after=[stay_id],
    )
    answer = await world.owner.get(f"/v1/premises/{premises_id}/form.pdf", language="en")
    assert "ERIKSSON" not in _text(answer.content, tmp_path)


async def test_a_form_of_another_commune_is_not_found(world: World):
    premises_id = await world.owner.send_premises(place=SANGKAT_1)
    answer = await world.officer.get(f"/v1/premises/{premises_id}/form.pdf", purpose="visit")
    assert answer.status_code == 404


async def test_an_unknown_pledge_text_is_not_found(world: World):
    premises_id = await world.owner.send_premises()
    answer = await world.owner.get(f"/v1/premises/{premises_id}/form.pdf", text="of-my-own")
    assert answer.status_code == 404


async def test_a_printed_receipt_names_nobody(world: World, tmp_path: Path):
    stay_id = await world.owner.send_stay(await world.owner.send_premises())
    answer = await world.owner.get(f"/v1/receipts/{stay_id}/receipt.pdf", language="en")
    text = _text(answer.content, tmp_path)
    assert str(stay_id) in text
    assert "no permit and no approval" in text
    assert "ERIKSSON" not in text


@pytest.mark.parametrize(
    ("language", "day"),
    [("km", "១០:០០"), ("en", "2 March 2026, 10:00"), ("zh", "2026年3月2日 10:00")],
)
async def test_a_receipt_tells_the_time_of_cambodia(
    world: World, tmp_path: Path, language: str, day: str
):
    premises_id = await world.owner.send_premises()
    answer = await world.owner.get(f"/v1/receipts/{premises_id}/receipt.pdf", language=language)
    text = _text(answer.content, tmp_path)
    assert day.replace(" ", "") in text.replace(" ", "")
    assert "2026-03-02T03:00:00.000Z" in text


async def test_a_receipt_of_another_is_not_found(world: World):
    premises_id = await world.owner.send_premises()
    stranger = await world.new_owner()
    answer = await stranger.get(f"/v1/receipts/{premises_id}/receipt.pdf")
    assert answer.status_code == 404


async def test_an_officer_says_for_what_a_form_is_printed(world: World):
    premises_id = await world.owner.send_premises()
    answer = await world.officer.get(f"/v1/premises/{premises_id}/form.pdf")
    assert (answer.status_code, answer.json()["code"]) == (400, "purpose.required")
    assert (await world.owner.get(f"/v1/premises/{premises_id}/form.pdf")).is_success
