"""Signing in to a store: what its one 401 means, and the lines of a connection test."""

from datetime import timedelta

import pytest

from app.core.clock import from_ms
from app.core.errors import (
    BackhaulError,
    BugError,
    CredentialsRejected,
    PermissionMissing,
    RemoteUnavailable,
    SecretUnavailable,
    SetupChanged,
    TransientError,
)
from app.core.words import Catalogue
from app.integrations.base import CheckStep
from app.integrations.magento import KIND
from app.integrations.magento.signing import Keys, base_string, sign
from app.practice.magento import PracticeMagento
from app.practice.shelf import Document
from tests.fakes.clock import FakeClock
from tests.integrations.contract import REQUEST_ID
from tests.integrations.magento.conftest import ORDER, OTHER, Connect, a_shipment
from tests.magento import KEYS, NUMBER

ADMIN = {"sign_in": "admin", "admin_user": "admin"}


def test_base_string_of_rfc_5849() -> None:
    """Section 3.4.1.1, without the body's parameters, which JSON does not have."""
    params = {
        "b5": "=%3D", "a3": "a", "c@": "", "a2": "r b",
        "oauth_consumer_key": "9djdj82h48djs9d2", "oauth_token": "kkk9d7dh3k39sjv7",
        "oauth_signature_method": "HMAC-SHA1", "oauth_timestamp": "137131201",
        "oauth_nonce": "7d8f3e4a",
    }  # fmt: skip
    assert base_string("post", "http://EXAMPLE.COM:80/request", params) == (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3Da%26b5%3D%253D%25253D%26"
        "c%2540%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26"
        "oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26"
        "oauth_token%3Dkkk9d7dh3k39sjv7"
    )


def test_a_nonce_is_new_every_time() -> None:
    keys = Keys(**KEYS)
    calls = {sign(keys, "GET", "https://shop.example/rest/V1/orders", {}, now_s=1) for _ in "ab"}
    assert len(calls) == 2
    assert all(KEYS["consumer_secret"] not in call for call in calls)
    assert KEYS["access_token_secret"] not in repr(keys)


def failed(connect: Connect, **settings: str) -> BackhaulError:
    with pytest.raises(BackhaulError) as caught:
        connect(**settings).write(a_shipment(), REQUEST_ID)
    return caught.value


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("consumer_key", "mg_keys"),
        ("access_token", "mg_keys"),
        ("consumer_secret", "mg_signature"),
        ("access_token_secret", "mg_signature"),
    ],
)
def test_a_wrong_key(order: Document, connect: Connect, name: str, code: str) -> None:
    error = failed(connect, **{name: "wrong"})
    assert (type(error), error.code) == (CredentialsRejected, code)


def test_a_revoked_integration(store: PracticeMagento, order: Document, connect: Connect) -> None:
    store.revoke()
    error = failed(connect)
    assert (error.code, error.params["message"]) == ("mg_keys", "Access token has been revoked")


def test_a_missing_right_is_named_and_nothing_was_sent(
    store: PracticeMagento, order: Document, connect: Connect
) -> None:
    store.right("Magento_Sales::ship")
    error = failed(connect)
    assert type(error) is PermissionMissing
    assert error.params["resource"] == "Sales > Operations > Orders > Actions > Ship"
    assert store.tracks(ORDER) == []
    store.right("Magento_Sales::ship", True)
    assert connect().write(a_shipment(), REQUEST_ID).remote_id


def test_no_right_at_all_is_the_sign_in(
    store: PracticeMagento, order: Document, connect: Connect
) -> None:
    body = {"message": "The consumer isn't authorized to access %resources.",
            "parameters": {"resources": "Magento_Sales::actions_view"}}  # fmt: skip
    store.fault("status", times=None, code=401, body=body)
    assert failed(connect).code == "mg_keys"


def test_a_clock_that_is_ahead(order: Document, connect: Connect, store: PracticeMagento) -> None:
    body = {"message": "Incorrect timestamp value in the oauth_timestamp parameter"}
    store.fault("status", code=400, body=body)
    error = failed(connect)  # by how much is not known: that answer has no date
    assert (type(error), error.code) == (SetupChanged, "mg_clock")


