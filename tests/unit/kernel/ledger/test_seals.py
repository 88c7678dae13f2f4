from hashlib import sha256
from pathlib import Path

from gov_portal.kernel.ledger import FileAnchor, Head
from gov_portal.kernel.ledger.seals import leaf_hash, merkle_root


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def heads(count: int) -> list[Head]:
    return [Head(f"case:{number}", 1, bytes(32)) for number in range(count)]


def test_a_leaf_binds_stream_number_and_hash() -> None:
    expected = sha256(b"\x00" + b"\0\0\0\0\0\0\0\x06case:0" + b"\0\0\0\0\0\0\0\x01" + bytes(32)).digest()
    assert leaf_hash(heads(1)[0]) == expected


def test_the_root_is_that_of_rfc_6962_for_odd_counts_too() -> None:
    a, b, c, d, e = [leaf_hash(head) for head in heads(5)]
    assert merkle_root(heads(1)) == a
    assert merkle_root(heads(3)) == node(node(a, b), c)
    assert merkle_root(heads(5)) == node(node(node(a, b), node(c, d)), e)


def test_an_anchor_keeps_the_newest_seal(tmp_path: Path) -> None:
    anchor = FileAnchor(tmp_path / "ledger.anchor")
    assert anchor.latest() is None
    anchor.publish(2, b"two")
    anchor.publish(1, b"one")
    assert anchor.latest() == (2, b"two")
