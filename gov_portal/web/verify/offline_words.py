"""Say in two languages what the page for verifying without a network tells."""

from collections.abc import Iterable, Mapping

from gov_portal.licences.readable import Entry
from gov_portal.web.base.english import english
from gov_portal.web.base.text import phrase

_STATES = {
    "valid": ("ok", phrase("有效"), phrase("这份证照是真的，没有改动，在有效期内，名单上也没有撤销或换发它。")),
    "copy": (
        "warn",
        phrase("是真的加注件"),
        phrase("只能用在页面上红字写明的地方和日期内。持证人有没有撤回它，名单上没有，请联网核验。"),
    ),
    "revoked": ("error", phrase("已撤销"), phrase("这张证照已经撤销，不再有效。")),
    "superseded": ("warn", phrase("已换发"), phrase("这张证照已经换发了新的版本，请要求出示新证照。")),
    "expired": ("warn", phrase("已过期"), phrase("这张证照是真的，但有效期已过。")),
    "early": ("warn", phrase("还没有生效"), phrase("这张证照是真的，但还没到生效的日子。请看看这台设备的日期对不对。")),
    "unlisted": (
        "warn",
        phrase("是真的，不知道是不是还有效"),
        phrase("没有改动，也在有效期内，但手头没有管它的状态名单。请载入新的名单，或者联网核验。"),
    ),
    "sealed": (
        "ok",
        phrase("文书是真的"),
        phrase(
            "由下面的机关盖章，一个字节也没有改动。印章里没有写它是哪张证照：如果它是证照，请联网核验是不是还有效。"
        ),
    ),
    "altered": (
        "error",
        phrase("被改动过"),
        phrase("这份文件盖过我们的章，但之后被改动过，不能相信。请要求对方重新出示。"),
    ),
    "unknown": ("error", phrase("不认识"), phrase("这不是本平台签发的证照，或者不是原件。")),
}
_REASONS = {
    "why-large": phrase("文件太大，不可能是证照。"),
    "why-empty": phrase("什么也没有。请选择文件，或者粘贴证照的文字。"),
    "why-unsigned": phrase("这是没有签名的 JSON，谁都能写，不能核验。请要求对方给签名的版本（SD-JWT）或 PDF。"),
    "why-foreign": phrase("这不是本平台签发的证照，或者不完整。请要求对方出示下载的原件，不要截图，不要复印件。"),
    "why-no-seal": phrase("这份 PDF 没有我们的电子印章，不是本平台签发的，或者不是原件。请要求对方出示下载的 PDF。"),
    "why-lapsed": phrase("印章的证书不在有效期内，不能单凭它相信。请看看这台设备的日期对不对，或者联网核验。"),
    "fault-covers": phrase("印章没有盖住整个文件：盖章以后加了或者删了内容"),
    "fault-digest": phrase("文件的内容和盖章时不一样"),
    "fault-signature": phrase("签名和内容对不上"),
    "fault-disclosure": phrase("出示的内容里有签发机关没有签过的"),
    "fault-other": phrase("签名的外壳被改动过，或者不是我们写的样子"),
}
_REST = {
    "did-chain": phrase("✓ 签名的证书由本平台的根证书签发"),
    "did-whole": phrase("✓ 签名是真的，内容一个字节也没有改动"),
    "did-days": phrase("✓ 对照了有效期的头一天和最后一天"),
    "did-listed": phrase("✓ 在状态名单上查了它的位置"),
    "not-listed": phrase("✗ 没有查状态名单：手头没有管它的那一份"),
    "checked": phrase("查了什么"),
    "today": phrase("这台设备的日期是 {on}，有效期按它算。"),
    "list-age": phrase("状态名单做于 {on}，是 {days} 天前的；之后撤销和换发的，这里看不到。"),
    "list-old": phrase("状态名单做于 {on}，已经 {days} 天，太旧了。请载入新的名单，或者联网核验。"),
    "no-list": phrase("手头没有状态名单，查不到哪些证照已经撤销或换发。"),
    "bad-list": phrase("这不是本平台的状态名单，没有载入。"),
    "forever": phrase("长期有效"),
    "authority": phrase("签名的机关"),
    "name": phrase("证照"),
    "identifier": phrase("证照标识"),
    "number": phrase("证照编号"),
    "issued_on": phrase("签发日期"),
    "valid_until": phrase("有效期至"),
    "copy_until": phrase("加注件有效期至"),
}


def words(entries: Iterable[Entry]) -> Mapping[str, list[str]]:
    """Return every text as Chinese and English, that of a state after its tone."""
    found = {name: _both(text) for name, text in {**_REASONS, **_REST}.items()}
    for name, (tone, word, sentence) in _STATES.items():
        found |= {f"is-{name}": [tone, *_both(word)], f"so-{name}": _both(sentence)}
    for entry in entries:
        found[f"value-{entry.name}"] = _both(entry.label)
        found |= {f"value-{entry.name}-{member}": _both(label) for member, label in entry.labels.items()}
    return found


def _both(text: str) -> list[str]:
    return [text, english().get(text, text)]
