"""What may be typed as a setting, and what a person is told when it may not."""

from pathlib import Path

import pytest

from app.core.errors import Param, UsageError
from app.integrations.printsmith import KIND
from app.integrations.printsmith.settings import SETTINGS, Settings, read_settings

URL = "https://printsmith.example:8443/bridge"


def settings(**stored: Param) -> Settings:
    return read_settings({"base_url": URL, **stored})


def refused(**stored: Param) -> UsageError:
    with pytest.raises(UsageError) as caught:
        settings(**stored)
    return caught.value


def test_the_defaults_of_the_contract() -> None:
    found = settings()
    assert found.charge_name == "ShipLeap Tracking"
    assert (found.notes_mode, found.notes_max, found.writes_cost) == ("merge", 255, False)
    assert (found.timeout_s, found.poll_locked_s, found.min_free_sessions) == (30, 60, 2)
    assert found.read_path == "/invoices/{invoice}"


def test_the_address_is_needed() -> None:
    with pytest.raises(UsageError, match="setting_needed"):
        read_settings({})


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8321",
        "http://127.0.0.1:8321",
        "http://192.168.1.20:8080/printsmith",
        "https://[::1]:8443",
        "https://printsmith",
        "HTTPS://printsmith.example",
    ],
)
def test_addresses_of_a_shop(url: str) -> None:
    assert settings(base_url=url + "/").base_url == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "printsmith.example",
        "file:///etc/passwd",
        "gopher://printsmith.example",
        "ftp://printsmith.example",
        "http://",
        "http://user@printsmith.example",
        "http://user:pass@printsmith.example",
        "http://printsmith.example?x=1",
        "http://printsmith.example/#a",
        "http://print smith.example",
        "http://printsmith.example\\@evil.example",
        "http://printsmith.example:99999",
        "http://169.254.169.254",
        "http://169.254.169.254./latest",
        "http://169.254.1.1",
        "http://2852039166",
        "http://0xa9fea9fe",
        "http://169.254.43518",
        "http://169。254。169。254",
        "http://１６９.254.169.254",  # noqa: RUF001 - full-width digits
        "http://[fe80::1]",
        "http://[fe80::1%25eth0]",
        "http://[::ffff:169.254.169.254]",
        "http://[fd00:ec2::254]",
        "http://100.100.100.200",
        "http://metadata.google.internal",
        "http://METADATA.google.internal.",
        "http://0.0.0.0",
        "http://224.0.0.1",
    ],
)
def test_addresses_that_are_refused(url: str) -> None:
    assert refused(base_url=url).params["name"] == "base_url"


def test_a_password_typed_into_the_address_is_not_repeated() -> None:
    assert "pa55word" not in str(refused(base_url="http://me:pa55word@printsmith.example"))


@pytest.mark.parametrize("name", ["ShipLeap Tracking ", " ShipLeap Tracking", "Ship\tLeap\t"])
def test_a_space_at_an_end_of_the_charge_name_is_an_error(name: str) -> None:
    assert "space" in str(refused(charge_name=name).params["mend"])


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "x" * 101])
def test_other_charge_names_that_are_refused(name: str) -> None:
    assert refused(charge_name=name).params["name"] == "charge_name"


def test_a_charge_name_keeps_its_inner_spaces() -> None:
    assert settings(charge_name="Tracking  No. Ä").charge_name == "Tracking  No. Ä"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timeout_s", "soon"),
        ("timeout_s", "0"),
        ("timeout_s", "nan"),
        ("notes_max", "12.5"),
        ("notes_max", "5"),
        ("min_free_sessions", "-1"),
        ("poll_locked_s", "inf"),
        ("notes_mode", "append"),
        ("token_in", "query"),
        ("write_cost", "yes"),
        ("ca_file", "/nowhere/ca.pem"),
        ("probe_path", "health"),
        ("probe_path", "//evil.example/health"),
        ("probe_path", "/health?deep=1"),
        ("read_path", "/invoices"),
        ("read_path", "/invoices/{invoice}/{secret}"),
        ("read_path", "/invoices/{invoice"),
        ("write_path", "/invoices/{invoice}"),
    ],
)
def test_what_is_refused_is_named_with_a_mend(name: str, value: str) -> None:
    error = refused(**{name: value})
    assert (error.code, error.params["name"], error.params["value"]) == ("setting_bad", name, value)
    assert error.params["mend"]


def test_a_token_in_the_path_needs_its_place_in_every_path() -> None:
    places = {
        "probe_path": "/{token}/health",
        "read_path": "/{token}/invoices/{invoice}",
        "write_path": "/{token}/invoices/{invoice}/charges/{charge}",
    }
    assert settings(token_in="path", **places).token_in == "path"
    assert refused(token_in="path").params["name"] == "probe_path"
    assert refused(token_in="path", **(places | {"read_path": "/i/{invoice}"})).params["name"] == (
        "read_path"
    )
    assert refused(token_in="header", **places).params["name"] == "probe_path"


def test_a_private_authority_is_an_existing_file(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("x")
    assert settings(ca_file=str(file)).ca_file == str(file)


def test_connections_to_one_server_have_one_key() -> None:
    keys = {
        settings(base_url=url).server_key
        for url in ("http://Shop:80/a", "http://shop/b", "http://shop:80")
    }
    assert keys == {"shop:80"}
    assert settings(base_url="https://shop").server_key == "shop:443"


def test_every_default_passes_its_own_check() -> None:
    for field in SETTINGS:
        if field.default is not None:
            assert field.parse(str(field.default)) == field.default
        assert field.label
        assert field.help


def test_the_kind_says_what_is_not_known() -> None:
    text = " ".join(KIND.caveats)
    assert "Nobody has tried this with a real PrintSmith" in text
    assert "connector is needed" in text
