"""Keys: one name for each, and signatures that no other key can make."""

import pytest

from sync.keys import (
    PublicJwk,
    decode_base64url,
    encode_base64url,
    is_signed,
    new_private_key,
    public_jwk,
    read_public_key,
    sign,
    thumbprint,
)


@pytest.mark.parametrize("text", ["AA==", "A", "A+", "A/", "AB", "A A", "AA\n", "ក"])
def test_what_is_not_base64url_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        decode_base64url(text)


@pytest.mark.parametrize("data", [b"", b"\0", b"\xff\xfe", bytes(range(256))])
def test_bytes_come_back_from_base64url(data):
    assert decode_base64url(encode_base64url(data)) == data


def test_a_thumbprint_is_that_of_rfc_7638():
    # Computed with `openssl dgst -sha256 -binary | base64` over the canonical members.
    jwk = PublicJwk("EC", "P-256", "A" * 43, "B" * 43)
    assert thumbprint(jwk) == "3X7yJP6IymVJFhWQxWH3o0jD90guycY158-lJ_ilXRA"


@pytest.mark.parametrize(
    ("member", "value"),
    [("kty", "RSA"), ("crv", "P-384"), ("x", "AAAA"), ("y", "A" * 43), ("x", "=" * 43)],
)
def test_what_is_no_point_on_the_curve_is_refused(member, value):
    good = public_jwk(new_private_key())
    members = {name: getattr(good, name) for name in ("kty", "crv", "x", "y")}
    with pytest.raises(ValueError, match=r".*"):
        read_public_key(PublicJwk(**members | {member: value}))


def test_a_signature_holds_for_its_key_and_message_only():
    key = new_private_key()
    signature = sign(key, b"message")
    assert len(signature) == 64
    assert is_signed(public_jwk(key), b"message", signature)
    assert not is_signed(public_jwk(key), b"another", signature)
    assert not is_signed(public_jwk(new_private_key()), b"message", signature)
    assert not is_signed(public_jwk(key), b"message", signature + b"\0")
    assert not is_signed(public_jwk(key), b"message", bytes(64))
    assert not is_signed(PublicJwk("EC", "P-256", "x", "y"), b"message", signature)