def test_a_clock_that_is_ahead_is_told_by_how_much(
    order: Document, connect: Connect, store: PracticeMagento, clock: FakeClock
) -> None:
    theirs = from_ms(clock.now_ms() - 900_000)
    for part in (store._rest, store._rest._sign_in):
        part._now = lambda: theirs
    error = failed(connect)
    assert (type(error), error.code) == (SetupChanged, "mg_clock_ahead")
    said = Catalogue(KIND.sentences).say(error.code, error.params).summary
    assert said == "The clock of this computer is 15 min ahead of the store's"


def test_a_way_to_sign_that_a_store_does_not_know_is_our_fault(
    order: Document, connect: Connect, store: PracticeMagento
) -> None:
    body = {"message": "Signature method %1 is not supported", "parameters": ["HMAC-SHA256"]}
    store.fault("status", code=400, body=body)
    assert type(failed(connect)) is BugError


def test_a_missing_key_is_said(order: Document, connect: Connect) -> None:
    error = failed(connect, access_token=" ")
    assert (type(error), error.params["label"]) == (SecretUnavailable, "Access token")


def sign_ins(store: PracticeMagento) -> int:
    return sum(seen.path.endswith("/admin/token") for seen in store.requests)


def test_a_persons_token_is_fetched_once_and_renewed_once(
    store: PracticeMagento, order: Document, connect: Connect, clock: FakeClock
) -> None:
    target = connect(**ADMIN)
    target.look(a_shipment(), REQUEST_ID)
    target.look(a_shipment(), REQUEST_ID)
    assert sign_ins(store) == 1
    clock.advance(timedelta(hours=4, seconds=1).total_seconds())
    target.write(a_shipment(), REQUEST_ID)
    assert sign_ins(store) == 2
    assert store.tracks(ORDER) == [NUMBER]


def test_a_wrong_password_is_sent_once(
    store: PracticeMagento, order: Document, connect: Connect
) -> None:
    error = failed(connect, admin_password="wrong", **ADMIN)
    assert (type(error), error.code, sign_ins(store)) == (CredentialsRejected, "mg_password", 1)


def test_a_missing_right_of_a_person_asks_for_one_new_token_only(
    store: PracticeMagento, order: Document, connect: Connect
) -> None:
    store.right("Magento_Sales::ship")
    target = connect(**ADMIN)
    target.look(a_shipment(tracking=OTHER), REQUEST_ID)
    with pytest.raises(PermissionMissing):
        target.write(a_shipment(), REQUEST_ID)
    assert sign_ins(store) <= 2


def test_a_persons_token_may_run_out_again_and_again(
    store: PracticeMagento, order: Document, connect: Connect, clock: FakeClock
) -> None:
    """Whoever signed in himself this morning must not hear this afternoon that a right is
    missing."""
    target = connect(**ADMIN)
    for _ in range(3):
        assert target.look(a_shipment(), REQUEST_ID) is None
        clock.advance(timedelta(hours=5).total_seconds())
    assert sign_ins(store) == 3


def test_a_token_is_for_the_store_and_the_person_it_was_given_to(
    store: PracticeMagento, order: Document, connect: Connect
) -> None:
    connect(**ADMIN).look(a_shipment(), REQUEST_ID)
    with PracticeMagento(keys=KEYS) as other:
        other.add_order(ORDER, [{"sku": "CARDS"}])
        connect(**ADMIN, base_url=other.url).look(a_shipment(), REQUEST_ID)
        assert sign_ins(other) == 1
    error = failed(connect, sign_in="admin", admin_user="somebody")
    assert error.code == "mg_password"


@pytest.mark.parametrize("kind", ["lost_reply", "bad_gateway"])
def test_a_lost_token_is_no_lost_shipment(
    store: PracticeMagento, order: Document, connect: Connect, kind: str
) -> None:
    store.fault(kind, path="admin/token")
    assert type(failed(connect, **ADMIN)) is RemoteUnavailable
    store.fault(kind, path="admin/token")
    with pytest.raises(RemoteUnavailable):
        connect(**ADMIN).look(a_shipment(), REQUEST_ID)
    assert connect(**ADMIN).write(a_shipment(), REQUEST_ID).remote_id


@pytest.mark.parametrize("body", [{"token": "CANARY"}, "", 7])
def test_a_token_that_is_none(
    store: PracticeMagento, order: Document, connect: Connect, body: object
) -> None:
    store.fault("status", code=200, path="admin/token", body=body)
    error = failed(connect, **ADMIN)
    assert (type(error), error.code) == (TransientError, "mg_drift")
    assert "CANARY" not in error.excerpt


