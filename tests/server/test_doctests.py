"""The examples in docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import server

MODULES = [module.name for module in pkgutil.walk_packages(server.__path__, "server.") if not module.ispkg]


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module_hold(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples():
    assert sum(doctest.testmod(importlib.import_module(name)).attempted for name in MODULES) >= 15
