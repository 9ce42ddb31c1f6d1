"""Unknown is an answer: what nobody knows of a person or a building is recorded as such."""

from csv import DictReader
from io import StringIO

import msgspec

from api.commands.exporting import write
from api.views.records import View
from tests.makers import make_premises
from tests.world import World


async def test_nobody_has_to_know_the_visa_or_who_owns_the_place(world: World):
    contact = {"owner": "unknown", "manager": {"name": "TEST DATA Manager"}}
    premises_id = await world.owner.send(
        "premises", make_premises(), disclosed={"contact": contact}
    )
    stay_id = await world.owner.send_stay(premises_id, visa="unknown")
    for reader in (world.owner, world.officer, world.client):
        stay = await reader.read(f"/v1/stays/{stay_id}")
        assert stay["body"]["visa"] == "unknown"
        premises = await reader.read(f"/v1/premises/{premises_id}")
        assert premises["body"]["contact"]["owner"] == "unknown"
    listed = StringIO()
    write(listed, "TEST DATA", [msgspec.convert(stay, View)])
    (row,) = DictReader(listed.getvalue().splitlines())
    assert (row["id"], row["visa_class"]) == (str(stay_id), "")
