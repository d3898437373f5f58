"""Who may call the practice Magento: signatures, bearer tokens, the admin's token, rights."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from app.practice.magento import PracticeMagento
from app.practice.magento.sign_in import signature
from app.practice.messages import Request
from tests.magento import KEYS, PASSWORD, StoreCaller, criteria
from tests.practice.conftest import port_of

NO_RIGHT = "The consumer isn't authorized to access {}."


@dataclass
class Time:
    """The store's clock; it stands still until it is moved."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def store(time: Time) -> Iterator[PracticeMagento]:
    with PracticeMagento(now=time, keys=KEYS) as store:
        yield store


@pytest.fixture
def caller(store: PracticeMagento) -> StoreCaller:
    return StoreCaller(port_of(store.url))


def configs(caller: StoreCaller) -> tuple[int, str]:
    answer = caller.call("GET", "store/storeConfigs")
    return answer.status, "" if answer.status == 200 else answer.text


def test_the_example_of_rfc_5849_has_the_signature_that_stands_there() -> None:
    """Section 1.2, the request for the photograph (HMAC-SHA1)."""
    given = {
        "oauth_consumer_key": "dpf43f3p2l4k3l03",
        "oauth_token": "nnch734d00sl2jdk",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "137131202",
        "oauth_nonce": "chapoH",
    }
    query = "file=vacation.jpg&size=original"
    request = Request("GET", "/photos", {"host": "photos.example.net"}, b"", query)
    keys = ("kd94hf93k423kf44", "pfkkdhi9sl3r4s00")
    assert signature(request, given, keys) == "MdpQcU8iPSUjWoN/UDMsK2sui9I="


def test_a_signed_call_passes_and_brackets_are_part_of_it(caller: StoreCaller) -> None:
    assert configs(caller) == (200, "")
    found = caller.call(
        "GET", "orders", query=criteria(("[pageSize]", "2"), ("[currentPage]", "1"))
    )
    assert (found.status, found.body["total_count"]) == (200, 0)


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ({"consumer_secret": "x"}, "The signature is invalid. Verify and try again."),
        ({"access_token_secret": "x"}, "The signature is invalid. Verify and try again."),
        ({"consumer_key": "x"}, "A consumer having the specified key does not exist"),
        ({"access_token": "x"}, "Specified token does not exist"),
    ],
)
def test_wrong_keys(caller: StoreCaller, keys: dict[str, str], text: str) -> None:
    caller.keys = KEYS | keys
    assert configs(caller) == (401, text)


def test_a_revoked_integration(store: PracticeMagento, caller: StoreCaller) -> None:
    store.revoke()
    assert configs(caller) == (401, "Access token has been revoked")
    store.revoke(False)
    assert configs(caller) == (200, "")


def test_sha1_is_refused_from_2_4_4_on(store: PracticeMagento, caller: StoreCaller) -> None:
    caller.method = "HMAC-SHA1"
    assert configs(caller) == (400, "Signature method HMAC-SHA1 is not supported")
    store.version("2.4.3")
    assert configs(caller) == (200, "")


def test_only_a_clock_that_is_far_ahead_is_refused(caller: StoreCaller) -> None:
    caller.clock_ahead_s = 700
    said = "Incorrect timestamp value in the oauth_timestamp parameter"
    assert configs(caller) == (400, said)
    caller.clock_ahead_s = -90_000
    assert configs(caller) == (200, "")


def test_a_nonce_works_once(caller: StoreCaller) -> None:
    header = {"Authorization": caller._signed("GET", "/rest/V1/store/storeConfigs", ())}
    first = caller.call("GET", "store/storeConfigs", headers=header)
    again = caller.call("GET", "store/storeConfigs", headers=header)
    assert (first.status, again.status) == (200, 401)
    assert again.text == "The nonce is already being used by the consumer with ID 1"


def test_the_integrations_token_as_bearer_needs_the_setting_from_2_4_4_on(
    store: PracticeMagento, caller: StoreCaller
) -> None:
    caller.token = KEYS["access_token"]
    assert configs(caller) == (401, NO_RIGHT.format("Magento_Backend::store"))
    store.bearer()
    assert configs(caller) == (200, "")
    store.bearer(False)
    store.version("2.4.3")
    assert configs(caller) == (200, "")


def test_a_missing_right_reads_like_a_bad_token(
    store: PracticeMagento, caller: StoreCaller
) -> None:
    store.right("Magento_Sales::ship")
    order = store.add_order("000000001")["entity_id"]
    refused = caller.ship(order, [])
    assert (refused.status, refused.text) == (401, NO_RIGHT.format("Magento_Sales::ship"))
    caller.token = "no such token"
    assert caller.ship(order, []).body == refused.body


def sign_in(caller: StoreCaller, password: str = PASSWORD) -> tuple[int, str]:
    body = {"username": "admin", "password": password}
    answer = caller.call("POST", "integration/admin/token", body)
    return answer.status, str(answer.body) if answer.status == 200 else answer.text


def test_the_admins_token_lasts_for_hours(caller: StoreCaller, time: Time) -> None:
    status, caller.token = sign_in(caller)
    assert (status, configs(caller)) == (200, (200, ""))
    time.at += timedelta(hours=4, seconds=1)
    assert configs(caller) == (401, NO_RIGHT.format("Magento_Backend::store"))
    caller.token = sign_in(caller)[1]
    assert configs(caller) == (200, "")


def test_six_wrong_passwords_lock_the_account_for_half_an_hour(
    caller: StoreCaller, time: Time
) -> None:
    wrong = [sign_in(caller, "guess") for _ in range(6)]
    assert set(wrong) == {sign_in(caller)}  # the right one too, and with the same words
    assert wrong[0][0] == 401
    time.at += timedelta(minutes=31)
    assert sign_in(caller)[0] == 200


def test_empty_fields_are_named(caller: StoreCaller) -> None:
    answer = caller.call("POST", "integration/admin/token", {"username": "admin"})
    assert answer.status == 400
    assert [one["parameters"]["fieldName"] for one in answer.body["errors"]] == ["password"]


def test_two_factor(store: PracticeMagento, caller: StoreCaller) -> None:
    store.two_factor()
    status, text = sign_in(caller)
    assert status == 400
    assert text.startswith("Please use the 2fa provider-specific endpoints")
    body = {"username": "admin", "password": PASSWORD, "otp": "123456"}
    answer = caller.call("POST", "tfa/provider/google/authenticate", body)
    caller.token = answer.body
    assert configs(caller) == (200, "")
    wrong = caller.call("POST", "tfa/provider/google/authenticate", body | {"otp": "1"})
    assert wrong.status == 400


@pytest.mark.parametrize(
    "act", [lambda store: store.version("two"), lambda store: store.right("Magento_Sales::fly")]
)
def test_what_cannot_be_set_is_said(
    store: PracticeMagento, act: Callable[[PracticeMagento], object]
) -> None:
    with pytest.raises(ValueError, match=r"looks like 2\.4\.7|there is no right"):
        act(store)
