"""What the tests of access need of a browser: signing in, and its cookie."""

from typing import Any

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from charlton_intranet.accounts import passwords
from charlton_intranet.demo.cast import PASSWORD
from tests.conftest import Town


def text_of(answer: Any) -> str:
    return " ".join(answer.get_data(as_text=True).split())


def sign_in(browser: Any, box: str, password: str = PASSWORD, **more: Any) -> Any:
    email = box if "@" in box else f"{box}@charlton.example"
    return browser.submit("/sign-in", {"email": email, "password": password}, **more)


def cookie(browser: Any) -> str:
    found = browser.get_cookie("sid")
    assert found is not None
    return str(found.value)


def with_cookie(town: Town, value: str) -> Any:
    """Another browser that got hold of a cookie."""
    thief = town.client()
    thief.set_cookie("sid", value)
    return thief


def is_signed_in(browser: Any) -> bool:
    return bool(browser.get("/confirm").status_code == 200)


class CountingHasher(PasswordHasher):
    """The real argon2 at the tests' cost, counting what it computes."""

    def __init__(self) -> None:
        cost = CHEAPEST
        super().__init__(cost.time_cost, cost.memory_cost, cost.parallelism, cost.hash_len, cost.salt_len)
        self.computed = 0

    def hash(self, *args: Any, **kwargs: Any) -> str:
        self.computed += 1
        return super().hash(*args, **kwargs)

    def verify(self, *args: Any, **kwargs: Any) -> Any:
        self.computed += 1
        return super().verify(*args, **kwargs)


@pytest.fixture
def argon2(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    counting = CountingHasher()
    monkeypatch.setattr(passwords, "_hasher", counting)
    return counting
