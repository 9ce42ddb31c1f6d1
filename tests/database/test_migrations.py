"""A register that is there becomes what one that starts today would be."""

import sqlite3
from contextlib import closing
from pathlib import Path

from api.database import migrate
from tests import makers
from tests.access.people import find_order
from tests.gateway.asking import ask
from tests.world import expect, open_world

_LATER = Path(migrate.__file__).parent / "migrations" / "0014-later.sqlite.sql"
_OF_GRADES = _LATER.parent / "0020-grades.sqlite.sql"
_OF_SHARED = _LATER.parent / "0021-shared.sql"
_SERIES = "SELECT document_key, document_series FROM stays ORDER BY document_key"
_WITHOUT_SHARED = """
DROP INDEX stays_by_phone;
DROP INDEX stays_by_employer;
DROP INDEX stays_by_series;
ALTER TABLE stays DROP COLUMN phone;
ALTER TABLE stays DROP COLUMN employer;
ALTER TABLE stays DROP COLUMN document_series;
"""
_GRADES = "SELECT declaration_id, grade FROM declarations ORDER BY declaration_id"
_UNSIGNED = (
    "UPDATE entities SET detail = CAST(json_remove(CAST(detail AS TEXT), '$.is_signed') AS BLOB)"
)
_DETAILS = "SELECT entity, detail FROM entities ORDER BY entity"
_AS_BEFORE = (
    "UPDATE entities SET detail = CAST(json_remove(CAST(detail AS TEXT),"
    " '$.later_count', '$.later_bytes') AS BLOB)"
)


async def test_what_followed_a_first_revision_is_counted_in_a_register_of_before(tmp_path: Path):
    async with open_world(tmp_path) as world:
        premises_id = await world.owner.send_premises()
        stay_id = await world.owner.send_stay(premises_id)
        revises = {"revises": (stay_id, stay_id)}
        await world.owner.send("stay", {"unit": "14"}, **revises)
        await world.owner.send("stay", {"unit": "15"}, **revises)
        await world.officer.review(stay_id, "return", "wrong_unit")
        departure = {"left_on": "2026-03-01", "reason": "left_country"}
        await world.owner.send("departure", departure, **revises)
    with closing(sqlite3.connect(tmp_path / "register.sqlite3")) as file:
        folded = file.execute(_DETAILS).fetchall()
        assert [b'"later_count":3' in detail for _, detail in folded].count(True) == 1
        file.execute(_AS_BEFORE)
        assert file.execute(_DETAILS).fetchall() != folded
        file.executescript(_LATER.read_text())
        assert file.execute(_DETAILS).fetchall() == folded


async def test_grades_of_declarations_and_signed_paper_are_found_in_a_register_of_before(
    tmp_path: Path,
):
    async with open_world(tmp_path) as world:
        premises_id = await world.owner.send_premises()
        order_id = await find_order(world.owner)
        nobody = makers.make_declaration(premises_id, order_id)
        for author in (world.owner, world.officer):
            await author.send("declaration", nobody)
        expect(await ask(world, "POST /v1/declarations", nobody))
        stays = [
            await world.officer.send_stay(premises_id, document=makers.make_document(f"TEST{one}"))
            for one in range(2)
        ]
        for author, stay_id in zip((world.owner, world.officer), stays, strict=True):
            await author.send("stay", {"unit": "14"}, revises=(stay_id, stay_id))
    with closing(sqlite3.connect(tmp_path / "register.sqlite3")) as file:
        folded = [file.execute(query).fetchall() for query in (_DETAILS, _GRADES)]
        assert [b'"is_signed":true' in detail for _, detail in folded[0]].count(True) == 1
        assert {grade for _, grade in folded[1]} == {"author", "paper", "register"}
        file.execute(_UNSIGNED)
        file.execute("ALTER TABLE declarations DROP COLUMN grade")
        assert file.execute(_DETAILS).fetchall() != folded[0]
        file.executescript(_OF_GRADES.read_text())
        assert [file.execute(query).fetchall() for query in (_DETAILS, _GRADES)] == folded


async def test_series_of_documents_are_found_in_a_register_of_before(tmp_path: Path):
    async with open_world(tmp_path) as world:
        premises_id = await world.owner.send_premises()
        for number in ("N1234501", "អ12345", "N1234", "N123", "unknown"):
            await world.owner.send_stay(premises_id, document=makers.make_document(number))
    with closing(sqlite3.connect(tmp_path / "register.sqlite3")) as file:
        folded = file.execute(_SERIES).fetchall()
        series = {one for _, one in folded}
        assert series == {"UTO:N12345", "UTO:អ123", "UTO:N12", None}
        file.executescript(_WITHOUT_SHARED + _OF_SHARED.read_text())
        assert file.execute(_SERIES).fetchall() == folded


def test_every_migration_has_a_number_of_its_own():
    numbers = [path.name.partition("-")[0] for path in sorted(_LATER.parent.glob("*.sql"))]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
