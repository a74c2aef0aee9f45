"""The examples in docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import kg

MODULES = [
    module.name
    for module in pkgutil.walk_packages(kg.__path__, "kg.")
    if not module.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module_hold(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples():
    tried = sum(doctest.testmod(importlib.import_module(name)).attempted for name in MODULES)
    assert tried >= 10