def test_an_answer_to_the_sign_in_that_is_no_json(
    store: PracticeMagento, order: Document, connect: Connect
) -> None:
    store.fault("garbage", path="admin/token")
    assert failed(connect, **ADMIN).code == "mg_drift"


def test_a_token_is_taken_out_of_what_the_store_says(
    store: PracticeMagento, order: Document, connect: Connect
) -> None:
    target = connect(**ADMIN)
    target.look(a_shipment(), REQUEST_ID)
    (token,) = store._shop.values["tokens"]
    store.fault("status", method="POST", path="ship", code=400, body={"message": f"no: {token}"})
    with pytest.raises(BackhaulError) as caught:
        target.write(a_shipment(), REQUEST_ID)
    assert token not in caught.value.excerpt + str(caught.value.params["message"])


def test_a_person_is_not_told_of_keys(
    store: PracticeMagento, order: Document, connect: Connect
) -> None:
    store.fault("status", times=None, code=401, path="orders", body={"message": "Go away"})
    assert failed(connect, **ADMIN).code == "mg_password"


def test_a_missing_right_of_a_person_says_where_people_get_theirs(
    store: PracticeMagento, order: Document, connect: Connect
) -> None:
    store.right("Magento_Sales::shipment")
    error = failed(connect, **ADMIN)
    said = Catalogue(KIND.sentences).say(error.code, error.params)
    assert "Sales > Operations > Shipments" in said.summary
    assert "User Roles" in said.hint
    found = steps(connect, **ADMIN)["May read shipments"].text
    assert found == (
        "Give this person's role this right in Magento: Sales > Operations > Shipments"
    )


def test_two_factor_is_explained(store: PracticeMagento, order: Document, connect: Connect) -> None:
    store.two_factor()
    error = failed(connect, **ADMIN)
    said = Catalogue(KIND.sentences).say(error.code, error.params)
    assert "code from a phone" in said.summary
    assert "integration" in said.hint


def steps(connect: Connect, **settings: str) -> dict[str, CheckStep]:
    return {step.title: step for step in connect(**settings).check()}


def test_a_connection_test(store: PracticeMagento, connect: Connect) -> None:
    found = steps(connect)
    assert found["The store answers"].text == (
        "Magento/2.4 (Community), signed in with the keys of an integration"
    )
    assert found["Store views"].text == "default"
    assert found["May read orders"].passed is True
    assert found["May ship orders"].passed is None
    store.right("Magento_Sales::shipment")
    right = steps(connect)["May read shipments"]
    assert right.passed is False
    assert "Sales > Operations > Shipments" in right.text


def test_rights_that_not_everybody_needs_are_no_fault(
    store: PracticeMagento, connect: Connect
) -> None:
    found = steps(connect)
    assert (found["May read invoices"].passed, found["May read products"].passed) == (True, True)
    for title, deed in (
        ("May invoice orders", "making an invoice"),
        ("May comment orders", "writing a comment"),
        ("May change products", "changing one"),
    ):
        assert (found[title].passed, deed in found[title].text) == (None, True)
    assert "May read the stock of north" not in found
    for right in ("Sales::sales_invoice", "Catalog::products", "InventoryApi::source"):
        store.right(f"Magento_{right}")
    found = steps(connect, stock_source="north")
    for title, where in (
        ("May read invoices", "Needed only where Backhaul invoices orders. Give the integration"),
        ("May read products", "Needed only where products are sent. Give the integration"),
        ("May read the stock of north", "Stores > Inventory > Sources"),
    ):
        assert (found[title].passed, where in found[title].text) == (None, True)


def test_clocks_that_differ_are_said(
    store: PracticeMagento, connect: Connect, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert steps(connect)["The clocks agree"].passed is True
    theirs = from_ms(clock.now_ms() - 420_000)
    monkeypatch.setattr(store._rest, "_now", lambda: theirs)
    step = steps(connect)["The clocks agree"]
    assert (step.passed, step.text) == (
        None, "This computer is 7 min ahead of the store. Set its clock."
    )  # fmt: skip


def test_a_wrong_address_is_said(store: PracticeMagento, connect: Connect) -> None:
    for settings in ({"api_path": "shop/rest"}, {"api_path": "rest/nowhere"}):
        with pytest.raises(SetupChanged) as caught:
            steps(connect, **settings)
        assert caught.value.code == "mg_no_interface"
