"""Documents of another province: refused as a whole request that says where they belong."""

from pathlib import Path

import msgspec
import pytest

from api.settings import Settings
from sync.keys import public_jwk
from tests import makers
from tests.world import Device, World, open_world


async def test_a_batch_for_another_province_is_told_where_it_belongs(tmp_path: Path):
    kep = {"kep-p-kep": "https://kep.example"}
    async with open_world(tmp_path, registers=kep) as world:
        item = world.owner.compose("premises", makers.make_premises(), log="kep-p-kep")
        pushed = await world.owner.post("/v1/sync/push", {"items": [msgspec.to_builtins(item)]})
        new = Device(world.http, world.clock)
        jwk = msgspec.to_builtins(public_jwk(new.key))
        body = {"jwk": jwk, "capacity": "owner", "language": "km"}
        contact = {"contact": makers.make_contact()}
        account = new.compose("account", body, log="kep-p-kep", disclosed=contact)
        registration = {"registration": msgspec.to_builtins(account)}
        registered = await world.http.post("/v1/devices", json=registration)
    for answer in (pushed, registered):
        assert answer.status_code == 421
        assert answer.json()["details"] == {"base_url": "https://kep.example"}


async def test_a_batch_for_a_province_whose_register_nobody_named_is_told_so(world: World):
    item = world.owner.compose("premises", makers.make_premises(), log="kep-p-kep")
    answer = await world.owner.post(
        "/v1/sync/push", {"items": [{"protected": item.protected, "payload": item.payload,
                                     "signature": item.signature}]}
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (421, "log.elsewhere")


def test_the_addresses_of_other_registers_are_settings():
    said = "kep-p-kep=https://kep.example/ kpt-p-kampot=https://kampot.example"
    registers = Settings.from_environ({"SANGKAT_REGISTERS": said}).registers
    assert registers["kep-p-kep"] == "https://kep.example"
    assert len(registers) == 2


def test_an_address_that_is_none_is_refused_at_the_start():
    with pytest.raises(ValueError, match="LOG=URL"):
        Settings.from_environ({"SANGKAT_REGISTERS": "kep-p-kep"})
