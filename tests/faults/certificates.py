"""Certificates of an authority of the tests' own: right ones, ended ones, those of another host."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "TEST DATA")])


def make_server(folder: Path, host: str, *, days: int) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return what serves a host until so many days from now, and what trusts its certificate."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
    made = x509.CertificateBuilder(_NAME, _NAME, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=365))
    made = made.not_valid_after(now + timedelta(days=days)).add_extension(names, critical=False)
    certificate = made.sign(key, SHA256()).public_bytes(Encoding.PEM)
    path = folder / "server.pem"
    path.write_bytes(
        certificate + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(path)
    trusting = ssl.create_default_context(cadata=certificate.decode())
    return serving, trusting
