"""Plain writes over HTTP, as protocol.md lists them; every one ends in the committer."""

from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Controller, Response, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody

from api.edge import LARGE_BODY_BYTES_MAX
from api.gateway import rules
from api.gateway.gateway import Gateway
from api.gateway.records import Batch, BatchAnswer, Written
from api.register import Register
from api.sessions.records import Principal

Key = Annotated[
    str | None,
    HeaderParameter(name="Idempotency-Key", description="A UUID: the id of the document"),
]
Match = Annotated[
    str | None,
    HeaderParameter(name="If-Match", description="The ETag of the revision that was seen"),
]
_NEW: Final[dict[str, Any]] = {"headers": {"Idempotency-Key": True}, "statuses": (200, 202)}
_ENDING: Final[dict[str, Any]] = {
    "headers": {"Idempotency-Key": True, "If-Match": False},
    "statuses": (200,),
}
_CORRECTION: Final[dict[str, Any]] = {
    "content": "StayPatch",
    "headers": {"Idempotency-Key": True, "If-Match": True},
}
_BATCH: Final[dict[str, Any]] = {"headers": {}, "body_bytes_max": LARGE_BODY_BYTES_MAX}


def provide_gateway(
    register: NamedDependency[Register],
    principal: NamedDependency[Principal],
    key: Key = None,
    if_match: Match = None,
    dry_run: FromQuery[bool] = False,
) -> Gateway:
    """Return what every plain write needs: who asks, under which key and conditions."""
    return Gateway(register, principal, key, if_match, dry_run)


class GatewayController(Controller):
    """Plain writes for programs that cannot sign."""

    path = "/v1"

    @post("/premises", opt={"operation": "premises.write", "content": "PremisesContent", **_NEW})
    async def declare_premises(
        self, gateway: NamedDependency[Gateway], data: JSONBody[dict[str, Any]]
    ) -> Response[Written]:
        """Declare premises; `place` is their commune."""
        return await gateway.create("premises", data)

    @post("/stays", opt={"operation": "stays.write", "content": "StayContent", **_NEW})
    async def declare_stay(
        self, gateway: NamedDependency[Gateway], data: JSONBody[dict[str, Any]]
    ) -> Response[Written]:
        """Declare a stay; it waits (202) when its premises are not in the log yet."""
        return await gateway.create("stay", data)

    @post(
        "/declarations",
        opt={"operation": "declarations.write", "content": "DeclarationContent", **_NEW},
    )
    async def declare(
        self, gateway: NamedDependency[Gateway], data: JSONBody[dict[str, Any]]
    ) -> Response[Written]:
        """Declare who lives or works at premises; a count of zero is a nil declaration."""
        return await gateway.create("declaration", data)

    @post("/pledges", opt={"operation": "pledges.write", "content": "PledgeContent", **_NEW})
    async def enter_pledge(
        self, gateway: NamedDependency[Gateway], data: JSONBody[dict[str, Any]]
    ) -> Response[Written]:
        """Enter a pledge that was signed on paper before a witness; officers only.

        What a phone signs is signed there: nobody pledges for another through a program.
        """
        return await gateway.create("pledge", rules.take_down(data))

    @post("/stays/batch", opt={"operation": "stays.write", **_BATCH}, status_code=200)
    async def declare_stays(
        self, gateway: NamedDependency[Gateway], data: JSONBody[Batch]
    ) -> Response[BatchAnswer]:
        """Declare up to 100 stays; one result a row, and one bad row never refuses the others."""
        return await gateway.create_rows("stay", data.rows)

    @patch("/stays/{stay_id:uuid}", opt={"operation": "stays.write", **_CORRECTION})
    async def correct_stay(
        self,
        gateway: NamedDependency[Gateway],
        stay_id: FromPath[UUID],
        data: JSONBody[dict[str, Any]],
    ) -> Response[Written]:
        """Correct the revision that If-Match names, by a JSON merge patch (RFC 7396)."""
        return await gateway.amend("stay", ("stay", stay_id), data)

    @post(
        "/stays/{stay_id:uuid}/departure",
        opt={"operation": "stays.write", "content": "DepartureContent", **_ENDING},
    )
    async def record_departure(
        self,
        gateway: NamedDependency[Gateway],
        stay_id: FromPath[UUID],
        data: JSONBody[dict[str, Any]],
    ) -> Response[Written]:
        """Say that the person left; a later correction never reopens the stay."""
        return await gateway.amend("departure", ("stay", stay_id), data)

    @post(
        "/stays/{stay_id:uuid}/withdrawal",
        opt={"operation": "stays.write", "content": "WithdrawalContent", **_ENDING},
    )
    async def withdraw_stay(
        self,
        gateway: NamedDependency[Gateway],
        stay_id: FromPath[UUID],
        data: JSONBody[dict[str, Any]],
    ) -> Response[Written]:
        """Take an own stay back, with a reason; nothing is deleted."""
        return await gateway.amend("withdrawal", ("stay", stay_id), data)

    @post(
        "/premises/{premises_id:uuid}/withdrawal",
        opt={"operation": "premises.write", "content": "WithdrawalContent", **_ENDING},
    )
    async def withdraw_premises(
        self,
        gateway: NamedDependency[Gateway],
        premises_id: FromPath[UUID],
        data: JSONBody[dict[str, Any]],
    ) -> Response[Written]:
        """Take own premises back, with a reason; nothing is deleted."""
        return await gateway.amend("withdrawal", ("premises", premises_id), data)

    @post(
        "/declarations/{declaration_id:uuid}/withdrawal",
        opt={"operation": "declarations.write", "content": "WithdrawalContent", **_ENDING},
    )
    async def withdraw_declaration(
        self,
        gateway: NamedDependency[Gateway],
        declaration_id: FromPath[UUID],
        data: JSONBody[dict[str, Any]],
    ) -> Response[Written]:
        """Take an own declaration back, with a reason; nothing is deleted."""
        return await gateway.amend("withdrawal", ("declaration", declaration_id), data)
