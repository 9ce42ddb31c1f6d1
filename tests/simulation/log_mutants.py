"""The rules by which a register keeps its log and shows it, each taken away once: it is missed.

A mutant is a piece of a function's source and what stands there instead. When that piece is no
longer found, the rule has moved and the mutant has to follow it.
"""

from typing import Final

from tests.simulation.living import mutant

GROUP: Final = "api.ledger.group:Group."
PUSH: Final = "api.intake_routes.push:"
BATCH: Final = "sent = [Sent(one, pusher) for one in read if isinstance(one, Prepared)]"
ALL_OR_NOTHING: Final = (
    "if any(not isinstance(one, Prepared) or one.fault for one in read):\n"
    "        from api.problems import Malformed\n"
    "        raise Malformed\n    "
)

LOG: Final = (
    mutant(
        "M4",
        "nothing is released from the backlog",
        GROUP + "_release",
        "done < len(self._entries)",
        "False",
        "disorder",
        "relay",
    ),
    mutant(
        "M4",
        "what was released stays in the backlog",
        "api.ledger.backlog:Backlog.leave",
        "if self._new.pop(key, None) is None",
        "if False",
        "disorder",
        "relay",
    ),
    mutant(
        "M3",
        "time goes back with the clock",
        GROUP + "run",
        "max(self._now_ms, self._head.received_ms)",
        "self._now_ms",
        "skew",
        seed=4,
    ),
    mutant(
        "M2",
        "one bad document refuses the batch",
        "api.intake_routes.push:push_items",
        BATCH,
        ALL_OR_NOTHING + BATCH,
        "poison",
        seed=2,
    ),
    mutant(
        "P2",
        "a cursor knows nothing of grants",
        "api.views.scopes:mark_scope",
        "await list_granted(tx, log, scope.account_id, scope.now_ms)",
        "()",
        seed=55,
    ),
    mutant(
        "P2",
        "a cursor holds no chain",
        "api.intake_routes.pull:check_cursor",
        "encode_base64url(link) != chain",
        "False",
        "restore",
        seed=20,
    ),
    mutant(
        "M3",
        "the last writer wins",
        "api.ledger.effects:amend",
        "payload.base != entity.revision",
        "False",
        seed=3,
    ),
    mutant(
        "M3",
        "a verdict binds to the entity",
        "api.ledger.effects:find_effect",
        "v.stands and v.revision == entity.revision",
        "v.stands",
        seed=9,
    ),
    mutant(
        "M3",
        "a correction reopens what ended",
        "api.ledger.effects:_settle",
        "entity.effect in _ENDED",
        "False",
        seed=19,
    ),
    mutant(
        "M3",
        "positions leave holes",
        "api.ledger.appending:make_entry",
        "head.pos + 1",
        "head.pos + 2",
    ),
    mutant(
        "P2",
        "what was lost is not missing",
        "api.intake_routes.pull:_pull",
        "if one not in positions and one not in held",
        "if False",
        "restore",
        seed=6,
    ),
    mutant(
        "S7",
        "another province's documents are refused one by one",
        PUSH + "push_items",
        "if elsewhere and len(elsewhere) == len(read)",
        "if False",
        "abroad",
        seed=2,
    ),
    mutant(
        "S7",
        "nobody says where a document belongs",
        PUSH + "find_elsewhere",
        "if base_url else None",
        "if False else None",
        "abroad",
        seed=2,
    ),
)
