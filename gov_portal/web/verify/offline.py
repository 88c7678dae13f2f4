"""Compose the page that verifies licences without a network: one file with its own script, style, keys and lists.

It is a file to take along. Its policy lets it reach nothing and run nothing but its own script; here it is only ever
sent as a download, so that no page of the platform runs a script that stands in the page.
"""

import json
import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Response, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from gov_portal.documents.attributes import CLAIMS_ATTRIBUTE_DER
from gov_portal.licences.listing import AUTHORITY
from gov_portal.web.base.access import requires
from gov_portal.web.base.blueprint import assets
from gov_portal.web.base.english import english
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from gov_portal.web.verify.offline_words import words
from identity.permissions import Permission

SOURCES = Path(__file__).with_name("offline_file")
MODULES = ("bytes", "der", "certificates", "seal", "tokens", "verdict", "page")
"""In the order in which they need each other."""

FILE_NAME = "verify-offline.html"

_POLICY = (
    "default-src 'none'; script-src 'sha256-{script}'; style-src 'sha256-{style}'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)


@requires(Permission.VERIFY_LICENCE)
def offline() -> ResponseReturnValue:
    """Say what the file does and cannot know, and where to get it and newer lists."""
    lists = range(services().status_lists.newest() + 1)
    return render_template("verify/offline.html", lists=lists)


@requires(Permission.VERIFY_LICENCE)
def offline_file() -> ResponseReturnValue:
    """Send the file with the lists of this moment."""
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return Response(composed(), content_type="text/html; charset=utf-8", headers=headers)


def composed() -> str:
    """Return the file."""
    parts = {"script": script(), "style": style()}
    return render_template(
        "verify/offline_file.html",
        policy=_POLICY.format(**{name: _digest(text) for name, text in parts.items()}),
        given=Markup(json.dumps(_given(), ensure_ascii=False).replace("<", "\\u003c")),  # noqa: S704 - no tag is left
        both=_both,
        phrase=phrase,
        **{name: Markup(text) for name, text in parts.items()},  # noqa: S704 - our own files
    )


@cache
def script() -> str:
    """Return the modules as one script, each as it was written but for its imports and exports."""
    texts = [(SOURCES / f"{name}.js").read_text(encoding="utf-8") for name in MODULES]
    plain = [_IMPORT.sub("", text).replace("\nexport ", "\n") for text in texts]
    return '"use strict";\n' + "\n".join(plain)


@cache
def style() -> str:
    """Return the style sheet of the platform with the few rules of the file."""
    return assets()["gov.css"].decode() + "\n" + (SOURCES / "page.css").read_text(encoding="utf-8")


def _given() -> dict[str, object]:
    forms, lists = services().machine_forms, services().status_lists
    root = x509.load_pem_x509_certificate(forms.root_pem()).public_bytes(Encoding.DER)
    return {
        "root": b64encode(root).decode(),
        "claimsOid": CLAIMS_ATTRIBUTE_DER.hex(),
        "listedBy": AUTHORITY,
        "lists": [lists.token(number)[0] for number in range(lists.newest() + 1)],
        "words": words(forms.all_entries()),
    }


def _digest(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()


def _both(text: str) -> Markup:
    pair = '<span lang="zh-CN">{}</span><span lang="en">{}</span>'
    return Markup(pair).format(text, english().get(text, text))  # noqa: S704 - both are escaped
