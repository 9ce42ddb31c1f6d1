"""Documents that every reader refuses: one defect each, signed over all the rest."""

from typing import Final

from sync.keys import encode_base64url
from tests.vectors.golden import AUTHOR, REGISTER, kid, sign_steadily, write_json
from tests.vectors.items import (
    HASH,
    HEADER,
    ID,
    IDENTITY,
    PAYLOAD,
    Fields,
    bad,
    digest_of,
    disclose,
    sign,
    write,
)

NIL: Final = "00000000-0000-0000-0000-000000000000"
MAX: Final = "ffffffff-ffff-ffff-ffff-ffffffffffff"
_MALFORMED_VALUES: Final[dict[str, Fields]] = {
    "an instant without milliseconds": {"made_at": "2022-09-20T03:11:05Z"},
    "an instant in another zone": {"made_at": "2022-09-20T10:11:05.123+07:00"},
    "an instant in Khmer digits": {"made_at": "២០២២-០៩-២០T០៣:១១:០៥.១២៣Z"},
    "a day that is none": {"made_at": "2022-02-30T03:11:05.123Z"},
    "an instant with a blank": {"made_at": "2022-09- 1T03:11:05.123Z"},
    "an anchor without its instant": {"anchor": {"pos": 1, "chain": HASH}},
    "an anchor whose chain is short": {
        "anchor": {"pos": 1, "chain": "AAAA", "at": "2022-09-20T03:12:00.000Z"}
    },
    "a body that is a list": {"body": []},
    "a body that is nothing": {"body": None},
}


def list_refused() -> list[Fields]:
    """Return all of them."""
    return [
        *list_malformed_json(),
        *list_malformed_fields(),
        *list_malformed_headers(),
        *list_forged(),
        *list_false_disclosures(),
    ]


def list_malformed_json() -> list[Fields]:
    """Return payloads on which two parsers could disagree."""
    seventeen = "[" * 15 + "]" * 15
    field = '"sex":"X"'
    swaps = {
        "seventeen levels of nesting": f'"x":{seventeen}',
        "the same key twice in the body": '"sex":"M","sex":"F"',
        "the same key twice, once escaped": '"sex":"M","se\\u0078":"F"',
        "2^53 + 1": '"x":9007199254740993',
        "-2^53 - 1": '"x":-9007199254740993',
        "an integer of forty digits": f'"x":{"9" * 40}',
        "a number that is not finite": '"x":1e999',
        "NaN": '"x":NaN',
        "Infinity": '"x":-Infinity',
        "a lone high surrogate": '"x":"\\ud800"',
        "a lone low surrogate in a key": '"\\uDC00":1',
        "two surrogates in the wrong order": '"x":"\\udfe0\\ud83c"',
        "a raw control character": '"x":"\n"',
        "a leading zero": '"x":007',
        "a trailing comma": '"x":1,',
        "a comment": '"x":1/* */',
        "single quotes": "'x':1",
    }
    texts = {name: write().replace(field, other) for name, other in swaps.items()}
    texts["the same key twice at the top"] = write().replace('"v":1', '"v":1,"v":1')
    texts["no object"] = "[]"
    texts["nothing"] = ""
    texts["two objects"] = write() + "{}"
    texts["a byte order mark"] = "\ufeff" + write()
    return [bad(name, sign(text)) for name, text in texts.items()]


def list_malformed_fields() -> list[Fields]:
    """Return payloads whose fields have another form than the wire's."""
    changes: dict[str, Fields] = {
        "version nought": {"v": 0},
        "a version as text": {"v": "1"},
        "no author": {"by": None},
        "an empty kind": {"kind": ""},
        "an upper-case id": {"id": (ID + "2").upper()},
        "an id without hyphens": {"id": (ID + "2").replace("-", "")},
        "an id in braces": {"id": "{" + ID + "2}"},
        "an id that is none": {"id": "2"},
        "an upper-case entity": {"entity": (ID + "a").upper()},
        "an upper-case base": {"base": (ID + "a").upper()},
        "an upper-case id in after": {"after": [(ID + "a").upper()]},
        "an upper-case id in resolves": {"resolves": [(ID + "a").upper()]},
        "the id that means none": {"id": NIL, "entity": NIL},
        "the last id there is": {"id": MAX, "entity": MAX},
        "the entity that means none": {"entity": NIL, "base": ID + "a"},
        "the base that means none": {"base": NIL},
        "the last id as base": {"base": MAX},
        "the id that means none in after": {"after": [ID + "1", NIL]},
        "the last id in resolves": {"resolves": [MAX]},
        "33 ids in after": {"after": [ID + "1"] * 33},
        "after that is no list": {"after": None},
        "a sequence from nought": {"seq": 0},
        "a sequence with a fraction": {"seq": 1.5},
        "a true sequence": {"seq": True},
    }
    return [
        *(
            bad(name, sign(write(**fields)))
            for name, fields in (changes | _MALFORMED_VALUES).items()
        ),
        *(
            bad(f"no {name}", sign(write_json({k: v for k, v in PAYLOAD.items() if k != name})))
            for name in PAYLOAD
        ),
    ]


