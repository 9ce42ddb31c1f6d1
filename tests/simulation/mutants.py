"""The same program with one rule missing: each must make some history go wrong.

A mutant is a piece of a function's source and what stands there instead. When that piece is no
longer found, the rule has moved and the mutant has to follow it.
"""

from typing import Final

from tests.simulation.living import mutant

REPLICA: Final = "sync.replica:"
GROUP: Final = "api.ledger.group:Group."
ANSWERS: Final = "_match_answers(replica, event)"
ALL_STORED: Final = '{id: ItemAnswer(id=id, custody="stored", receipt="all") for id in event.sent}'
BATCH: Final = "sent = [Sent(one, pusher) for one in read if isinstance(one, Prepared)]"
ALL_OR_NOTHING: Final = (
    "if any(not isinstance(one, Prepared) or one.fault for one in read):\n"
    "        from api.problems import Malformed\n"
    "        raise Malformed\n    "
)
WRITING: Final = "async with self._transaction():\n            "
VIEWS: Final = "await self._file.executemany("
CURSOR_FIRST: Final = f"{WRITING}after = await self._keep(event, self._device)\n        "

DEVICE: Final = (
    mutant(
        "an acknowledgement is final",
        REPLICA + "_apply_standing",
        '("held", "received", "confirmed")',
        '("held",)',
        "restore",
        seed=7,
    ),
    mutant(
        "nothing is offered again after 410",
        REPLICA + "_forget_history",
        'row.state == "confirmed"',
        "False",
        "restore",
        seed=7,
    ),
    mutant(
        "confirmed beyond the cursor",
        REPLICA + "_confirm",
        "pos <= event.passed_pos and pos <= event.head_pos",
        "True",
    ),
    mutant(
        "confirmed without head or cursor",
        REPLICA + "_receive",
        'state="received"',
        'state="confirmed"',
    ),
    mutant(
        "the cursor is saved before the changes",
        "sync.outbox:Outbox.keep_pulled",
        WRITING + VIEWS,
        CURSOR_FIRST + WRITING + VIEWS,
        "kill",
        seed=4,
    ),
    mutant("200 means all", REPLICA + "_apply_answer", ANSWERS, ALL_STORED),
    mutant(
        "a key that the register forgot is not registered again",
        REPLICA + "_register_again",
        "if registration is None",
        "if True",
        "restore",
    ),
    mutant(
        "what rests on a refused document waits for ever",
        REPLICA + "_cascade",
        "is_changed = True",
        "is_changed = False",
        "poison",
    ),
    mutant(
        "nobody asks about what is held",
        "sync.batch:list_have",
        "received + held",
        "received",
        "disorder",
        "relay",
    ),
    mutant(
        "what was held is believed without a receipt",
        REPLICA + "_apply_standing",
        'row.state == "held" or',
        "",
        "disorder",
        "relay",
    ),
    mutant(
        "what was being sent is forgotten at the start",
        REPLICA + "_start",
        'row.state == "sending" or',
        "",
        "kill",
        seed=4,
    ),
    mutant(
        "a failed push is forgotten",
        REPLICA + "_apply_failure",
        "[_requeue(row) for row in sent]",
        "[]",
        "lose-request",
    ),
    mutant(
        "a request that is too large is sent again as it is",
        REPLICA + "_apply_failure",
        "event.status == _TOO_LARGE and sent",
        "False",
        "narrow",
    ),
    mutant(
        "a clock that was set back holds the queue",
        "sync.batch:is_due",
        "not 0 < not_before_ms - now_ms <= longest",
        "not_before_ms <= now_ms",
        "skew",
        "busy",
    ),
    mutant(
        "receipts are not compared with their document",
        "sync.answers:find_receipt",
        "receipt if is_its_own else None",
        "receipt",
        "forged",
    ),
    mutant(
        "the bytes go as soon as they are confirmed",
        REPLICA + "_shorten",
        "< RETENTION_MS",
        "< 0",
        "restore",
    ),
    mutant(
        "a receipt of another history is good enough",
        REPLICA + "_apply_standing",
        "row.pos not in (None, pos)",
        "False",
        "restore",
        "relay",
        seed=4,
    ),
)
REGISTER: Final = (
    mutant(
        "documents are told apart by id only",
        "sync.custody:decide",
        "known.hash != document_hash",
        "False",
        "reuse",
    ),
    mutant(
        "a repeat is stored again",
        "sync.custody:decide",
        "known is not None and known.receipt is not None",
        "False",
        "lose-answer",
    ),
    mutant(
        "rights are judged before everything is there",
        "sync.custody:_weigh",
        "_wait(standing) if standing.missing else _judge(standing)",
        "_judge(standing)",
        "disorder",
        "relay",
    ),
    mutant(
        "what expired waits again",
        "sync.custody:_wait",
        "if standing.expired",
        "if False",
        "poison",
        "relay",
    ),
    mutant(
        "a lost phone is believed",
        "sync.custody:_judge",
        'standing.judgement == "allowed"',
        'standing.judgement in ("allowed", "quarantined")',
        "revoke",
        "relay",
    ),
    mutant(
        "nothing is released from the backlog",
        GROUP + "_release",
        "done < len(self._entries)",
        "False",
        "disorder",
        "relay",
    ),
    mutant(
        "what was released stays in the backlog",
        "api.ledger.backlog:Backlog.leave",
        "if self._new.pop(key, None) is None",
        "if False",
        "disorder",
        "relay",
    ),
    mutant(
        "nothing has to be there first",
        GROUP + "_find_missing",
        "return tuple(",
        "return () and tuple(",
        "disorder",
        "relay",
    ),
    mutant(
        "time goes back with the clock",
        GROUP + "run",
        "max(self._now_ms, self._head.received_ms)",
        "self._now_ms",
        "skew",
    ),
    mutant(
        "one bad document refuses the batch",
        "api.intake_routes.push:push_items",
        BATCH,
        ALL_OR_NOTHING + BATCH,
        "poison",
    ),
    mutant(
        "a cursor knows nothing of grants",
        "api.views.scopes:mark_scope",
        "await list_granted(tx, log, scope.account_id, scope.now_ms)",
        "()",
        seed=13,
    ),
    mutant(
        "a cursor holds no chain",
        "api.intake_routes.pull:check_cursor",
        "encode_base64url(link) != chain",
        "False",
        "restore",
    ),
    mutant(
        "the last writer wins",
        "api.ledger.effects:amend",
        "payload.base != entity.revision",
        "False",
    ),
    mutant(
        "a verdict binds to the entity",
        "api.ledger.effects:find_effect",
        "v.stands and v.revision == entity.revision",
        "v.stands",
        seed=2,
    ),
    mutant(
        "a correction reopens what ended",
        "api.ledger.effects:_settle",
        "entity.effect in _ENDED",
        "False",
    ),
    mutant(
        "the backlog never expires",
        "api.ledger.backlog_store:expire",
        "now_ms - BACKLOG_KEPT_MS",
        "0",
        "poison",
        "relay",
    ),
)
MUTANTS: Final = (*DEVICE, *REGISTER)
