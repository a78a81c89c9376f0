"""Password hashing: argon2id with the library's current defaults (RFC 9106, low-memory profile)."""

import secrets
from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """The encoded hash with its parameters and salt."""
    return _hasher.hash(password)


def matches(encoded: str | None, password: str) -> bool:
    """Whether ``password`` is the one; costs one argon2 computation whether or not there is a hash."""
    try:
        _hasher.verify(encoded or _decoy(), password)
    except (VerificationError, InvalidHashError):
        return False
    return encoded is not None


def needs_rehash(encoded: str) -> bool:
    """Whether the hash was made with older parameters than today's."""
    return _hasher.check_needs_rehash(encoded)


def _decoy() -> str:
    """A hash with today's parameters that no password has: random bytes, so that making it costs nothing."""
    salt, digest = (
        b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in (_hasher.salt_len, _hasher.hash_len)
    )
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"
