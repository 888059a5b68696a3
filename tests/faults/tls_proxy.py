"""A door with TLS before a PostgreSQL server that has none: it lets nobody in who does not ask for TLS first."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import select
import socket
import ssl
import struct
import threading
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from pathlib import Path

_SSL_REQUEST, _GSS_REQUEST = 80877103, 80877104


class TlsProxy:
    """Listens on a port of 127.0.0.1 and hands what comes over TLS on to a server's unix socket, or its port there.

    Attributes:
        certificate: What clients are to trust.
        port: Where it listens.
        let_in: Connections that asked for TLS.
        turned_away: Connections that did not.
    """

    def __init__(self, server: str | int, folder: Path | None = None, pair: tuple[Path, Path] | None = None) -> None:
        """Listen.

        Args:
            server: Its socket's path, or its port.
            folder: Where a certificate is to be made, if there is none.
            pair: Certificate and key to show.
        """
        self.certificate, key = pair or _self_signed(folder)
        self.let_in = self.turned_away = 0
        self._server = server
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(self.certificate, key)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._door.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._door.accept()
                threading.Thread(target=self._admit, args=[client], daemon=True).start()

    def _admit(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError, struct.error), client:
            while (code := struct.unpack("!ii", client.recv(8, socket.MSG_WAITALL))[1]) == _GSS_REQUEST:
                client.sendall(b"N")
            if code != _SSL_REQUEST:  # the beginning of a start-up packet in the clear
                self.turned_away += 1
                return
            client.sendall(b"S")
            with self._context.wrap_socket(client, server_side=True) as inside, self._connected() as server:
                self.let_in += 1
                _exchange(inside, server)

    def _connected(self) -> socket.socket:
        if isinstance(self._server, int):
            return socket.create_connection(("127.0.0.1", self._server))
        server = socket.socket(socket.AF_UNIX)
        server.connect(self._server)
        return server


def _exchange(client: ssl.SSLSocket, server: socket.socket) -> None:
    """Hand on what either side sends, until one of them has gone."""
    while True:
        # What TLS has read ahead is not for `select` to see.
        ready = [client] if client.pending() else select.select([client, server], [], [])[0]
        for side, other in ((client, server), (server, client)):
            if side in ready:
                data = side.recv(65536)
                if not data:
                    return
                other.sendall(data)


def _self_signed(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "server.crt", folder / "server.key"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_file, key_file
