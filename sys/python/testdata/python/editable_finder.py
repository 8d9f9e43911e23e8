from __future__ import annotations
import sys
# The shape of what setuptools 78 writes for `pip install -e .` of a flat layout.
MAPPING: dict[str, str] = {'shop': '/srv/checkout/shop', 'wsgi': '/srv/checkout/wsgi'}
NAMESPACES: dict[str, list[str]] = {}
PATH_PLACEHOLDER = '__editable__.shop-1.0.finder' + ".__path_hook__"


def install():
    sys.path.append(PATH_PLACEHOLDER)