def list_malformed_headers() -> list[Fields]:
    """Return items whose header is not that of wire.md."""
    text = write()
    plain = sign(text)
    twice = '{"alg":"none","alg":"ES256","b64":false,"crit":["b64"],"kid":"' + kid(AUTHOR) + '"}'
    return [
        bad("no signature at all", sign(text, alg="none")),
        bad("another algorithm", sign(text, alg="HS256")),
        bad("a payload in base64url", sign(text, b64=True)),
        bad("b64 as a number", sign(text, b64=0)),
        bad("nothing critical", sign(text, crit=[])),
        bad("something else critical", sign(text, crit=["b64", "exp"])),
        bad("a key brought along", sign(text, jwk={"kty": "EC"})),
        bad("no kid", sign(text, kid=None)),
        bad("a header key twice", {**plain, "protected": encode_base64url(twice.encode())}),
        bad("a padded header", {**plain, "protected": plain["protected"] + "="}),
        bad("a header that is no JSON", {**plain, "protected": "e30x"}),
        bad("a header that is no text", {**plain, "protected": "_____w"}),
        bad("a payload that is an object", {**plain, "payload": PAYLOAD}),
        bad("no payload", {key: value for key, value in plain.items() if key != "payload"}),
        bad("a signature that is a number", {**plain, "signature": 1}),
    ]


def list_forged() -> list[Fields]:
    """Return items that someone else made, or changed."""
    plain = sign(write())
    other = sign_steadily(REGISTER, f"{plain['protected']}.{plain['payload']}")
    changed = plain["payload"].replace('"sex":"X"', '"sex":"M"')
    pairs = {
        "another key in the payload than in the header": sign(write(by=kid(REGISTER))),
        "another key in the header than in the payload": sign(write(), kid=kid(REGISTER)),
        "signed by another key": {**plain, "signature": other},
        "a changed payload": {**plain, "payload": changed},
        "a blank added": {**plain, "payload": plain["payload"] + " "},
        "an empty signature": {**plain, "signature": ""},
        "a short signature": {**plain, "signature": plain["signature"][:-4]},
        "a padded signature": {**plain, "signature": plain["signature"] + "=="},
        "r and s nought": {**plain, "signature": "A" * 86},
        "the header's bytes written anew": {
            **plain,
            "protected": encode_base64url(write_json(HEADER).replace(",", ", ").encode()),
        },
    }
    return [bad(name, item, "bad-signature") for name, item in pairs.items()]


def list_false_disclosures() -> list[Fields]:
    """Return items whose disclosures are not those that were signed."""
    text, digest = disclose(2, IDENTITY)
    payload = write(body={**PAYLOAD["body"], "identity": digest})
    short = write_json(["AAAA", IDENTITY])
    unsalted = write_json([IDENTITY])
    twice = text.replace('"secondary":"ONE"', '"secondary":"ONE","secondary":"TWO"')
    texts = {"a salt of three bytes": short, "no salt": unsalted, "a key twice": twice}
    forms = [
        bad(
            f"a disclosure with {name}",
            sign(write(body={"identity": digest_of(form)}), {"identity": form}),
        )
        for name, form in texts.items()
    ]
    return [
        bad(
            "a disclosure that was changed", sign(payload, {"identity": text.replace("ONE", "TWO")})
        ),
        bad("a disclosure with a blank more", sign(payload, {"identity": text + " "})),
        bad("a disclosure under another name", sign(payload, {"remarks": text})),
        bad("a disclosure that the body does not name", sign(write(), {"identity": text})),
        bad("a disclosure that is no text", sign(payload, {"identity": IDENTITY})),
        *forms,
    ]
