"""Settings: one table, read at the edge."""

import pytest

from server.settings import TABLE, read_settings


def test_without_anything_the_defaults_hold():
    settings = read_settings([], {})
    assert (settings.host, settings.port, settings.timeout, settings.base) == ("127.0.0.1", 8000, 30, "")


def test_a_flag_wins_over_the_environment_and_that_over_the_default():
    environment = {"CEKG_PORT": "8001", "CEKG_TIMEOUT": "5"}
    settings = read_settings(["--port", "8002"], environment)
    assert (settings.port, settings.timeout, settings.host) == (8002, 5, "127.0.0.1")


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["--port", "many"], {}, "--port: 'many' is not a whole number from 0 to 65535"),
        (["--port", "65536"], {}, "--port: '65536' is not a whole number"),
        (["--timeout", "0"], {}, "--timeout: '0' is not a number of seconds above 0"),
        (["--timeout", "nan"], {}, "--timeout: 'nan' is not a number of seconds above 0"),
        (["--workers", "0"], {}, "--workers: '0' is not a whole number from 1"),
        (["--base", "example.org"], {}, "--base: 'example.org' is not an address"),
        (["--host", ""], {}, "--host: the address to listen on is empty"),
        (["--grace", "-1"], {}, "--grace: '-1' is not a number of seconds above 0"),
        (["--access-log", "xml"], {}, "--access-log: 'xml' is none of json, full, off"),
        (["--rate-limit", "-1"], {}, "--rate-limit: '-1' is not a whole number from 0"),
        (["--trusted-proxies", "10.0.0.0/99"], {}, "--trusted-proxies: '10.0.0.0/99' does not appear to be"),
        (["--trusted-proxies", "proxy.example"], {}, "give addresses or networks such as 10.0.0.0/8"),
        ([], {"CEKG_MEMORY": "-1"}, "CEKG_MEMORY: '-1' is not a whole number from 64"),
        (["--prot", "1"], {}, "unrecognized arguments: --prot 1"),
    ],
)
def test_a_bad_value_ends_with_code_2_and_names_where_it_stands(arguments, environment, said, capsys):
    with pytest.raises(SystemExit) as ended:
        read_settings(arguments, environment)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("setting", TABLE, ids=lambda setting: setting.name)
def test_help_explains_every_setting(setting, capsys):
    with pytest.raises(SystemExit):
        read_settings(["--help"], {})
    shown = " ".join(capsys.readouterr().out.split())
    assert f"{setting.flag} {setting.placeholder}" in shown
    assert setting.reason in shown
    assert setting.variable in shown
