"""Password hashing: argon2id with the library's current defaults (RFC 9106, low-memory profile)."""

from functools import lru_cache

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


@lru_cache(maxsize=1)
def _decoy() -> str:
    return _hasher.hash("nobody has this password")
