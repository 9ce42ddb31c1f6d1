"""Writes `documents-python.json`: documents that every reader accepts, and ones that all refuse.

Run `python -m tests.vectors.make_documents`; names and numbers are TEST DATA.
"""

from sync.keys import encode_base64url
from tests.vectors.golden import AUTHOR, jwk, keep, kid, sign_steadily, write_json
from tests.vectors.items import HASH, ID, IDENTITY, PAYLOAD, Fields, disclose, good, sign, write
from tests.vectors.refused import list_refused


def list_first_revisions() -> list[Fields]:
    """Return documents as owners make them."""
    contact, digest = disclose(1, {"owner": {"name": "ឈ្មោះសាកល្បង TEST", "phone": "012000000"}})
    names = {"km": "ផ្ទះជួលសាកល្បង", "latin": "Test House"}
    premises: Fields = {
        "kind": "premises",
        "id": ID + "1",
        "entity": ID + "1",
        "after": [],
        "seq": 1,
        "body": {"names": names, "contact": digest},
    }
    identity, identity_digest = disclose(2, IDENTITY)
    passport: Fields = {"kind": "passport", "number": "X0000000", "issuer": "UTO"}
    document, document_digest = disclose(3, passport)
    stay: Fields = {**PAYLOAD["body"], "identity": identity_digest, "document": document_digest}
    disclosures = {"identity": identity, "document": document}
    return [
        good("premises in Khmer", sign(write(**premises), {"contact": contact}), ID + "1"),
        good("a stay with two disclosures", sign(write(body=stay), disclosures)),
        good("a stay whose disclosures were withheld", sign(write(body=stay))),
    ]


def list_answers() -> list[Fields]:
    """Return a correction and a review of it."""
    remarks, digest = disclose(4, {"text": "បន្ទប់ ២០៤ · 二楼 · “ok” 🏠"})
    anchor: Fields = {"pos": 41, "chain": HASH, "at": "2022-09-20T03:12:00.000Z"}
    correction: Fields = {"id": ID + "3", "base": ID + "2", "after": [ID + "2"], "anchor": anchor}
    review: Fields = {"kind": "review", "id": ID + "4", "base": ID + "2", "resolves": [ID + "3"]}
    corrected = write(**correction, body={"remarks": digest})
    reviewed = write(**review, seq=3, body={"verdict": "accept", "reasons": []})
    return [
        good("a correction with an anchor", sign(corrected, {"remarks": remarks}), ID + "3"),
        good("a review that resolves another", sign(reviewed), ID + "4"),
    ]


def list_limits() -> list[Fields]:
    """Return documents at the edge of what is allowed."""
    deepest = "[" * 14 + "]" * 14
    spaced = write().replace(",", ", \n").replace(":", " : ", 3)
    escaped = write(body={"text": "\u1781\u17d2\u1798\u17c2\u179a"})
    random_id = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
    header = {"kid": kid(AUTHOR), "crit": ["b64"], "b64": False, "alg": "ES256"}
    protected = encode_base64url(write_json(header).encode())
    signature = sign_steadily(AUTHOR, f"{protected}.{write()}")
    return [
        good("spaces and line ends are signed as they stand", sign(spaced)),
        good(
            "escaped and plain Khmer are different bytes",
            sign(escaped.replace("ខ្មែរ", "\\u1781\\u17d2\\u1798\\u17c2\\u179a")),
        ),
        good(
            "an escaped pair of surrogates is one character",
            sign(write(body={"text": "~"}).replace("~", "\\ud83c\\udfe0")),
        ),
        good(
            "sixteen levels of nesting",
            sign(write(body={"x": 0}).replace('"x":0', f'"x":{deepest}')),
        ),
        good("brackets within text are no nesting", sign(write(body={"text": '[{"' * 40 + "\\"}))),
        good("2^53 and -2^53", sign(write(body={"most": 2**53, "least": -(2**53)}))),
        good("a random id", sign(write(id=random_id, entity=random_id)), random_id),
        good("unknown fields are kept", sign(write(body={"a field of later": [1.5, None, True]}))),
        good("a newer version of the same form", sign(write(v=2))),
        good(
            "another order in the header",
            {"protected": protected, "payload": write(), "signature": signature},
        ),
        good("a hundred years early", sign(write(made_at="1922-09-20T03:11:05.123Z"))),
    ]


def main() -> None:
    """Write the file beside this one."""
    content: Fields = {
        "jwk_public": jwk(AUTHOR),
        "items": [*list_first_revisions(), *list_answers(), *list_limits()],
        "negative": list_refused(),
    }
    keep("documents-python.json", content)


if __name__ == "__main__":
    main()
