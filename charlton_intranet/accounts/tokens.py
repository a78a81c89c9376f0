"""Random tokens handed to people, and the digest under which the database knows them."""

import hashlib
import secrets


def new_token() -> str:
    """256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """SHA-256: enough for a random token, and a stolen table gives no token away."""
    return hashlib.sha256(token.encode()).hexdigest()
