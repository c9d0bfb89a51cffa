"""The broker by TLS: it must show a certificate of a known authority, and in its own name."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chassis import clock
from chassis.broker import BrokerGone, Line

Front = Callable[[str], str]


def write_certificate(directory: Path, host: str) -> Path:
    """Write a certificate for a host, which is its own authority, and its key into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() - timedelta(days=1))
        .not_valid_after(clock.now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = directory / f"{host}.pem"
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return file


def carry(source: socket.socket, target: socket.socket) -> None:
    """Pass bytes on until one side ends."""
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def tls_before(broker: tuple[str, int], certificate: Path) -> Iterator[int]:
    """Stand before a broker and speak TLS; yields the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def serve() -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            try:
                visitor = context.wrap_socket(plain, server_side=True)
            except OSError:
                plain.close()
                continue
            server = open_ends.enter_context(socket.create_connection(broker))
            open_ends.enter_context(visitor)
            for pair in ((visitor, server), (server, visitor)):
                threading.Thread(target=carry, args=pair, daemon=True).start()

    with ExitStack() as open_ends, socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def front(amqp_uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Front]:
    """Give what puts TLS before the broker in the name of a host, with its authority known."""
    parts = urlsplit(amqp_uri)
    user = parts.netloc.rpartition("@")[0]
    with ExitStack() as fronts:

        def put(host: str) -> str:
            certificate = write_certificate(tmp_path, host)
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
            broker = (str(parts.hostname), int(parts.port or 5672))
            port = fronts.enter_context(tls_before(broker, certificate))
            return f"amqps://{user}@localhost:{port}{parts.path}"

        yield put


def test_a_broker_with_a_certificate_in_its_name_is_spoken_to(front: Front) -> None:
    """The authority is the one that SSL_CERT_FILE names."""
    line = Line(front("localhost"), "test of tls")
    line.channel()
    line.close()


def test_a_broker_with_a_certificate_in_another_name_is_refused(front: Front) -> None:
    """Whoever has some certificate of the same authority cannot stand in for the broker."""
    with pytest.raises(BrokerGone, match="SSLCertVerificationError"):
        Line(front("elsewhere"), "test of tls")


def test_a_broker_with_an_unknown_authority_is_refused(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A certificate that anybody made for himself proves nothing."""
    address = front("localhost")
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(BrokerGone, match="SSLCertVerificationError"):
        Line(address, "test of tls")


def test_green_threads_speak_tls_too(front: Front) -> None:
    """A service's process patches the standard library before it connects."""
    program = (
        "from chassis import green; green.patch()\n"
        "import sys; from chassis.broker import Line\n"
        "line = Line(sys.argv[1], 'test of tls'); line.channel(); line.close()\n"
    )
    command = [sys.executable, "-W", "ignore", "-c", program, front("localhost")]
    assert subprocess.run(command, timeout=60, check=False).returncode == 0  # noqa: S603 - our own
