"""A password -> what is stored of it, and whether another one is the same.

Hashed by scrypt (RFC 7914) with a salt of its own; the costs are stored beside it, so that they
can be raised without a new password.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from index.errors import InputError

COST, BLOCK, LANES = 2**15, 8, 1
"""Each try takes 32 MB and some 0.1 s, which makes guessing expensive."""

SALT_BYTES = 16
SHORTEST, LONGEST = 8, 1024


def hash_password(password: str) -> str:
    """What is stored of a password. Raises InputError for one that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(f"A password has {SHORTEST} to {LONGEST} characters: choose another.")
    salt = secrets.token_bytes(SALT_BYTES)
    return _packed(password, salt, COST, BLOCK, LANES)


def is_password(password: str, stored: str) -> bool:
    """Whether `stored` was made from this password; as slow for a wrong one as for the right."""
    _, cost, block, lanes, salt, _ = stored.split("$")
    again = _packed(password, base64.b64decode(salt), int(cost), int(block), int(lanes))
    return hmac.compare_digest(again.encode(), stored.encode())


def _packed(password: str, salt: bytes, cost: int, block: int, lanes: int) -> str:
    memory = 256 * cost * block  # twice what it takes: OpenSSL wants to be allowed that
    secret = password[:LONGEST].encode("utf-8", "surrogatepass")
    digest = hashlib.scrypt(secret, salt=salt, n=cost, r=block, p=lanes, maxmem=memory)
    encoded = (base64.b64encode(part).decode() for part in (salt, digest))
    return "$".join(("scrypt", str(cost), str(block), str(lanes), *encoded))
