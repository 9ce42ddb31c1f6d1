"""The operator's calls on backups: what they refuse before anything is written."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from api.administration.app import create_administration
from api.backups.sealing import make_identity
from tests.world import World

_, PUBLIC = make_identity()


def reach(world: World) -> httpx.AsyncClient:
    app: Any = create_administration(world.register)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://register")


def find_backups(folder: Path) -> list[Path]:
    return list(folder.glob("backup*"))


@pytest.mark.parametrize("path", ["relative.tar", "/no/folder/backup.tar"])
async def test_a_backup_goes_to_an_absolute_path_in_a_folder(world: World, path: str):
    async with reach(world) as http:
        body = {"path": path, "recipients": [PUBLIC]}
        refused = await http.post("/backups", json=body)
    assert refused.status_code == 422
    assert refused.json()["errors"] == [{"pointer": "/path", "code": "field.value"}]


async def test_what_is_no_public_key_is_neither_used_nor_recorded(world: World, tmp_path: Path):
    async with reach(world) as http:
        body = {"path": str(tmp_path / "backup"), "recipients": [PUBLIC, "age1none"]}
        made = await http.post("/backups", json=body)
        named = await http.put("/backups/recipients", json={"recipients": ["age1none"]})
        state = (await http.get("/backups")).json()
    assert (made.status_code, named.status_code) == (422, 422)
    assert state == {"recipients": [], "folder": None, "newest_at": None}
    assert find_backups(tmp_path) == []


async def test_who_can_open_later_backups_is_recorded(world: World):
    async with reach(world) as http:
        assert (await http.put("/backups/recipients", json={"recipients": [PUBLIC]})).is_success
        assert (await http.get("/backups")).json()["recipients"] == [PUBLIC]
