"""Keys and sealing: what a store keeps of people is ciphertext, and its key file lies outside the store.

Every person has a data key of their own. It seals the person's name, consents, templates and corrections (AES-256-GCM,
NIST SP 800-38D, random 96-bit nonces) and is itself sealed by the store's key, so a new store key needs no new
templates. The associated data of each ciphertext names store, table, row and person: one moved elsewhere no longer
opens.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bitfast_faces.errors import FacesError

KEY_BYTES = 32
_NONCE_BYTES = 12
_HEAD = "bitfast-faces key 1"


@dataclass(frozen=True)
class Key:
    """A store's key, 32 random bytes; `path` is the file it was read from."""

    secret: bytes = field(repr=False)
    path: Path | None = None

    def derived(self, use: str, store: bytes) -> bytes:
        """32 bytes for one use in one store (HKDF-SHA-256, RFC 5869)."""
        return HKDF(hashes.SHA256(), KEY_BYTES, salt=store, info=f"bitfast-faces {use}".encode()).derive(self.secret)

    def check(self, store: bytes) -> bytes:
        """What a store keeps to know its key again; it tells nothing of the key."""
        return hmac.digest(self.derived("check", store), b"key", "sha256")


def default_key_file() -> Path:
    """$BITFAST_FACES_KEY, or a file in the user's configuration folder."""
    named = os.environ.get("BITFAST_FACES_KEY")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "bitfast-faces" / "key"


def new_key(path: Path) -> Key:
    """Writes a new key, readable by its owner only; an existing file is never touched (FacesError).

    It is written beside, and given its name when it is whole: what fails half way leaves nothing.
    """
    tried = f"Making the key file {path}."
    secret = os.urandom(KEY_BYTES)
    beside = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{_HEAD}\n{base64.b64encode(secret).decode()}\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path)  # fails if there is a file already, unlike a renaming
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # the name too: a store must not outlive its key
        finally:
            os.close(folder)
    except FileExistsError:
        raise FacesError(
            tried, "There is a file already.", "Choose another path; keys are never overwritten."
        ) from None
    except OSError as error:
        raise FacesError(tried, f"{error.strerror}.", "Choose a folder that you may write to.") from None
    finally:
        with suppress(OSError):  # there is none if it could not be made
            beside.unlink()
    return Key(secret, path)


def read_key(path: Path) -> Key:
    """The key in a file; FacesError if it is not there, not a key, or readable by others."""
    tried = f"Reading the key file {path}."
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        advice = "Name it by --key or BITFAST_FACES_KEY, or make one: bitfast-faces key new."
        raise FacesError(tried, "There is no such file.", advice) from None
    except (OSError, UnicodeDecodeError) as error:
        raise FacesError(tried, f"It cannot be read: {error}.", "Name the right file by --key.") from None
    if stat.S_IMODE(mode) & 0o077:
        raise FacesError(tried, "Others than its owner may read or write it.", f"chmod 600 {path}")
    lines = text.split()
    try:
        secret = base64.b64decode(lines[-1], validate=True)
    except (IndexError, binascii.Error):
        secret = b""
    if " ".join(lines[:-1]) != _HEAD or len(secret) != KEY_BYTES:
        raise FacesError(tried, "It is not a key of bitfast-faces.", "Name the right file by --key.")
    return Key(secret, path)


def seal(key: bytes, plain: bytes, store: bytes, *place: int | str) -> bytes:
    """Nonce, ciphertext and tag, 28 bytes longer than `plain`, bound to a store (16 bytes) and a place in it."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, _associated(store, place))


def unseal(key: bytes, sealed: bytes, store: bytes, *place: int | str) -> bytes:
    """What was sealed for this place; FacesError if the bytes, the place or the key are not the same."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _associated(store, place))
    except (InvalidTag, ValueError):
        raise damaged(" ".join(map(str, place))) from None


def damaged(what: str) -> FacesError:
    """The error for a store whose contents are not what was written."""
    return FacesError(
        "Reading the store of faces.",
        f"It is damaged: {what} is not as it was written.",
        "Restore the store from a backup; bitfast-faces check reads all of it.",
    )


def _associated(store: bytes, place: tuple[int | str, ...]) -> bytes:
    """One sequence of bytes for one place: the store's number has 16 bytes, and no part has a NUL."""
    return store + "\0".join(map(str, place)).encode()


def digest(parts: Iterable[bytes]) -> str:
    """The SHA-256 of a set of ciphertexts, whatever their order."""
    return hashlib.sha256(b"".join(sorted(hashlib.sha256(part).digest() for part in parts))).hexdigest()
